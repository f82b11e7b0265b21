"""Idiopathic inflammatory myopathies: the EULAR/ACR classification of 2017."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from clinical.criteria.verdict import INSUFFICIENT, Verdict

# points in tenths, without and with biopsy data: sums of tenths are exact
POINTS = {
    "arms_proximal": (7, 7),
    "legs_proximal": (8, 5),
    "neck_flexors_weaker": (19, 16),
    "legs_proximal_weaker": (9, 12),
    "heliotrope": (31, 32),
    "gottron_papules": (21, 27),
    "gottron_sign": (33, 37),
    "dysphagia": (7, 6),
    "jo1": (39, 38),
    "enzymes_raised": (13, 14),
}
BIOPSY_POINTS = {
    "endomysial_cells": 17,
    "perimysial_cells": 12,
    "perifascicular_atrophy": 19,
    "rimmed_vacuoles": 31,
}
ADULT, OLDER = 18, 40  # years at the first symptom
AGE_POINTS = {ADULT: (13, 15), OLDER: (21, 22)}
CATEGORIES = (  # lowest sum in tenths, without and with biopsy data
    ("definite", (75, 87)),
    ("probable", (55, 67)),
    ("possible", (53, 65)),
)
MIDPOINT = (5.33, 6.49)  # of the probability curve
SKIN = ("heliotrope", "gottron_papules", "gottron_sign")
WEAKNESS = ("arms_proximal", "legs_proximal", "neck_flexors_weaker", "legs_proximal_weaker")

Items = Mapping[str, bool | None]


@dataclass(frozen=True)
class Classification:
    """score: sum of points. probability: 0 to 1. subgroup: "" unless probable or definite."""

    verdict: Verdict
    score: float
    probability: float
    subgroup: str = ""


def eular_acr_2017(
    age_at_onset: float | None,
    items: Items,
    *,
    with_biopsy: bool,
    finger_flexors_weak: bool | None = None,
    treatment_helped: bool | None = None,
) -> Classification:
    """definite, probable, possible, not_classified or insufficient_data, for signs that nothing
    else explains better. age_at_onset: years at the first symptom.

    items: names of POINTS and, with_biopsy, of BIOPSY_POINTS; what is unknown scores nothing and
    is listed. ValueError for a name that is none of them.
    Source: Lundberg et al., Arthritis Rheumatol 2017;69:2271-2282.
    """
    points = _points(with_biopsy)
    if strange := set(items) - set(points):
        raise ValueError(f"No items of these criteria: {', '.join(sorted(strange))}.")
    tenths = sum(points[name] for name, present in items.items() if present)
    tenths += _age_points(age_at_onset, with_biopsy)
    open_items = [name for name in points if items.get(name) is None]
    could_be = tenths + sum(points[name] for name in open_items)
    verdict = _verdict(age_at_onset, tenths, could_be, open_items, with_biopsy)
    skin = any(items.get(name) for name in SKIN)
    if not skin and not with_biopsy and verdict.category != INSUFFICIENT:
        note = "Without a skin sign a muscle biopsy is needed."
        verdict = Verdict(verdict.category, verdict.at_least, verdict.missing, (note,))
    subgroup = ""
    if verdict.category in ("probable", "definite") and age_at_onset is not None:
        ibm = bool(finger_flexors_weak and treatment_helped is False)
        ibm = ibm or bool(items.get("rimmed_vacuoles"))
        weak = any(items.get(name) for name in WEAKNESS)
        subgroup = _subgroup(age_at_onset, skin=skin, weak=weak, ibm=ibm)
    score = tenths / 10
    return Classification(verdict, score, _probability(score, with_biopsy), subgroup)


def _points(with_biopsy: bool) -> dict[str, int]:
    points = {name: both[with_biopsy] for name, both in POINTS.items()}
    return points | BIOPSY_POINTS if with_biopsy else points


def _age_points(age: float | None, with_biopsy: bool) -> int:
    if age is None or age < ADULT:
        return 0
    return AGE_POINTS[OLDER if age >= OLDER else ADULT][with_biopsy]


def category_of(tenths: int, *, with_biopsy: bool) -> str:
    """The category of a sum in tenths of a point."""
    for category, lowest in CATEGORIES:
        if tenths >= lowest[with_biopsy]:
            return category
    return "not_classified"


def _verdict(
    age: float | None, tenths: int, could_be: int, open_items: list[str], with_biopsy: bool
) -> Verdict:
    if age is None:
        return Verdict(INSUFFICIENT, missing=("age_at_onset", *open_items))
    reached = category_of(tenths, with_biopsy=with_biopsy)
    best = category_of(could_be, with_biopsy=with_biopsy)
    if reached == best:
        return Verdict(reached)
    if reached == "not_classified":
        return Verdict(INSUFFICIENT, missing=tuple(open_items))
    return Verdict(reached, at_least=True, missing=tuple(open_items))


def _probability(score: float, with_biopsy: bool) -> float:
    return 1 / (1 + exp(MIDPOINT[with_biopsy] - score))


def _subgroup(age: float, *, skin: bool, weak: bool, ibm: bool) -> str:
    if age < ADULT:
        return "juvenile dermatomyositis" if skin else "juvenile myositis"
    if skin:
        return "dermatomyositis" if weak else "amyopathic dermatomyositis"
    return "inclusion body myositis" if ibm else "polymyositis"
