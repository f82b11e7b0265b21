"""From a row to its definition: published pathways, and steps that no pathway lists."""

import hashlib
from functools import lru_cache

from clinical.engine import Door
from clinical.pathways import StepDef, Target, pathways
from clinical.vocabulary import vocabulary


@lru_cache(maxsize=1)
def _published():
    return {step.code: step for pathway in pathways().values() for step in pathway.steps}


def published_step(code) -> StepDef | None:
    return _published().get(code)


def definition_of(step) -> StepDef:
    """What the pathway says of a step; for a repeat or a referral, what its own row says."""
    published = published_step(step.code)
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
        repeats=_repeated(step),
    )


def _repeated(step):
    """The code of the step that a repeat stands in for: `md_ck.2` repeats `md_ck`."""
    base, _, number = step.code.partition(".")
    if not step.repeat_of_id or not number:
        return ""
    return base if number == "2" else f"{base}.{int(number) - 1}"


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
    """Days to the first review for an urgency (vocabulary, urgencies)."""
    return vocabulary().urgencies[profile].max_days_to_first_review
