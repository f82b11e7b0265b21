"""The acts on one step. Each has a page of its own, so that it works without script, too."""

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from patients.models import MAY, clinics_for
from workflows import forms, services
from workflows.meanwhile import changes_since, last_change
from workflows.models import Step
from workflows.views import in_list


@dataclass(frozen=True)
class Act:
    """How an act is offered: who may, what it asks, what it does, its words."""

    may: str
    form: type
    do: object
    button: str
    title: str
    icon: str


ACTS = {
    "order": Act("decide", forms.OrderForm, services.order, "Order", "Order", "plus-circle"),
    "book": Act("coordinate", forms.BookForm, services.book, "Book", "Book", "calendar-plus"),
    "unbook": Act(
        "coordinate",
        forms.PlainForm,
        services.unbook,
        "Take it back",
        "Take the appointment back",
        "calendar-x",
    ),
    "unorder": Act(
        "decide",
        forms.PlainForm,
        services.unorder,
        "Take it back",
        "Take the order back",
        "arrow-counterclockwise",
    ),
    "chase": Act("coordinate", forms.PlainForm, services.chase, "Remind", "Remind now", "bell"),
    "acknowledge": Act(
        "coordinate",
        forms.PlainForm,
        services.acknowledge,
        "Seen",
        "I know of it (not done yet)",
        "eye",
    ),
    "note": Act("coordinate", forms.NoteForm, services.write_note, "Keep", "Note", "pencil"),
    "snooze": Act(
        "coordinate",
        forms.SnoozeForm,
        services.snooze,
        "Reminders rest",
        "Let its reminders rest",
        "alarm",
    ),
    "wake": Act(
        "coordinate", forms.PlainForm, services.wake, "Remind again", "Remind again", "bell"
    ),
    "perform": Act(
        "coordinate", forms.PerformForm, services.perform, "Done", "Test was done", "check2"
    ),
    "review": Act("decide", forms.ReviewForm, services.review_and_ask, "Reviewed", "Review", "eye"),
    "tell": Act("decide", forms.TellForm, services.tell, "Told", "Tell the patient", "chat-dots"),
    "not-reached": Act(
        "coordinate",
        forms.NotReachedForm,
        services.try_in_vain,
        "Not reached",
        "Tried, not reached",
        "telephone-x",
    ),
    "hold": Act("coordinate", forms.HoldForm, services.hold, "Hold", "Hold", "pause-circle"),
    "resume": Act(
        "coordinate", forms.PlainForm, services.resume, "Resume", "Resume", "play-circle"
    ),
    "release": Act(
        "decide", forms.ReasonForm, services.release, "Let it go on", "Release", "unlock"
    ),
    "decline": Act(
        "coordinate",
        forms.ReasonForm,
        services.decline,
        "Declined",
        "The patient declines",
        "hand-thumbs-down",
    ),
    "cancel": Act(
        "decide", forms.ReasonForm, services.cancel, "Cancel the step", "Cancel", "x-circle"
    ),
    "not-needed": Act(
        "decide",
        forms.ReasonForm,
        services.mark_not_needed,
        "Not needed",
        "Not needed",
        "slash-circle",
    ),
    "fail": Act(
        "coordinate",
        forms.ReasonForm,
        services.fail_and_repeat,
        "Failed, repeat",
        "Test or sample failed",
        "arrow-repeat",
    ),
    "offer": Act(
        "coordinate", forms.OfferForm, services.offer, "Ask", "Hand over", "arrow-left-right"
    ),
    "assign": Act(
        "coordinate", forms.AssignForm, services.assign, "Assign", "Assign", "person-check"
    ),
}


@require_http_methods(["GET", "POST"])
def act(request, pk, verb):
    """Ask for what the act needs; do it; go back to the step, or stay in the list it came from."""
    if verb == "next":
        return _next(request, pk)
    if verb not in ACTS:
        raise Http404
    chosen = ACTS[verb]
    step = _step(request, pk, chosen.may)
    undo = undo_of(verb, step)
    form = chosen.form(request.POST or None, step=step)
    changed = _changed(step, request.GET.get("seen", ""))
    if request.method == "POST" and form.is_valid():
        try:
            chosen.do(step, by=request.user, at=timezone.now(), **form.values())
        except ValidationError as refusal:
            if getattr(refusal, "code", "") == "stale":
                step = _step(request, pk, chosen.may)
                changed = changes_since(step, form.cleaned_data["version"])
                form = _again(request, chosen, step)
            add_refusal(form, refusal)
        else:
            return _done(request, step, verb, undo)
    context = {"step": step, "patient": step.patient, "form": form, "act": chosen}
    context |= {"verb": verb, "changed": changed}
    if in_list.asks(request):
        return in_list.page(request, context)
    status = 409 if changed and form.errors else 200
    return render(request, "workflows/act.html", context, status=status)


