"""What published criteria say of incomplete knowledge.

A criterion is a plain function of complete inputs. Unknown is not false: it is asked for every way
in which the unknown inputs could turn out. Where all give one category, that one is decided and no
later finding can move it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

INSUFFICIENT = "insufficient_data"
YES_NO = (False, True)

Inputs = Mapping[str, object]
Domains = Mapping[str, Sequence[object]]


@dataclass(frozen=True)
class Verdict:
    """A category of a criterion. at_least: an open input could still raise it.

    missing: the inputs that would settle it. notes: cautions to show beside it.
    """

    category: str
    at_least: bool = False
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_decided(self) -> bool:
        return not self.at_least and self.category != INSUFFICIENT


def decide(judge: Callable[..., str], inputs: Inputs, domains: Domains | None = None) -> Verdict:
    """The category that `judge(**inputs)` gives however the inputs that are None turn out.

    domains: what an input may be where that is not yes or no, {"attacks": (0, 1, 2)}.
    """
    outcomes, unknown = _outcomes(judge, inputs, domains or {})
    reached = set(outcomes)
    if len(reached) == 1:
        return Verdict(reached.pop())
    return Verdict(INSUFFICIENT, missing=_decisive(outcomes, unknown))


def grade(
    judge: Callable[..., str],
    inputs: Inputs,
    ladder: Sequence[str],
    domains: Domains | None = None,
) -> Verdict:
    """The best grade that is certain. ladder: all grades, the best first, "none reached" last."""
    outcomes, unknown = _outcomes(judge, inputs, domains or {})
    best = min(ladder.index(outcome) for outcome in outcomes)
    certain = max(ladder.index(outcome) for outcome in outcomes)
    if best == certain:
        return Verdict(ladder[certain])
    missing = _decisive(outcomes, unknown)
    if certain == len(ladder) - 1:
        return Verdict(INSUFFICIENT, missing=missing)
    return Verdict(ladder[certain], at_least=True, missing=missing)


def either(one: bool | None, other: bool | None) -> bool | None:
    """One or the other, in three values."""
    if one or other:
        return True
    return False if one is False and other is False else None


def _outcomes(
    judge: Callable[..., str], inputs: Inputs, domains: Domains
) -> tuple[list[str], dict[str, Sequence[object]]]:
    """The category of each way the unknown could turn out, and what each of them may be."""
    known = {name: value for name, value in inputs.items() if value is not None}
    unknown = {name: domains.get(name, YES_NO) for name in inputs if name not in known}
    return [
        judge(**known, **dict(zip(unknown, guess, strict=True)))
        for guess in product(*unknown.values())
    ], unknown


def _decisive(outcomes: list[str], unknown: dict[str, Sequence[object]]) -> tuple[str, ...]:
    """The unknown inputs that alone move the category in at least one case.

    The last of them turns fastest: each turns in blocks, a stretch of outcomes for each value.
    """
    found, stretch = [], 1
    for name, values in reversed(unknown.items()):
        block = stretch * len(values)
        if any(
            outcomes[start : start + block] != outcomes[start : start + stretch] * len(values)
            for start in range(0, len(outcomes), block)
        ):
            found.append(name)
        stretch = block
    return tuple(reversed(found))
