"""Stage, next door and owner of a step."""

from __future__ import annotations

from clinical.doors import STATUS, Door, Stage
from clinical.engine.context import Context
from clinical.engine.kinds import Owner, StepState
from clinical.pathways import StepDef

_ENDED = {
    "not_needed": Stage.NOT_NEEDED,
    "declined": Stage.DECLINED,
    "cancelled": Stage.CANCELLED,
    "failed": Stage.FAILED,
    "answered": Stage.DONE,
}
_AFTER_PERFORMED = {
    Door.REPORTED: Stage.AWAITING_RESULT,
    Door.REVIEWED: Stage.TO_REVIEW,
    Door.TOLD: Stage.TO_TELL,
}


def next_door(step: StepDef, state: StepState) -> Door | None:
    """The door after the last one passed; None once all are. An order nobody entered is past."""
    passed = [index for index, door in enumerate(step.doors) if state.passed(door)]
    following = passed[-1] + 1 if passed else 0
    return step.doors[following] if following < len(step.doors) else None


def stage_of(context: Context, step: StepDef) -> Stage:
    """Where the step stands. Raises KeyError for an ending that does not exist."""
    state = context.state(step.code)
    if state.ended:
        return _ENDED[state.ended]
    if not context.active(step):
        return Stage.INACTIVE
    door = next_door(step, state)
    if door is None:
        return Stage.DONE
    if state.held_until is not None and state.held_until > context.snapshot.on:
        return Stage.ON_HOLD
    if door in _AFTER_PERFORMED:
        return _AFTER_PERFORMED[door]
    return _before_performed(context, step, state, door)


def _before_performed(context: Context, step: StepDef, state: StepState, door: Door) -> Stage:
    if context.on_hold_by_rule(step.code) or context.is_paused(step):
        return Stage.ON_HOLD
    under_way = state.ordered_on is not None or state.booked_on is not None
    if not under_way and not state.released and context.unmet(step):
        return Stage.WAITING
    if door is Door.ORDERED:
        return Stage.TO_ORDER
    return Stage.TO_BOOK if state.booked_on is None else Stage.BOOKED


def status_of(step: StepDef, stage: Stage) -> str:
    """The stage in the words that rules use; what need not be ordered is ready until booked."""
    if stage is Stage.TO_BOOK and Door.ORDERED not in step.doors:
        return "ready"
    return STATUS[stage]


def owner_of(step: StepDef, state: StepState, door: Door | None) -> Owner:
    """Whose turn it is at this door."""
    if door is Door.REPORTED:
        return "coordinator"
    if door is Door.PERFORMED:
        by_clinician = Door.ORDERED not in step.doors and state.booked_on is not None
        return "clinician" if by_clinician else "coordinator"
    return "clinician"
