"""Worklists with a name: saved, shared with a clinic, one of them opening first."""

from urllib.parse import parse_qs

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Preferences
from clinical.pathways import pathways
from patients.models import clinics_for
from workflows import forms, look
from workflows.models import SavedView
from workflows.worklist import Filter
from workflows.worklist.filters import clinics_shown

MOST = 50


def views_of(user):
    """Her own, and those that somebody shared with one of her clinics."""
    shared = Q(clinic_id__in=clinics_for(user))
    return SavedView.objects.filter(Q(user=user) | shared).select_related("user")


def default_words(user):
    """The address words of the worklist that opens first, or nothing; read with the frame."""
    return user.wishes.opens_first


@require_http_methods(["GET", "POST"])
def views(request):
    """Beside the list, asked for once a page: views by name, and the rarer filters."""
    if request.method == "POST":
        return _save(request)
    chosen = Filter.from_query(request.GET)
    context = {
        "chosen": chosen,
        "query": chosen.words,
        "kept": chosen.kept_but("flag", "pathway", "clinician", "lab"),
        "views": [(view, is_current(view, chosen)) for view in views_of(request.user)],
        "first": default_words(request.user),
        "flags": [(code, label) for code, (label, _) in look.FLAGS.items()],
        "pathways": [(each.code, each.label) for each in pathways().values()],
        "clinicians": forms.colleagues_of(request.user, role="clinician"),
    }
    partial = "workflows/_worklist_more.html"
    return render(request, partial if request.htmx else "workflows/worklist_views.html", context)


def _save(request):
    """Keep the present filters under a name; the same name is overwritten."""
    chosen = Filter.from_query(QueryDict(request.POST.get("query", "").lstrip("?")))
    name = request.POST.get("name", "").strip()
    try:
        _check(request.user, name, chosen, request.POST.get("share"))
        _keep(request, name, chosen)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"View “{name}” saved.")
    return redirect(f"/worklist/?{chosen.words}")


def _check(user, name, chosen, share):
    if not name:
        raise ValidationError("Give the view a name.")
    SavedView(name=name[:61]).clean_fields(exclude=["user", "query", "clinic"])
    if share and chosen.q:
        raise ValidationError("A shared view cannot hold what you searched for: it may be a name.")
    if share and len(clinics_shown(user, chosen)) != 1:
        raise ValidationError("Choose one clinic in the list first: it is shared with its people.")
    if SavedView.objects.filter(user=user).count() >= MOST:
        raise ValidationError(f"You have {MOST} views; delete one first.")


@transaction.atomic
def _keep(request, name, chosen):
    shared = clinics_shown(request.user, chosen)[0] if request.POST.get("share") else None
    SavedView.objects.update_or_create(
        user=request.user, name=name, defaults={"query": chosen.words, "clinic_id": shared}
    )
    if request.POST.get("default") == "1":
        first = {"opens_first": chosen.words}
        Preferences.objects.update_or_create(user=request.user, defaults=first)


@require_POST
def delete(request, pk):
    found = get_object_or_404(SavedView, pk=pk, user=request.user)
    found.delete()
    mine = Preferences.objects.filter(user=request.user, opens_first=found.query)
    mine.update(opens_first="")
    messages.success(request, f"View “{found.name}” deleted.")
    return redirect("/worklist/?tab=open")


def is_current(view, chosen):
    """Whether the list shows this view now, whatever the order of its words."""
    return parse_qs(view.query) == parse_qs(chosen.words)
