"""Conditions in a clinician's words: "CK at least 5 × the upper limit, and age under 18 years"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from clinical.conditions.logic import All, Any, Comparison, Condition, Not
from clinical.vocabulary import FactType, Vocabulary, humanise, in_sentence, plain_unit

_OPPOSITE = {
    "eq": "ne",
    "ne": "eq",
    "lt": "gte",
    "gte": "lt",
    "gt": "lte",
    "lte": "gt",
    "in": "not_in",
    "not_in": "in",
    "exists": "missing",
    "missing": "exists",
}
_NUMERIC = {
    "lt": "below",
    "lte": "at most",
    "gt": "above",
    "gte": "at least",
    "eq": "=",
    "ne": "≠",
    "in": "is",
    "not_in": "is not",
}
_AGE = {"lt": "under", "gt": "over"}
_PARENTHESES = re.compile(r"\(.*\)")
Labels = Mapping[str, str]


def in_words(condition: Condition, vocabulary: Vocabulary, steps: Labels | None = None) -> str:
    """The condition as a phrase. `steps` has the labels of steps, for conditions about them."""
    return _Words(vocabulary, steps or {}).of(condition)


class _Words:
    def __init__(self, vocabulary: Vocabulary, steps: Labels) -> None:
        self.vocabulary = vocabulary
        self.steps = steps

    def of(self, condition: Condition, *, inner: bool = False, negated: bool = False) -> str:
        match condition:
            case Comparison():
                return self._comparison(condition, negated)
            case Not(part):
                return self.of(part, inner=inner, negated=not negated)
            case All(parts):
                return self._joined(parts, "or" if negated else "and", inner, negated)
            case Any(parts):
                return self._joined(parts, "and" if negated else "or", inner, negated)

    def _joined(self, parts: tuple[Condition, ...], word: str, inner: bool, negated: bool) -> str:
        phrases = [self.of(part, inner=True, negated=negated) for part in parts]
        if len(phrases) == 1:
            return phrases[0]
        if inner:
            return f"({_list(phrases, word)})"
        return f", {word} ".join(phrases)

    def _comparison(self, one: Comparison, negated: bool) -> str:
        fact = self._fact(one.fact)
        if one.op in ("contains", "contains_any"):
            verb = "does not include" if negated else "includes"
            return f"{fact.label} {verb} {_values(fact, one.value)}"
        op = _OPPOSITE[one.op] if negated else one.op
        if op in ("exists", "missing"):
            absent = (op == "missing") == bool(one.value)
            return f"{fact.label} {'not known' if absent else 'known'}"
        if fact.kind in ("int", "number"):
            return _number(fact, op, one.value)
        return _coded(fact, op, one.value)

    def _fact(self, path: str) -> FactType:
        family, _, code = path.partition(".")
        found = self.vocabulary.fact(path) or FactType(path, "text", label=humanise(code))
        if family in ("step", "pathway"):
            label = in_sentence(self.steps.get(code, humanise(code)))
            return FactType(path, found.kind, found.values, label, labels=found.labels)
        return found


def _list(phrases: list[str], word: str) -> str:
    """a, b and c; with a comma inside a phrase, phrases are set apart by semicolons."""
    if len(phrases) == 1:
        return phrases[0]
    if any("," in _PARENTHESES.sub("", phrase) for phrase in phrases):
        return f"{'; '.join(phrases[:-1])}; {word} {phrases[-1]}"
    return f"{', '.join(phrases[:-1])} {word} {phrases[-1]}"


def _values(fact: FactType, value: object, word: str = "or") -> str:
    values = value if isinstance(value, tuple) else (value,)
    return _list([_value(fact, one) for one in values], word)


def _value(fact: FactType, value: object) -> str:
    if isinstance(value, str):
        return in_sentence(fact.labels.get(value, humanise(value)))
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def _number(fact: FactType, op: str, value: object) -> str:
    age = _AGE.get(op) if fact.path == "pt.age_years" else None
    verb = age or _NUMERIC[op]
    unit = plain_unit(fact.unit)
    unit = unit.removesuffix("s") if value == 1 and unit in ("years", "weeks", "days") else unit
    return f"{fact.label} {verb} {_values(fact, value)} {unit}".rstrip()


def _coded(fact: FactType, op: str, value: object) -> str:
    positive = op in ("eq", "in")
    if fact.kind == "bool" and isinstance(value, bool):
        return fact.label if value == positive else f"no {fact.label}"
    if fact.kind == "tri_state" and value in ("present", "absent"):
        return fact.label if (value == "present") == positive else f"no {fact.label}"
    if fact.path.startswith("dx."):
        verb = "" if positive else "not "
    else:
        verb = "is " if positive else "is not "
    return f"{fact.label} {verb}{_values(fact, value)}"
