"""One act on the ticked rows of a list: ask, show what will change, do it, say what became of each.

Works without script: the list is a form, each of its buttons leads here.
"""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from audit.services import record
from patients.models import MAY, clinics_for
from workflows import forms, services
from workflows.models import Step
from workflows.services.bulk import Outcome, do_each
from workflows.services.lock import STALE, refuse_if_ended
from workflows.templatetags import nt
from workflows.views.acts import ACTS, Act, undo_of

MOST = 200
NO_UNDO = {  # said where there is no way back, or another one
    "chase": "There is no undo: a reminder that has gone out cannot be called back.",
    "letter": "There is no undo: who was told knows it. A report that was wrong is corrected, "
    "and its review and telling begin again.",
    "offer": "Nothing has moved yet. Until they are answered you take them back under",
}


def _check_normal(step):
    if step.stage == "to_tell" and step.flag != "normal":
        raise ValidationError("This result is not normal: tell the patient in person.")


def _tell_normal(step, *, how, on, by, at, version):
    """By letter to many: only what was found normal."""
    _check_normal(step)
    services.tell(step, how=how, on=on, by=by, at=at, version=version)


BULK = {verb: ACTS[verb] for verb in ("order", "book", "hold", "snooze", "assign", "offer")} | {
    "chase": Act(
        "coordinate", forms.PlainForm, services.chase, "Remind now", "Remind the owners", "bell"
    ),
    "letter": Act(
        "decide", forms.LetterForm, _tell_normal, "Told by letter", "Normal results", "envelope"
    ),
}

CHECKS = {  # what can be said of a row before it is known what is asked for
    "order": services.check_orderable,
    "book": services.check_bookable,
    "letter": _check_normal,
}


@require_http_methods(["GET", "POST"])
def bulk(request, verb):
    """The first time asks (`go` is not sent); the second time does."""
    if request.method == "GET":  # an address opened again brings no ticks along
        return redirect("workflows:worklist")
    steps, shown = _ticked(request)
    if verb == "print":
        return _printed(request, steps)
    if verb not in BULK:
        raise Http404
    act = BULK[verb]
    record(request.user, "worklist.bulk", shown=len(steps), act=verb)
    may = set(clinics_for(request.user, act.may))
    asked = next((step for step in steps if step.clinic_id in may), None)
    sent = request.POST if "go" in request.POST else None
    form = act.form(sent, step=asked) if asked else None
    for field in list(form.fields.values())[1:2] if form else []:  # after the version
        field.widget.attrs["autofocus"] = True
    context = {"act": act, "verb": verb, "form": form, "back": _back(request)}
    if form is None or not form.is_valid():
        rows = [(step, _warn(verb, step, may, shown)) for step in steps]
        context["rows"] = [_row(verb, step, shown, warning) for step, warning in rows]
        context["n_can"] = sum(not warning for _, warning in rows)
        return render(request, "workflows/bulk.html", context)
    outcomes = _outcomes(request.user, verb, form, steps, shown, may)
    context["outcomes"] = outcomes
    context["n_done"] = sum(each.done for each in outcomes)
    if not context["n_done"]:  # what was typed stays, and so do the ticks
        context["rows"] = [_row(verb, each.step, shown, each.refused) for each in outcomes]
        return render(request, "workflows/bulk.html", context)
    context["no_undo"] = NO_UNDO.get(verb)
    return render(request, "workflows/bulk_done.html", context)


def _ticked(request):
    """(steps in the order of the list, {key: version that was shown}); what she cannot see is not

    there, as if it did not exist.
    """
    shown = {}
    for text in request.POST.getlist("step")[:MOST]:
        key, _, version = text.partition(":")
        if key.isdigit() and version.isdigit() and len(key) < 18 and len(version) < 9:
            shown[int(key)] = int(version)
    found = Step.objects.for_user(request.user).filter(pk__in=shown)
    found = found.select_related("patient", "clinic", "owner")
    found = found.prefetch_related("patient__identifiers").order_by("sort_on", "pk")
    return list(found), shown


def _back(request):
    """The list as it was: its words, never another site."""
    return "?" + request.POST.get("back", "").lstrip("?")[:600]


def _warn(verb, step, may, shown):
    """Why nothing can come of a row, said before anything is done."""
    if step.clinic_id not in may:
        return "Your role in its clinic does not allow this."
    if step.version != shown[step.pk]:
        return "Somebody has changed this step meanwhile."
    try:
        CHECKS.get(verb, refuse_if_ended)(step)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


def _row(verb, step, shown, warning):
    """(step, version, why nothing can come of it, what it would replace)."""
    replaced = ""
    if verb == "book" and step.booked_for:
        replaced = f"moves the appointment of {nt.moment(step.booked_for)}"
    if verb == "hold" and step.held_until:
        replaced = f"on hold until {nt.day(step.held_until)} already: {step.hold_reason}"
    if verb == "snooze" and step.snoozed_until and step.snoozed_until > timezone.localdate():
        replaced = f"rests until {nt.day(step.snoozed_until)} already: {step.snooze_reason}"
    return step, shown[step.pk], warning, replaced


def _outcomes(user, verb, form, steps, shown, may):
    at, act = timezone.now(), BULK[verb]

    def values_for(step):
        form.step = step  # a booking is a time of its clinic's clock
        return form.values() | {"version": shown[step.pk], "by": user, "at": at}

    allowed = [step for step in steps if step.clinic_id in may]
    undo = {step.pk: undo_of(verb, step) for step in allowed}
    outcomes = do_each(allowed, act.do, values_for)
    outcomes = [replace(_in_short(each), undo=undo[each.step.pk]) for each in outcomes]
    refused = [
        Outcome(step, "Your role in its clinic does not allow this.")
        for step in steps
        if step.clinic_id not in may
    ]
    for each in outcomes:
        each.step.refresh_from_db()
    return outcomes + refused


def _in_short(outcome):
    if outcome.refused == STALE:
        return Outcome(outcome.step, "Somebody changed this step meanwhile; look at it first.")
    return outcome


def _printed(request, steps):
    record(request.user, "worklist.print", shown=len(steps))
    context = {"steps": steps, "today": timezone.localdate(), "back": _back(request)}
    return render(request, "workflows/bulk_print.html", context)


def offered_in_bulk(user):
    """The acts that a user's roles allow somewhere: ((verb, Act), ...)."""
    may = {word for word in MAY if clinics_for(user, word)}
    return tuple((verb, act) for verb, act in BULK.items() if act.may in may)
