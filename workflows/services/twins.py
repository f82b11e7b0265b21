"""A test that two pathways ask for is ordered, reminded and reported once."""

from collections import defaultdict

from clinical.engine import Stage

SHARED = [
    "ordered_at",
    "ordered_by_id",
    "sent_to",
    "booked_for",
    "performed_on",
    "performed_by_id",
]
PROGRESS = [Stage.TO_ORDER, Stage.TO_BOOK, Stage.BOOKED, Stage.AWAITING_RESULT]


def pair_twins(steps):
    """Let open steps with the same captures follow the one that came furthest.

    Returns True when a step took over acts of the one it follows, so that its state is not yet
    derived. A pair stays together through review and telling; it ends when one of them ends.
    """
    groups = defaultdict(list)
    for step in steps:
        if step.capture_key and step.is_open:
            groups[step.capture_key].append(step)
    for step in steps:
        if step.twin_of_id and not _still_paired(step, groups):
            step.twin_of_id = None
    return any([_pair(group) for group in groups.values()])


def _still_paired(step, groups):
    return step.is_open and any(
        other.pk == step.twin_of_id for other in groups.get(step.capture_key, ())
    )


def _pair(group):
    """True when a follower took over what was done for its leader."""
    leader = max(group, key=lambda step: (_progress(step), step.twin_of_id is None, -step.pk))
    leader.twin_of_id = None
    took_over = False
    for step in group:
        joins = step.stage in PROGRESS and leader.stage in PROGRESS
        if step is leader or not (joins or step.twin_of_id):
            continue
        step.twin_of_id = leader.pk
        for name in SHARED:
            if getattr(step, name) != getattr(leader, name):
                setattr(step, name, getattr(leader, name))
                took_over = True
    return took_over


def _progress(step):
    return PROGRESS.index(step.stage) if step.stage in PROGRESS else len(PROGRESS)
