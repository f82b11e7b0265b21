"""What stands against a procedure, from the facts of the case: there, not there, or not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clinical.vocabulary import humanise, vocabulary
from clinical.vocabulary.threshold import Blocker

UNKNOWN, NONE = "unknown", "none"


@dataclass(frozen=True)
class Answer:
    """is_there: True, False, or None where nobody established it."""

    label: str
    is_there: bool | None
    value: str = ""


def blockers_of(procedure: str, facts: Mapping[str, object]) -> list[Answer]:
    """Each blocker that the vocabulary names for the procedure (code of other_tests)."""
    return [_answer(each, facts) for each in vocabulary().other_tests[procedure].blockers]


def _answer(blocker: Blocker, facts: Mapping[str, object]) -> Answer:
    value = facts.get(blocker.fact)
    if value is None or value == UNKNOWN:
        return Answer(blocker.label, None)
    told = humanise(value) if isinstance(value, str) and value != NONE else ""
    return Answer(blocker.label, value in blocker.values, told)
