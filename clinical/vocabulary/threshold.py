"""What asks for something to be done: a value beyond its threshold, a fact before a procedure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Threshold:
    """A value beyond which something is to be done.

    op: lt, lte, gt, gte, or fall_gt_per_3_months. condition: what must hold as well, in words.
    of: the number it is of, where a test has several. rule: code of the rule that acts on it;
    where there is none, no_alert says why.
    """

    op: str
    value: float
    action: str
    sex: str = ""
    condition: str = ""
    of: str = ""
    rule: str = ""
    no_alert: str = ""


@dataclass(frozen=True)
class Blocker:
    """What stands against a procedure: a fact with one of these values. fact "": none says it."""

    label: str
    fact: str = ""
    values: tuple[object, ...] = ()
