"""What is raised, as one sentence for a clinician."""

from __future__ import annotations

from collections.abc import Mapping

from clinical.pathways import Catalogue, StepDef
from clinical.vocabulary import in_sentence, vocabulary

_DX = {
    "suspected": "Suspect {}.",
    "probable": "{} is probable.",
    "confirmed": "{} is confirmed.",
    "excluded": "{} is excluded.",
}


def sentence(
    catalogue: Catalogue,
    kind: str,
    target: str,
    params: Mapping[str, object],
    step: StepDef | None,
) -> str:
    """The sentence for an action on its target."""
    if step is not None:
        return _about_step(kind, step.label, params)
    if kind == "alert":
        return str(params["text"])
    if kind == "contradiction":
        return str(params["label"])
    if kind in ("start_pathway", "close_pathway"):
        verb = "Start" if kind == "start_pathway" else "Close"
        return f"{verb} the pathway “{catalogue.pathways[target].label}”."
    known = vocabulary()
    if kind == "set_dx":
        label = known.disorders[target].label
        form = _DX.get(str(params["status"]), "{}: " + str(params["status"]))
        return form.format(in_sentence(label) if form.startswith("Suspect") else label)
    if kind == "create_referral":
        return f"Refer: {in_sentence(known.rehab[target].label)} ({params['profile']})."
    return f"Treatment option: {in_sentence(known.treatments[target].label)}."


def _about_step(kind: str, label: str, params: Mapping[str, object]) -> str:
    if kind == "activate":
        return f"{label} is needed."
    if kind == "skip":
        return f"{label} is not needed."
    if kind == "cancel":
        return f"{label} has been ordered and is not needed: cancel it."
    if kind == "hold":
        return f"{label} is held: {params['text']}."
    return f"{label} is {params['profile']}: within {params['days']} days."
