"""A report that has to be looked at again on a day: one open step holds that day."""

from dataclasses import dataclass
from datetime import date

from workflows.clock import local_day
from workflows.definitions import key_of_captures
from workflows.models import Step
from workflows.models.step import Ended

NOTHING_LEFT = "Nothing in the report is left to look at again"


@dataclass(frozen=True)
class FollowUp:
    """The step that a report asks for. due_on None: nothing is left, an open one ends."""

    code: str
    label: str
    captures: tuple[str, ...]
    due_on: date | None


def put_follow_up(asked, case, steps, *, by, at):
    """([steps changed, unwritten], columns) among the locked `steps` of a case; a new one joins

    them. Part of the act that saves the report.
    """
    known = [step for step in steps if step.code.split(".")[0] == asked.code]
    waiting = next((step for step in known if step.is_open), None)
    if waiting is None:
        if asked.due_on:
            steps.append(_new(asked, case, taken={step.code for step in known}, at=at))
        return [], []
    waiting.version += 1
    if asked.due_on is None:
        waiting.ended, waiting.ended_at, waiting.ended_by = Ended.NOT_NEEDED, at, by
        waiting.ended_reason = NOTHING_LEFT
        return [waiting], ["ended", "ended_at", "ended_by", "ended_reason", "version"]
    days = (asked.due_on - waiting.activated_on).days
    waiting.definition, waiting.label = waiting.definition | {"days": days}, asked.label
    return [waiting], ["definition", "label", "version"]


def _new(asked, case, *, taken, at):
    free = (f"{asked.code}.{n}" for n in range(2, 1000))
    today = local_day(at, case.clinic)
    return Step.objects.create(
        clinic_id=case.clinic_id,
        case=case,
        patient_id=case.patient_id,
        code=next(code for code in free if code not in taken) if taken else asked.code,
        modality="other",
        label=asked.label,
        captures=list(asked.captures),
        capture_key=key_of_captures(asked.captures),
        definition={"days": (asked.due_on - today).days, "profile": "routine"},
        activated_on=today,
    )