def _step(request, pk, may):
    found = Step.objects.for_user(request.user, may).select_related("clinic", "patient", "owner")
    return get_object_or_404(found, pk=pk)


def _changed(step, seen):
    """What others did since the reader's list was made, which says what it `seen`: a version."""
    return changes_since(step, int(seen)) if seen.isdecimal() and len(seen) < 9 else []


def _again(request, chosen, step):
    """All that was typed, for the step as it stands now."""
    data = request.POST.copy()
    data["version"] = step.version
    return chosen.form(data, step=step)


def _done(request, step, verb, undo):
    if in_list.asks(request):
        return in_list.done(request, step, undo)
    change = last_change(step)
    words = change["what"] if change else ACTS[verb].button
    messages.success(request, f"{step.label}: {words[:1].lower()}{words[1:]}.")
    return redirect("workflows:step", step.pk)


def _next(request, pk):
    """To the act of the step's next door, or to whatever the reader can do about it."""
    step = _step(request, pk, "see")
    words = [verb for verb, _ in offered(step, allowed(request.user, step.clinic_id))]
    verb = next((word for word in words if word in PRIMARY), "chase")
    if not words:
        return redirect("workflows:peek" if in_list.asks(request) else "workflows:step", pk)
    return redirect(f"{reverse('workflows:act', args=[pk, verb])}?{request.GET.urlencode()}")


def add_refusal(form, refusal):
    """Show a service's refusal beside its field, or on top where the form has no such field."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        name = getattr(form, "asked_as", {}).get(name, name)
        form.add_error(name if name in form.fields else None, errors)


def undo_of(verb, before):
    """(act, what it is sent) that brings back what `before`, the step, says; None: no way back.

    An undo is an act like any other, on record beside what it undoes.
    """
    if verb == "assign":
        return verb, {"to": before.assigned_to_id or ""}
    if verb == "book" and before.booked_for:
        at = before.booked_for.astimezone(ZoneInfo(before.clinic.time_zone))
        return verb, {
            "day": f"{at:%Y-%m-%d}",
            "hour": f"{at:%H:%M}" if at.time() != time(0) else "",
        }
    if verb == "hold" and before.held_until:
        return verb, {"until": before.held_until.isoformat(), "reason": before.hold_reason}
    if verb == "snooze" and before.snoozed_until:
        return verb, {"until": before.snoozed_until.isoformat(), "reason": before.snooze_reason}
    return (UNDO[verb], {}) if verb in UNDO else None


def offered(step, may):
    """Acts that fit the step now, the next one first. may: what the reader's role allows."""
    words = NEXT.get(step.stage, [])
    if step.is_open:
        words = [*words, *(["wake"] if step.snoozed_until else []), *ALWAYS]
    if not step.ordered_at:
        words = [word for word in words if word != "unorder"]
    return [(verb, ACTS[verb]) for verb in words if ACTS[verb].may in may]


def allowed(user, clinic_id):
    """What the user's role lets her do in this clinic."""
    return {may for may in MAY if clinic_id in clinics_for(user, may)}


PRIMARY = {"order", "book", "perform", "review", "tell", "not-reached", "resume"}
UNDO = {"order": "unorder", "book": "unbook", "hold": "resume", "snooze": "wake"}
NEXT = {
    "to_order": ["order", "not-needed"],
    "to_book": ["book", "perform", "unorder", "not-needed"],
    "booked": ["perform", "book", "unbook"],
    "awaiting_result": ["fail"],
    "to_review": ["review"],
    "to_tell": ["tell", "not-reached"],
    "on_hold": ["resume", "release"],
    "waiting": ["release", "not-needed"],
    "inactive": ["not-needed"],
}
ALWAYS = ["note", "acknowledge", "snooze", "chase", "offer", "assign", "hold", "decline", "cancel"]
