"""A step that a clinician asks for, whatever the pathways say: chosen from what they know."""

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import transaction

from clinical.engine import Door
from clinical.pathways import pathways, profiles
from workflows.definitions import key_of_captures
from workflows.models.step import ReviewOutcome
from workflows.services.doors import review
from workflows.services.exceptions import _free_code, add_step
from workflows.services.lock import lock_case

LONGEST_DAYS = 366


@lru_cache(maxsize=1)
def addable():
    """{code: definition} of every test of the pathways that is ordered, each test once."""
    found = {}
    for pathway in pathways().values():
        for step in pathway.steps:
            if Door.ORDERED in step.doors and step.captures:
                found.setdefault(key_of_captures(step.captures, step.doors), step)
    return {step.code: step for step in found.values()}


@transaction.atomic
def ask_for(case, what, *, urgency, days, by, at):
    """Add a step of the catalogue to a case, due `days` (calendar) from today.

    Raises ValidationError where it is open already, or where nothing of that name is known.
    """
    case = lock_case(case)
    definition = addable().get(what)
    if definition is None:
        raise ValidationError({"what": "Choose a step of the list."})
    if urgency not in profiles():
        raise ValidationError({"urgency": "Choose how urgent it is."})
    if not 0 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": f"Choose from 0 to {LONGEST_DAYS} days."})
    key = key_of_captures(definition.captures, definition.doors)
    if case.steps.filter(capture_key=key, is_open=True).exists():
        raise ValidationError({"what": f"{definition.label} is open in this case already."})
    return add_step(
        case,
        code=_code(case, what),
        label=definition.label,
        modality=definition.modality,
        captures=definition.captures,
        profile=urgency,
        days=days,
        by=by,
        at=at,
    )


def _code(case, what):
    code = f"add_{what}"
    return _free_code(case, code) if case.steps.filter(code=code).exists() else code


@transaction.atomic
def review_and_ask(step, *, outcome, note, what, days, by, at, on=None, version=None):
    """A review with what follows from it; where that is a new step, it is there at once."""
    if outcome == ReviewOutcome.STEPS and not (what or note):
        raise ValidationError({"what": "Choose the step that follows, or say below what does."})
    step = review(step, outcome=outcome, note=note, on=on, by=by, at=at, version=version)
    if what and outcome == ReviewOutcome.STEPS:
        ask_for(step.case, what, urgency=step.urgency, days=days, by=by, at=at)
    return step
