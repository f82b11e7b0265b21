"""Due dates: one for the next door of each open step."""

from __future__ import annotations

from datetime import date

from clinical.doors import Door, Stage
from clinical.engine.context import Context
from clinical.pathways import Catalogue, StepDef, catalogue
from clinical.pathways.kinds import REFERRAL, days_after
from clinical.vocabulary import vocabulary

_EMERGENCY = "emergency"
# the figures of `expected_turnaround_days` by modality; genetics, labs and biopsy say more below
_BY_MODALITY = {
    "mri": "mri_report",
    "emg": "emg_report",
    "respiratory": "emg_report",  # read by the same physiology laboratory
    "cardiac": "emg_report",
}
_GENOMES = ("wes", "wgs", "wgs_trio")
_PANELS = ("targeted_panel", "mtdna_sequencing", "mtdna_deletion")


def profile_of(context: Context, step: StepDef) -> str:
    """The urgency profile in force: the step's, a person's, or a more urgent one by a rule."""
    own = context.state(step.code).profile or step.profile
    by_rules = [action.profile for action in context.prioritised.get(step.code, {}).values()]
    return min([own, *by_rules], key=context.catalogue.urgency)


def cap_of(context: Context, step: StepDef) -> date | None:
    """The earliest day that a `prioritise` allows."""
    by_rules = context.prioritised.get(step.code, {}).values()
    caps = [days_after(context.snapshot.on, action.days) for action in by_rules]
    caps.append(context.state(step.code).due_cap)
    return min((cap for cap in caps if cap is not None), default=None)


def due_on(context: Context, step: StepDef, stage: Stage, door: Door | None) -> date | None:
    """The working day by which the next door should be passed.

    None only while the step waits for another one whose day nobody can tell: that one has a day.
    """
    if door is None:
        return None
    profile = profile_of(context, step)
    day = _day(context, step, stage, door, profile)
    if day is None and stage is not Stage.WAITING:
        day = _look_again_on(context, step, profile)
    if day is None or profile == _EMERGENCY:
        return day
    return context.snapshot.calendar.next_working(day)


def _day(context: Context, step: StepDef, stage: Stage, door: Door, profile: str) -> date | None:
    state = context.state(step.code)
    if stage is Stage.ON_HOLD:
        return _held_until(context, state.held_until)
    if door in (Door.ORDERED, Door.PERFORMED):
        days_ = [target_day(context, step), cap_of(context, step)]
        if door is Door.PERFORMED:
            days_.append(state.booked_on)  # who did not come is missed on the day after, not later
        return min((day for day in days_ if day is not None), default=None)
    if door is Door.REPORTED:
        return days_after(state.performed_on, turnaround_days(context, step, profile))
    since = state.reported_on if door is Door.REVIEWED else state.reviewed_on
    return days_after(since, context.catalogue.profiles[profile].ack_result_within_days)


def _look_again_on(context: Context, step: StepDef, profile: str) -> date | None:
    """Where nobody named a day: the pathway's aim, were all before it in time; else as often as

    the profile chases.
    """
    state = context.state(step.code)
    began = _began(context, step)
    acts = [state.ordered_on, state.booked_on, state.performed_on, state.reported_on]
    since = max((day for day in acts if day is not None), default=began)
    again = days_after(since, context.catalogue.profiles[profile].repeat_overdue_days)
    aim = _aimed_at(context, step, frozenset())
    return max((day for day in (aim, again) if day is not None), default=None)


def _aimed_at(context: Context, step: StepDef, seen: frozenset[str]) -> date | None:
    """The target day, counted from the aims of the steps before it where they are not done."""
    day = target_day(context, step)
    if day is not None or step.target is None or step.code in seen:
        return day
    before = context.steps.get(context.standing_in(step.target.origin))
    if before is None:
        return None
    return days_after(_aimed_at(context, before, seen | {step.code}), step.target.days)


def _held_until(context: Context, held: date | None) -> date | None:
    """The day on which a hold of a person, or a pause of the case, ends: the later of both."""
    pause = context.snapshot.pause
    ends = [held, pause.end if pause else None]
    return max((day for day in ends if day is not None and day > context.snapshot.on), default=None)


def target_day(context: Context, step: StepDef) -> date | None:
    """The day the pathway aims at; never before the step was asked for."""
    if step.target is None:
        return None
    origin = _origin_day(context, step, step.target.origin)
    day = _after_pauses(context, origin, days_after(origin, step.target.days))
    asked = context.activated_on(step.code) if step.conditional else None
    return max(day, asked) if day is not None and asked is not None else day


def _after_pauses(context: Context, origin: date | None, day: date | None) -> date | None:
    """The day, later by as long as the case's clock stood still between `origin` and it."""
    if origin is None or day is None:
        return None
    for pause in context.snapshot.pauses:
        if pause.start <= day and pause.end > origin:
            day += pause.end - max(pause.start, origin)
    return day


def _origin_day(context: Context, step: StepDef, origin: str) -> date | None:
    start = context.started.get(step.pathway)
    if origin == REFERRAL:
        return start or context.activated_on(step.code)
    if origin not in context.steps:
        return context.activated_on(step.code) or start
    origin = context.standing_in(origin)
    state = context.state(origin)
    if state.reviewed_on is not None or state.reported_on is not None:
        return (
            state.reviewed_on or state.reported_on
        )  # the next step may begin unread: so may its clock
    if state.ended == "answered":
        return state.ended_on
    if state.ended or not context.active(context.steps[origin]):
        return _began(context, step)
    return None


def _began(context: Context, step: StepDef) -> date | None:
    """The day the step was asked for: with its pathway or, a conditional one, by a rule."""
    start, asked = context.started.get(step.pathway), context.activated_on(step.code)
    return asked or start if step.conditional or start is None else start


def turnaround_days(context: Context, step: StepDef, profile: str) -> int:
    """Calendar days from the test to its report: what was agreed, else the usual ones."""
    agreed = context.state(step.code).expected_days
    if agreed is not None:
        return agreed
    return usual_days(step, profile, context.catalogue)


def usual_days(step: StepDef, profile: str, known: Catalogue | None = None) -> int:
    """Calendar days that the domain data gives for such a report; 0 where it names none."""
    kind = _turnaround_kind(step, urgent=profile in (_EMERGENCY, "urgent"))
    return (known or catalogue()).turnaround_days.get(kind, 0)


def _turnaround_kind(step: StepDef, *, urgent: bool) -> str:
    if step.modality == "labs":
        sent = any(_is_antibody(capture) for capture in step.expanded)
        return "antibody_send_out" if sent else "routine_bloods"
    if step.modality == "biopsy":
        more = any(capture.startswith("gen:") for capture in step.captures)
        return "muscle_biopsy_full" if more else "muscle_biopsy_routine"
    if step.modality == "genetics":
        return "genetics_rapid" if urgent else _genetics(step)
    return _BY_MODALITY.get(step.modality, "")


def _genetics(step: StepDef) -> str:
    tests = vocabulary().genetic_tests
    codes = (capture.removeprefix("gen:") for capture in step.captures)
    types = {tests[code].type for code in codes if code in tests}
    if types & set(_GENOMES):
        return "wgs"
    return "genetics_panel" if types & set(_PANELS) else "genetics_targeted"


def _is_antibody(capture: str) -> bool:
    code = capture.removeprefix("lab:")
    analyte = vocabulary().analytes.get(code)
    return code.endswith("_ab") or (analyte is not None and analyte.group in ("msa", "maa"))
