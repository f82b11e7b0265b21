"""Conditions over facts: judged in three values, and put in a clinician's words."""

from clinical.conditions.logic import (
    OPERATORS,
    All,
    Any,
    Comparison,
    Condition,
    Facts,
    Judgement,
    Not,
    comparisons,
    known,
    parse,
    read,
)
from clinical.conditions.words import in_words

__all__ = [
    "OPERATORS",
    "All",
    "Any",
    "Comparison",
    "Condition",
    "Facts",
    "Judgement",
    "Not",
    "comparisons",
    "in_words",
    "known",
    "parse",
    "read",
]
