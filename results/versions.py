"""All versions of a step's report, newest first, and what each correction changed."""

from dataclasses import dataclass

from results import describe
from results.base import Result
from results.services import leader_of, model_for


@dataclass(frozen=True)
class Change:
    """`new` took the place of `old`; only the lines that differ."""

    old: Result
    new: Result
    pairs: list


def all_of(step):
    """Every report of the step, its rows fetched once for all of them."""
    model = model_for(step)
    found = model.objects.filter(step_id=leader_of(step)).select_related("recorded_by")
    return list(found.prefetch_related(*model.ROWS).order_by("-pk"))


def changes(found):
    by_key = {version.pk: version for version in found}
    return [
        Change(old, new, [pair for pair in describe.pairs(old, new) if pair.changed])
        for new in found
        if (old := by_key.get(new.replaces_id))
    ]
