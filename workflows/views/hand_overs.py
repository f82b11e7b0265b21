"""Hand-overs: what I am asked to take, what came back to me, what I asked others."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Clinic
from audit.services import record
from patients.models import clinics_for
from workflows import forms, services
from workflows.models import Offer
from workflows.views.acts import add_refusal

SHOWN = 200


def offers_of(user):
    """(to answer, came back, asked of others): querysets, each in the clinics that she sees."""
    mine = Offer.objects.filter(clinic_id__in=clinics_for(user))
    mine = mine.select_related("case__patient", "step", "from_user", "to_user", "asked_by")
    mine = mine.prefetch_related("case__patient__identifiers")
    return (
        mine.asked().filter(to_user=user).order_by("until", "pk"),
        mine.returned().filter(from_user=user),
        mine.asked().filter(asked_by=user).exclude(to_user=user),
    )


@require_GET
def hand_overs(request):
    to_answer, returned, asked = offers_of(request.user)
    context = {
        "to_answer": list(to_answer[:SHOWN]),
        "returned": list(returned[:SHOWN]),
        "asked": list(asked[:SHOWN]),
        "leaving": _clinics(request.user),
    }
    record(request.user, "offers.view", shown=len(context["to_answer"]))
    return render(request, "workflows/hand_overs.html", context)


ANSWERS = {
    "accept": ("to_user", services.accept_offer, "Accepted: it is yours now."),
    "decline": ("to_user", services.decline_offer, "Declined: it stays where it was."),
    "withdraw": ("asked_by", services.withdraw_offer, "Withdrawn: nothing has moved."),
    "keep": ("from_user", services.notice_return, "Kept: it stays yours."),
}


@require_POST
def answer(request):
    """One answer for each ticked offer; what cannot be done says why, the rest is done."""
    if request.POST.get("answer") not in ANSWERS:
        raise Http404
    whose, do, done = ANSWERS[request.POST["answer"]]
    keys = [int(key) for key in request.POST.getlist("offer") if key.isdigit()]
    mine = Offer.objects.filter(clinic_id__in=clinics_for(request.user), **{whose: request.user})
    offers = list(mine.filter(pk__in=keys).select_related("step", "case"))
    more = {}
    if request.POST["answer"] == "decline":
        more["reason"] = request.POST.get("reason", "")
    refused = 0
    for each in offers:
        try:
            do(each, by=request.user, at=timezone.now(), **more)
        except ValidationError as refusal:
            refused += 1
            label = each.step.label if each.step else "A whole case"
            messages.error(request, f"{label}: {' '.join(refusal.messages)}")
    if not offers:
        messages.error(request, "Tick what your answer is for.")
    elif len(offers) > refused:
        words = done if len(offers) == 1 else f"{len(offers) - refused} × {done.lower()}"
        messages.success(request, words)
    return redirect("workflows:hand_overs")


def _clinics(user):
    return Clinic.objects.filter(pk__in=clinics_for(user, "coordinate")).order_by("name")


@require_http_methods(["GET", "POST"])
def hand_over_all(request, code):
    """A colleague leaves: her place in every case and every step that is hers by name."""
    clinic = get_object_or_404(_clinics(request.user), code=code)
    form = forms.HandOverAllForm(request.POST or None, clinic=clinic)
    if request.method == "POST" and form.is_valid():
        try:
            made, refused = services.offer_everything(
                clinic=clinic, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            for sentence in refused[:20]:
                messages.error(request, sentence)
            to = form.cleaned_data["to"].get_full_name()
            messages.success(request, f"{len(made)} hand-overs wait for the answer of {to}.")
            return redirect("workflows:hand_overs")
    context = {
        "form": form,
        "title": f"A colleague leaves {clinic.name}",
        "note": "Her place in every open case, with all that is to come, and every step that is "
        "hers by name. Nothing moves until it is accepted.",
        "button": "Ask",
        "back": reverse("workflows:hand_overs"),
    }
    return render(request, "workflows/plain_form.html", context)
