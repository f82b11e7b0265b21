"""From a row to its definition: published pathways, and steps that no pathway lists."""

import hashlib
from functools import lru_cache

from clinical.engine import Door
from clinical.pathways import StepDef, Target, pathways
from clinical.vocabulary import vocabulary


@lru_cache(maxsize=1)
def _published():
    return {step.code: step for pathway in pathways().values() for step in pathway.steps}


def definition_of(step) -> StepDef:
    """What the pathway says of a step; for a repeat or a referral, what its own row says."""
    published = _published().get(step.code)
    if published is not None:
        return published
    return StepDef(
        code=step.code,
        pathway="",
        modality=step.modality,
        label=step.label,
        owner="coordinator",
        conditional=True,
        requires=(),
        target=Target(step.definition.get("days", 14), "activation", "clinic_default"),
        profile=step.definition.get("profile", "soon"),
        captures=tuple(step.captures),
    )


def doors_of(step) -> tuple[Door, ...]:
    return definition_of(step).doors


def key_of_captures(captures, doors=(Door.ORDERED,)):
    """Equal for two steps that ask for the same test; "" where nothing is ordered.

    A history or a decision is taken for its own pathway and is never shared.
    """
    if not captures or Door.ORDERED not in doors:
        return ""
    atoms = sorted({atom for each in captures for atom in vocabulary().expand_capture(each)})
    return hashlib.sha256(" ".join(atoms).encode()).hexdigest()


def profile_days(profile):
    """Days to the first review for an urgency (vocabulary, enums.urgency)."""
    return vocabulary().enums["urgency"][profile]["max_days_to_first_review"]
