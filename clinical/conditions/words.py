"""Conditions in a clinician's words: "CK at least 5 × the upper limit, and age under 18 years".

What is long or nested is an outline instead, a line for each part, those of a part below it:

    all of:
    – any of:
      – CK at least 5 × the upper limit
      – enlarged calves
    – age under 18 years
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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
_COMMA = re.compile(",")
_JOINED = re.compile(r"[,;]| (?:and|or) ")
_LINE = 160  # characters that are read in one go
Labels = Mapping[str, str]


def in_words(condition: Condition, vocabulary: Vocabulary, steps: Labels | None = None) -> str:
    """The condition as a phrase or, where that is hard to read, as an outline of several lines.

    `steps` has the labels of steps, for conditions about them.
    """
    said = _Words(vocabulary, steps or {}).of(condition)
    return said if isinstance(said, str) else said.in_words()


@dataclass(frozen=True)
class _Group:
    """Phrases and groups of phrases that hold together (and) or one by one (or)."""

    word: str
    parts: tuple[str | _Group, ...]

    def in_words(self) -> str:
        line = f", {self.word} ".join(str(part) for part in self.parts)
        fits = self._depth() < 3 and len(line) <= _LINE
        return line if fits else "\n".join(self._outline())

    def __str__(self) -> str:
        return f"({self._list()})"

    def _list(self) -> str:
        return _list([str(part) for part in self.parts], self.word, _JOINED)

    def _depth(self) -> int:
        return 1 + max(0 if isinstance(part, str) else part._depth() for part in self.parts)

    def _outline(self, indent: str = "") -> Iterator[str]:
        yield "all of:" if self.word == "and" else "any of:"
        for part in self.parts:
            first, *below = [part] if isinstance(part, str) else part._below(indent)
            yield f"{indent}– {first}"
            yield from below

    def _below(self, indent: str) -> Iterator[str]:
        """As a part of an outline: in its line, or in lines of its own."""
        if all(isinstance(part, str) and not _JOINED.search(part) for part in self.parts):
            yield self._list()
        else:
            yield from self._outline(f"{indent}  ")


class _Words:
    def __init__(self, vocabulary: Vocabulary, steps: Labels) -> None:
        self.vocabulary = vocabulary
        self.steps = steps

    def of(self, condition: Condition, negated: bool = False) -> str | _Group:
        match condition:
            case Comparison():
                return self._comparison(condition, negated)
            case Not(part):
                return self.of(part, not negated)
            case All(parts):
                return self._group(parts, "or" if negated else "and", negated)
            case Any(parts):
                return self._group(parts, "and" if negated else "or", negated)

    def _group(self, parts: tuple[Condition, ...], word: str, negated: bool) -> str | _Group:
        """What is joined by the same word as the group that it is part of belongs to that one."""
        said: list[str | _Group] = []
        for part in parts:
            one = self.of(part, negated)
            same = isinstance(one, _Group) and one.word == word
            said += one.parts if isinstance(one, _Group) and same else [one]
        return said[0] if len(said) == 1 else _Group(word, tuple(said))

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


def _list(phrases: list[str], word: str, joint: re.Pattern[str] = _COMMA) -> str:
    """a, b and c; with a `joint` inside a phrase, phrases are set apart by semicolons."""
    if len(phrases) == 1:
        return phrases[0]
    if any(joint.search(_PARENTHESES.sub("", phrase)) for phrase in phrases):
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
