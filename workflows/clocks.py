"""The clock of a case and of a step: its stops, the days between them, where each comes from.

Effective time is when something happened, recorded time when it was entered; where both are known
and differ, a stop says so. A pause of a case stops the clock of what has not been begun, as it does
for due days: what has been done is still reported, reviewed and told, and that time runs on.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from clinical import clocks
from clinical.engine import Door
from patients.partial import PartialDate, of_day
from workflows.clock import calendar_of, day_passed, local_day
from workflows.definitions import doors_of
from workflows.facts import onset_of, sources_of
from workflows.look import DOORS
from workflows.standing import pauses_of

ONSET, REFERRAL, SEEN = "First symptom", "Referral", "First seen"
MEETING = ("history", "exam")  # modalities for which the patient was seen
RUNS_ON = (Door.REPORTED, Door.REVIEWED, Door.TOLD)  # also while the case is paused
ACTS = {
    Door.ORDERED: "order",
    Door.PERFORMED: "perform",
    Door.REPORTED: "report",
    Door.REVIEWED: "review",
    Door.TOLD: "tell",
}
BACKDATED = (Door.ORDERED, Door.REVIEWED, Door.TOLD)  # their act may name an earlier day
DAYS_PER_MONTH, DAYS_PER_YEAR = 30.4375, 365.25
FEW_DAYS, MANY_MONTHS = 100, 24
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Gap:
    """The time from one stop to the next, in words; `about` where the days are many."""

    days: str
    about: str = ""
    working: str = ""
    paused: str = ""


@dataclass(frozen=True)
class Stop:
    """`href` leads to the act or the date it comes from. `rests`: a pause stops the time to it."""

    label: str
    when: PartialDate
    said: str = ""  # in the words of the patient
    href: str = ""
    recorded: str = ""  # how much later it was entered, and by whom
    rests: bool = True
    gap: Gap | None = None  # to the next stop


def with_recorded(steps):
    """Steps with `recorded_at`: when the day of the test was entered, by `performed_by`."""
    entered = Event.objects.filter(
        step_id=OuterRef("pk"), verb__in=("step.perform", "step.report")
    ).order_by("id")
    return steps.annotate(recorded_at=Subquery(entered.values("at")[:1]))


def with_opener(cases):
    """Cases with `opened_by_id`, who took the referral on."""
    opened = Event.objects.filter(case_id=OuterRef("pk"), verb="case.open").order_by("id")
    return cases.annotate(opened_by_id=Subquery(opened.values("actor_id")[:1]))


def who_acted(case, steps):
    """{key of a person: name} of all who acted, in one query. The case as `with_opener`."""
    by = [f"{door}_by_id" for door in DOORS] + ["ended_by_id"]
    keys = {getattr(step, column) for step in steps for column in by} | {case.opened_by_id}
    people = User.objects.filter(pk__in=keys - {None})
    return {person.pk: person.get_full_name() for person in people}


def recorded_later(on, at, clinic, who=""):
    """ "recorded 3 d later by Noor Hendriks", or "" for what was entered on its day."""
    late = (local_day(at, clinic) - on).days if at else 0
    if late <= 0:
        return ""
    return f"recorded {number(late)} d later" + (f" by {who}" if who else "")


def beginning(case, steps, names):
    """The stops that all steps of a case share; the first symptom leads, known or not.

    `steps` as `with_recorded`, the case as `with_opener`, or both as `charted`.
    """
    chart = reverse("workflows:case", args=[case.pk])
    told = sources_of(steps).get("hx.onset_date")
    yield Stop(ONSET, onset_of(case), case.onset_text, step_page(told) or f"{chart}#h-ref")
    opener = names.get(getattr(case, "opened_by_id", None), "")
    later = recorded_later(case.referral_on, case.opened_at, case.clinic, opener)
    yield Stop(REFERRAL, of_day(case.referral_on), href=f"{chart}#h-ref", recorded=later)
    met = [s for s in steps if s.performed_on and s.modality in MEETING and not s.twin_of_id]
    if met:
        yield performed(min(met, key=lambda step: step.performed_on), SEEN, case, names)


def performed(step, label, case, names, href=""):
    """When a step was done; the day was entered when `recorded_at` says."""
    later = recorded_later(
        step.performed_on,
        getattr(step, "recorded_at", None),
        case.clinic,
        names.get(step.performed_by_id, ""),
    )
    return Stop(label, of_day(step.performed_on), href=href or step_page(step), recorded=later)


def step_page(step):
    return reverse("workflows:step", args=[step.pk]) if step else ""


def clock_of_step(step, case, steps, names, acts):
    """Stops from the first symptom to the last door passed, and to today while the step is open.

    `acts`: {door: the event that passed it}, shown below the clock. An order that was entered only
    with the report says nothing of its day, and is no stop.
    """
    stops = [*beginning(case, steps, names)]
    for door in doors_of(step):
        event = acts.get(door)
        href = f"#act-{event.pk}" if event else ""
        if door is Door.PERFORMED and step.performed_on:
            stops.append(performed(step, DOORS[door][0], case, names, href))
        elif door is not Door.PERFORMED and (on := day_passed(step, door, case.clinic)):
            later = _entered(on, event, case.clinic)
            rests = door not in RUNS_ON
            stops.append(Stop(DOORS[door][0], of_day(on), "", href, later, rests))
    if entered_late(step, case):
        stops = [stop for stop in stops if stop.label != DOORS[Door.ORDERED][0]]
    if step.is_open:
        rests = step.door not in RUNS_ON
        stops.append(Stop("Today", of_day(timezone.localdate()), rests=rests))
    return in_order(stops, case)


def _entered(on, event, clinic):
    if event is None:
        return ""
    return recorded_later(on, event.at, clinic, event.actor.get_full_name() if event.actor else "")


def act_of(door, step, events):
    """The event that passed a door, among those shown of the step, the newest first; or None.

    A report may have passed earlier doors with its own; the day of the test counts as entered by
    the first act that named one.
    """
    verbs = (f"step.{ACTS[door]}", "step.report")
    found = [event for event in events if event.verb in verbs]
    if door is Door.PERFORMED:
        return found[-1] if found else None
    at = getattr(step, f"{door}_at")
    own = (event for event in found if event.verb == verbs[0])
    of_another_day = next(own, None) if door in BACKDATED and at else None
    return next((event for event in found if event.at == at), of_another_day)


def entered_late(step, case):
    """Was the order entered only after the test was done? Then its own day is not known."""
    ordered = step.ordered_at and local_day(step.ordered_at, case.clinic)
    return bool(ordered and step.performed_on and ordered > step.performed_on)


def rests_of(case, today):
    """The pauses of a case that have begun, as words need them: first and last day, why."""
    return [
        {"start": each.start, "last": each.end - DAY, "why": each.why}
        for each in pauses_of(case)
        if each.start < each.end and each.start <= today
    ]


def in_order(stops, case):
    """Stops in the order of their days, each with the time to the next; unknown ones lead."""
    known = sorted((stop for stop in stops if stop.when.on), key=lambda stop: stop.when.on)
    stops = [stop for stop in stops if not stop.when.on] + known
    calendar, rests = calendar_of(case.clinic), pauses_of(case)

    def gap(one, other):
        if one.when.on is None:
            return Gap("time not known")
        return gap_of(*between(one.when, other.when, calendar, rests if other.rests else ()))

    return [replace(one, gap=gap(one, two)) for one, two in pairwise(stops)] + stops[-1:]


def between(start, end, calendar, rests=()):
    """(shortest, longest) from one partial date to another."""
    return clocks.between((start.on, start.last), (end.on, end.last), calendar, rests)


def gap_of(low, high):
    paused = f"{spoken(low.paused, high.paused)} d paused" if high.paused else ""
    days = f"{spoken(low.calendar, high.calendar)} d"
    working = spoken(low.working, high.working)
    return Gap(days, _about(low.calendar, high.calendar), working, paused)


def _about(low, high):
    """Many days as months or years, rounded; "" for fewer than a hundred."""
    if high < FEW_DAYS:
        return ""
    months = round(low / DAYS_PER_MONTH), round(high / DAYS_PER_MONTH)
    if months[1] < MANY_MONTHS:
        return f"{spoken(*months)} months"
    return f"{spoken(round(low / DAYS_PER_YEAR), round(high / DAYS_PER_YEAR))} years"


def spoken(low, high):
    """A range of numbers, or one: "2–3", "1 234"."""
    return number(high) if low == high else f"{number(low)}–{number(high)}"


def number(n):
    return f"{n:,}".replace(",", "\u2009")
