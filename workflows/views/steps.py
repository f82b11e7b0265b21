"""One step: where it stands, why, what it found, everything that happened to it."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.models import Event
from audit.services import record
from workflows.definitions import definition_of, doors_of
from workflows.expected import outlook_of
from workflows.models import Step
from workflows.say import event_words
from workflows.views.acts import PRIMARY, allowed, offered

EVENTS = 100


@require_GET
def step_page(request, pk):
    step = _step(request, pk)
    return render(request, "workflows/step.html", _context(request, step))


@require_GET
def peek(request, pk):
    """The same step beside the list, which stays where it is."""
    step = _step(request, pk)
    return render(request, "workflows/_peek.html", _context(request, step, events=6))


def _step(request, pk):
    found = Step.objects.for_user(request.user).select_related(
        "patient", "clinic", "case__clinician", "owner", "twin_of", "answered_by"
    )
    step = get_object_or_404(found, pk=pk)
    record(
        request.user,
        "step.view",
        clinic_id=step.clinic_id,
        patient_id=step.patient_id,
        case_id=step.case_id,
        step_id=step.pk,
    )
    return step


def _context(request, step, events=EVENTS):
    may = allowed(request.user, step.clinic_id)
    leader = step.twin_of or step
    happened = Event.objects.filter(step_id=leader.pk).exclude(verb__endswith=".view")
    acts = offered(leader, may)
    siblings = list(step.case.steps.all())
    return {
        "step": step,
        "leader": leader,
        "patient": step.patient,
        "case": step.case,
        "doorway": _doorway(leader),
        "definition": definition_of(step),
        "next_act": acts[0] if acts and acts[0][0] in PRIMARY else None,
        "acts": [each for each in acts if each[0] not in PRIMARY] or [],
        "other_next": [each for each in acts[1:] if each[0] in PRIMARY],
        "may_record": "record" in may and _recordable(leader),
        "waits_for": [each for each in siblings if each.code in step.waits_for],
        "waiting": [each for each in siblings if step.code in each.waits_for],
        "events": [event_words(event) for event in _with_actor(happened)[:events]],
        "twins": [each for each in siblings if each.twin_of_id == leader.pk],
        "reminders": step.reminders.exclude(state="withdrawn")
        .select_related("recipient")
        .order_by("-due_at")[:20],
        "outlook": outlook_of([leader], timezone.localdate()).get(leader.pk),
        "offer": leader.offers.asked().select_related("to_user", "asked_by").first(),
        "today": timezone.localdate(),
    }


def _with_actor(events):
    return events.select_related("actor").order_by("-at", "-id")


def _recordable(step):
    return not step.ended and not step.reported_at and step.stage != "inactive"


def _doorway(step):
    """The doors of a step with their days: [(name, day or None, who, is next)]."""
    days = {
        "ordered": (step.ordered_at, step.ordered_by),
        "performed": (step.performed_on, step.performed_by),
        "reported": (step.reported_at, step.reported_by),
        "reviewed": (step.reviewed_at, step.reviewed_by),
        "told": (step.told_at, step.told_by),
    }
    return [
        {"door": door, "at": days[door][0], "by": days[door][1], "next": door == step.door}
        for door in doors_of(step)
    ]
