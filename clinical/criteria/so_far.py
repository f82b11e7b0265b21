"""A published criterion held to the facts of a case: its verdict, and each input with its facts.

A hint for whoever decides: nothing is stored, and an input that no fact gives stays unknown. What
only a person can judge (nothing explains it better) is left to her: the verdict that would follow
if she affirms it stands beside the one that is certain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clinical.criteria.verdict import INSUFFICIENT, Verdict
from clinical.vocabulary import humanise, in_sentence

Facts = Mapping[str, object]
Values = Mapping[str, object]
Read = Callable[[Facts], object]


def nothing(facts: Facts) -> None:
    """No fact gives it."""


def truth(value: object) -> bool | None:
    """Of signs by region: one of them is enough, all have to be absent."""
    if isinstance(value, Mapping):
        if any(value.values()):
            return True
        return False if value and None not in value.values() else None
    return bool(value)


@dataclass(frozen=True)
class Input:
    """One thing that a criterion asks for.

    paths: the facts it rests on. names: what the criterion calls it where it names what is missing;
    else `name`. met: whether a known value speaks for the criterion. assumed: the value under which
    the criterion goes on, for an input that a person judges.
    """

    name: str
    label: str
    paths: tuple[str, ...] = ()
    read: Read = nothing
    names: tuple[str, ...] = ()
    met: Callable[..., bool | None] = truth
    assumed: object = None


@dataclass(frozen=True)
class Criterion:
    """A criterion with its inputs. pathway: the one that asks for it."""

    code: str
    pathway: str
    source: str
    inputs: tuple[Input, ...]
    judge: Callable[[Values], Verdict]


@dataclass(frozen=True)
class Part:
    """An input on this case. met: True, False, or None where it is not known.

    settles: what is open of it could move the verdict. judged: a person says it, no test does.
    """

    label: str
    met: bool | None
    paths: tuple[str, ...]
    settles: bool
    judged: bool


@dataclass(frozen=True)
class SoFar:
    """category: the certain verdict in words. on_judgement: what it would be if all that is left
    to a person were affirmed; "" where that changes nothing."""

    criterion: Criterion
    verdict: Verdict
    category: str
    on_judgement: str
    parts: tuple[Part, ...]

    @property
    def judgements(self) -> list[str]:
        return [in_sentence(part.label) for part in self.parts if part.judged]

    @property
    def would_settle(self) -> list[str]:
        settling = [part for part in self.parts if part.settles and not part.judged]
        return [in_sentence(part.label) for part in settling]


def hold(criterion: Criterion, facts: Facts) -> SoFar:
    """The criterion on these facts."""
    values = {each.name: each.read(facts) for each in criterion.inputs}
    verdict = criterion.judge(values)
    affirmed = values | {
        each.name: each.assumed for each in criterion.inputs if each.assumed is not None
    }
    category, then = in_words(verdict), in_words(criterion.judge(affirmed))
    return SoFar(
        criterion,
        verdict,
        category,
        "" if verdict.is_decided or then == category else then,
        tuple(_part(each, values[each.name], verdict) for each in criterion.inputs),
    )


def in_words(verdict: Verdict) -> str:
    """ "Not yet known", "At least possible", "Met"."""
    if verdict.category == INSUFFICIENT:
        return "Not yet known"
    category = humanise(verdict.category)
    return f"At least {category[0].lower()}{category[1:]}" if verdict.at_least else category


def _part(asked: Input, value: object, verdict: Verdict) -> Part:
    met = None if value is None else asked.met(value)
    names = asked.names or (asked.name,)
    settles = bool(set(names) & set(verdict.missing))
    return Part(asked.label, met, asked.paths, settles, asked.assumed is not None)
