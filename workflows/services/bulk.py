"""One act on many steps: each by itself, so that one that cannot be done stops no other."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from workflows.models import Step


@dataclass(frozen=True)
class Outcome:
    """What became of one step: done, or the sentence that says why not. Nothing is half done.

    `undo`: the act that brings back what was there, and what it is sent.
    """

    step: Step
    refused: str = ""
    undo: tuple[str, dict] | None = None

    @property
    def done(self):
        return not self.refused


def do_each(steps, act, values_for):
    """Run `act` on each step. values_for(step): its arguments; it may refuse, too."""
    return [_one(step, act, values_for) for step in steps]


def _one(step, act, values_for):
    try:
        with transaction.atomic():
            act(step, **values_for(step))
    except ValidationError as refusal:
        return Outcome(step, " ".join(refusal.messages))
    return Outcome(step)
