"""One step: where it stands, why, what it found, everything that happened to it."""

from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import User
from audit.models import Event
from audit.services import record
from clinical.pathways import catalogue
from workflows.clocks import (
    act_of,
    clock_of_step,
    entered_late,
    rests_of,
    who_acted,
    with_opener,
    with_recorded,
)
from workflows.definitions import definition_of, doors_of
from workflows.expected import outlook_of
from workflows.models import Case, Step
from workflows.say import event_words
from workflows.standing import with_standing
from workflows.views.acts import PRIMARY, allowed, offered

EVENTS = 100


@require_GET
def step_page(request, pk):
    step = _step(request, pk)
    context = _context(request, step)
    return render(request, "workflows/step.html", context | _clock(context))


@require_GET
def peek(request, pk):
    """The same step beside the list, which stays where it is."""
    step = _step(request, pk)
    return render(request, "workflows/_peek.html", _context(request, step, events=6))


def _step(request, pk):
    found = Step.objects.for_user(request.user).select_related(
        "patient", "clinic", "case__clinician", "owner", "twin_of", "answered_by", "seen_by"
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
    happened = list(happened.select_related("actor").order_by("-at", "-id")[:events])
    acts = offered(leader, may)
    siblings = list(with_recorded(step.case.steps.all()))
    definition = definition_of(step)
    return {
        "step": step,
        "leader": leader,
        "patient": step.patient,
        "case": step.case,
        "doorway": _doorway(leader),
        "siblings": siblings,
        "definition": definition,
        "target_source": definition.target and catalogue().sources.get(definition.target.source),
        "next_act": acts[0] if acts and acts[0][0] in PRIMARY else None,
        "acts": [each for each in acts if each[0] not in PRIMARY] or [],
        "other_next": [each for each in acts[1:] if each[0] in PRIMARY],
        "may_record": "record" in may and _recordable(leader),
        "waits_for": [each for each in siblings if each.code in step.waits_for],
        "waiting": [each for each in siblings if step.code in each.waits_for],
        "happened": happened,
        "events": [event_words(event) for event in happened],
        "twins": [each for each in siblings if each.twin_of_id == leader.pk],
        "reminders": step.reminders.exclude(state="withdrawn")
        .select_related("recipient")
        .order_by("-due_at")[:20],
        "outlook": outlook_of([leader], timezone.localdate()).get(leader.pk),
        "offer": leader.offers.asked().select_related("to_user", "asked_by").first(),
        "today": timezone.localdate(),
    }


def _clock(context):
    """How long it took until this step, and from door to door. Queries: the case, people."""
    leader, steps = context["leader"], context["siblings"]
    case = with_opener(with_standing(Case.objects.filter(pk=leader.case_id)))
    case = case.select_related("clinic").get()
    acts = {
        door: event
        for door in doors_of(leader)
        if (event := act_of(door, leader, context["happened"]))
    }
    leader = next(each for each in steps if each.pk == leader.pk)  # as it was recorded
    names = who_acted(case, steps)
    stops = clock_of_step(leader, case, steps, names, acts)
    return {
        "clock": list(zip(stops, [None, *(stop.gap for stop in stops)], strict=False)),
        "entered_late": entered_late(leader, case),
        "rests": rests_of(case, context["today"]),
    }


def _recordable(step):
    return not step.ended and not step.reported_at and step.stage != "inactive"


def _doorway(step):
    """The doors of a step with their days: [(name, day or None, who, is next)]."""
    by = {door: getattr(step, f"{door}_by_id") for door in doors_of(step)}
    people = User.objects.in_bulk(set(by.values()) - {None}) if any(by.values()) else {}
    days = {"performed": step.performed_on, "reported": step.reported_on}
    return [
        {
            "door": door,
            "at": days.get(door.value) or getattr(step, f"{door}_at", None),
            "by": people.get(by[door]),
            "next": door == step.door,
        }
        for door in by
    ]
