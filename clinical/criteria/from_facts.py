"""The criteria that are held to the facts of a case, by the pathway that asks for them."""

from __future__ import annotations

from collections.abc import Iterable

from clinical.criteria import als_facts, ms_facts, myositis_facts, neuropathy_facts
from clinical.criteria.so_far import Facts, SoFar, hold

HELD = {
    each.code: each
    for each in (
        *als_facts.CRITERIA,
        *ms_facts.CRITERIA,
        *myositis_facts.CRITERIA,
        *neuropathy_facts.CRITERIA,
    )
}


def so_far(pathways: Iterable[str], facts: Facts) -> list[SoFar]:
    """Each criterion of these pathways on the facts."""
    running = set(pathways)
    return [hold(each, facts) for each in HELD.values() if each.pathway in running]
