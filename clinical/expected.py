"""When a report is to be expected: from how long the same laboratory took for the same test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

# around the usual turnaround, and counted like reports of its own until those outnumber them
PRIOR = (0.5, 0.75, 1.0, 1.5, 2.0)


@dataclass(frozen=True)
class Expected:
    """Days from the test to its report: half come within `median`, nine of ten within `p90`.

    n: reports of the laboratory's own that this rests on; beside them stand those of `PRIOR`.
    """

    median: int
    p90: int
    n: int


def expected(days: Sequence[int], usual: int) -> Expected:
    """days: of each earlier report; usual: the turnaround that the domain data names for it.

    Raises ValueError without a usual turnaround and without a report.
    """
    own = [max(0, each) for each in days]
    prior = [ceil(usual * factor) for factor in PRIOR] if usual else []
    known = sorted(own + prior)
    if not known:
        raise ValueError("Nothing is known of this test.")
    return Expected(rank(known, 0.5), rank(known, 0.9), len(own))


def rank(ordered: Sequence[int], share: float) -> int:
    """The smallest value that at least this share of all does not exceed."""
    return ordered[ceil(share * len(ordered)) - 1]
