"""Conditions over facts, in three values: true, false, not yet known.

A condition is data, `{fact, op, value}` or a nesting of `all`, `any` and `not`; nothing is ever
executed. A comparison on a fact that nobody recorded is unknown, so neither `ne` nor `not` fires on
it; a rule that must fire before the fact is known says so with `missing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

OPERATORS = (
    "eq",
    "ne",
    "lt",
    "lte",
    "gt",
    "gte",
    "in",
    "not_in",
    "contains",
    "contains_any",
    "exists",
    "missing",
)
# these families always have a value; the engine fills in the real one
_DEFAULTS = {"dx": "not_considered", "step": "inactive", "pathway": "inactive"}
Facts: TypeAlias = Mapping[str, object]
Problem: TypeAlias = Callable[[str], None]


@dataclass(frozen=True)
class Judgement:
    """The truth, the facts that carry it, and (if it is open) the facts that would settle it."""

    truth: bool | None
    used: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """One fact against one value."""

    fact: str
    op: str
    value: object

    def judge(self, facts: Facts) -> Judgement:
        found = known(facts, self.fact)
        used = {} if found is None else {self.fact: found}
        if self.op in ("exists", "missing"):
            wanted = (found is not None) == (self.op == "exists")
            return Judgement(wanted == bool(self.value), used)
        truth = None if found is None else _compare(self.op, found, self.value)
        return Judgement(truth, used) if truth is not None else Judgement(None, {}, (self.fact,))


@dataclass(frozen=True)
class All:
    """True if every part is; false as soon as one part is."""

    parts: tuple[Condition, ...]

    def judge(self, facts: Facts) -> Judgement:
        return _combine([part.judge(facts) for part in self.parts], decisive=False)


@dataclass(frozen=True)
class Any:
    """True as soon as one part is; false if every part is."""

    parts: tuple[Condition, ...]

    def judge(self, facts: Facts) -> Judgement:
        return _combine([part.judge(facts) for part in self.parts], decisive=True)


@dataclass(frozen=True)
class Not:
    """The opposite; what is unknown stays unknown."""

    part: Condition

    def judge(self, facts: Facts) -> Judgement:
        inner = self.part.judge(facts)
        truth = None if inner.truth is None else not inner.truth
        return Judgement(truth, inner.used, inner.missing)


Condition: TypeAlias = Comparison | All | Any | Not


def known(facts: Facts, path: str) -> object | None:
    """The value of a fact; None where nobody established it (a stored `unknown` is no fact)."""
    value = facts.get(path)
    if value is None or value == "unknown":
        return _DEFAULTS.get(path.split(".", 1)[0])
    return value


def comparisons(condition: Condition) -> Iterator[Comparison]:
    """Every comparison inside a condition, left to right."""
    match condition:
        case Comparison():
            yield condition
        case Not(part):
            yield from comparisons(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from comparisons(part)


def parse(raw: object) -> Condition:
    """A condition from its data. Raises ValueError that lists everything wrong with its form."""
    problems: list[str] = []
    condition = read(raw, problems.append)
    if condition is None or problems:
        raise ValueError("; ".join(problems))
    return condition


def read(raw: object, problem: Problem) -> Condition | None:
    """As `parse`, but reports each problem and goes on; None where nothing could be read."""
    if not isinstance(raw, Mapping):
        problem(f"{raw!r} is no condition (expected {{fact, op, value}}, all, any or not)")
        return None
    if "fact" in raw:
        return _comparison(raw, problem)
    if len(raw) != 1 or next(iter(raw)) not in ("all", "any", "not"):
        keys = ", ".join(map(str, raw)) or "nothing"
        problem(f"found {keys} (expected fact, op, value or exactly one of all, any, not)")
        return None
    ((kind, inner),) = raw.items()
    if kind == "not":
        part = read(inner, problem)
        return None if part is None else Not(part)
    return _nested(kind, inner, problem)


def _nested(kind: str, inner: object, problem: Problem) -> Condition | None:
    if not isinstance(inner, list) or not inner:
        problem(f"{kind}: {inner!r} (expected a list with at least one condition)")
        return None
    parts = tuple(part for part in (read(raw, problem) for raw in inner) if part is not None)
    return All(parts) if kind == "all" else Any(parts)


def _comparison(raw: Mapping[str, object], problem: Problem) -> Condition | None:
    extra = sorted(set(map(str, raw)) - {"fact", "op", "value"})
    if extra or "op" not in raw or "value" not in raw:
        problem(f"{dict(raw)!r} (expected exactly fact, op and value)")
        return None
    path, op = raw["fact"], raw["op"]
    if not isinstance(path, str) or op not in OPERATORS:
        problem(f"unknown operator {op!r} on {path} (expected one of {', '.join(OPERATORS)})")
        return None
    value = raw["value"]
    return Comparison(path, str(op), tuple(value) if isinstance(value, list) else value)


def _combine(judged: list[Judgement], *, decisive: bool) -> Judgement:
    """Settled by the parts that are decisive; else open if any part is; else by all of them."""
    settled = [j for j in judged if j.truth is decisive]
    if settled:
        return Judgement(decisive, _merged(settled))
    open_ = [j for j in judged if j.truth is None]
    if open_:
        missing = dict.fromkeys(path for j in open_ for path in j.missing)
        return Judgement(None, _merged(judged), tuple(missing))
    return Judgement(not decisive, _merged(judged))


def _merged(judged: list[Judgement]) -> dict[str, object]:
    return {path: value for j in judged for path, value in j.used.items()}


def _compare(op: str, found: object, value: object) -> bool | None:
    """The comparison; None where the recorded value is of a kind that cannot be compared."""
    if op in ("lt", "lte", "gt", "gte"):
        return _compare_numbers(op, found, value)
    if op in ("contains", "contains_any"):
        if not isinstance(found, (list, tuple, set, frozenset)):
            return None
        wanted = value if isinstance(value, tuple) and op == "contains_any" else (value,)
        return any(one in found for one in wanted)
    options = value if isinstance(value, tuple) else (value,)
    if isinstance(found, (list, tuple, set, frozenset)):
        return None
    same = any(_equal(found, one) for one in options)
    return same if op in ("eq", "in") else not same


def _equal(found: object, one: object) -> bool:
    return found == one and isinstance(found, bool) == isinstance(one, bool)  # 1 is not true


def _compare_numbers(op: str, found: object, value: object) -> bool | None:
    numbers = (int, float)
    if not isinstance(found, numbers) or not isinstance(value, numbers) or isinstance(found, bool):
        return None
    if op == "lt":
        return found < value
    if op == "lte":
        return found <= value
    return found > value if op == "gt" else found >= value
