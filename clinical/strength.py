"""What a strength grid says about where the weakness lies, and what changed.

Definitions (clinic default: none of them is published as a rule):
proximal = the muscle lies in the shoulder or hip girdle, the upper arm or the thigh;
distal = it lies in the forearm, hand, lower leg or foot; the neck is neither.
A zone's mean is that of its tested grades as MRC points (4−, 4 and 4+ count 4). One zone is
called weaker where the means lie at least half a point apart and four cells or more of each were
tested. Sides are compared pair by pair, 4− below 4 below 4+; one side is called weaker where it is
so in at least three pairs more than the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from clinical.scores import SIDES, Grades, mrc_points

PROXIMAL = (
    "shoulder_abduction",
    "shoulder_external_rotation",
    "elbow_flexion",
    "elbow_extension",
    "hip_flexion",
    "hip_extension",
    "hip_abduction",
    "hip_adduction",
    "knee_extension",
    "knee_flexion",
)
DISTAL = (
    "wrist_extension",
    "wrist_flexion",
    "finger_extension",
    "finger_flexion",
    "finger_abduction",
    "thumb_abduction",
    "ankle_dorsiflexion",
    "ankle_plantarflexion",
    "ankle_inversion",
    "ankle_eversion",
    "toe_extension",
)
LEG = {
    code for code in (*PROXIMAL, *DISTAL) if code.split("_")[0] in ("hip", "knee", "ankle", "toe")
}
GIRDLE = {  # the proximal movements of the MRC sum score
    "arm": ("shoulder_abduction", "elbow_flexion"),
    "leg": ("hip_flexion", "knee_extension"),
}
NECK = ("flexion", "extension")
ORDER = ("0", "1", "2", "3-", "3", "3+", "4-", "4", "4+", "5-", "5")
CELLS_NEEDED = 4
MEANS_APART = 0.5
PAIRS_APART = 3


@dataclass(frozen=True)
class Gradient:
    """Mean MRC points of the proximal and the distal cells; `weaker`: the zone, "" or None.

    "" = neither is weaker; None = too few cells were tested to tell.
    """

    proximal: float | None
    distal: float | None
    weaker: str | None


@dataclass(frozen=True)
class Sides:
    """Pairs tested on both sides, and how many are weaker on the right, on the left."""

    pairs: int
    right: int
    left: int
    weaker: str | None


@dataclass(frozen=True)
class Change:
    """Cells graded at both visits: (movement, side) → (before, now), by what became of them."""

    worse: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    better: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    same: int = 0


def order(grade: str | None) -> int | None:
    """Rank of a grade among all grades, or None for NT and for no grade."""
    return ORDER.index(grade) if grade in ORDER else None


def gradient(grades: Grades) -> Gradient:
    """Proximal against distal, by the definition above."""
    means = {}
    enough = True
    for name, zone in (("proximal", PROXIMAL), ("distal", DISTAL)):
        points = [mrc_points(g) for (movement, _), g in grades.items() if movement in zone]
        known = [each for each in points if each is not None]
        means[name] = sum(known) / len(known) if known else None
        enough = enough and len(known) >= CELLS_NEEDED
    proximal, distal = means["proximal"], means["distal"]
    if not enough or proximal is None or distal is None:
        return Gradient(proximal, distal, None)
    if abs(proximal - distal) < MEANS_APART:
        return Gradient(proximal, distal, "")
    return Gradient(proximal, distal, "proximal" if proximal < distal else "distal")


def weakness_items(grades: Grades) -> dict[str, bool | None]:
    """The items of the EULAR/ACR criteria that strength decides; None while too little is graded.

    A limb: a proximal muscle is weak on both sides; not so where on one side none is, with the two
    proximal ones of the MRC sum score graded. Legs weaker proximally: see `gradient`.
    Source: Lundberg et al., Arthritis Rheumatol 2017;69:2271-2282; the reading is a clinic default.
    """
    legs = {place: grade for place, grade in grades.items() if place[0] in LEG}
    weaker = gradient(legs).weaker
    flexors, extensors = (order(grades.get((f"neck_{way}", "midline"))) for way in NECK)
    return {
        "arms_proximal": _both_weak(grades, set(PROXIMAL) - LEG, GIRDLE["arm"]),
        "legs_proximal": _both_weak(grades, set(PROXIMAL) & LEG, GIRDLE["leg"]),
        "neck_flexors_weaker": (
            None if flexors is None or extensors is None else flexors < extensors
        ),
        "legs_proximal_weaker": None if weaker is None else weaker == "proximal",
    }


def _both_weak(grades: Grades, movements: set[str], needed: tuple[str, ...]) -> bool | None:
    weak = {
        side: any(mrc_points(grades.get((code, side))) not in (None, 5) for code in movements)
        for side in SIDES
    }
    if all(weak.values()):
        return True
    graded = [
        not weak[side] and all(mrc_points(grades.get((code, side))) is not None for code in needed)
        for side in SIDES
    ]
    return False if any(graded) else None


def sides(grades: Grades) -> Sides:
    """Right against left, by the definition above."""
    pairs = right = left = 0
    for movement in dict.fromkeys(movement for movement, _ in grades):
        ranks = [order(grades.get((movement, side))) for side in SIDES]
        if ranks[0] is None or ranks[1] is None:
            continue
        pairs += 1
        right += ranks[0] < ranks[1]
        left += ranks[1] < ranks[0]
    if pairs < PAIRS_APART:
        return Sides(pairs, right, left, None)
    weaker = "right" if right > left else "left"
    return Sides(pairs, right, left, weaker if abs(right - left) >= PAIRS_APART else "")


def change(before: Grades, now: Grades) -> Change:
    """What became of each cell that was graded at both visits; NT compares with nothing."""
    worse, better, same = {}, {}, 0
    for place, grade in now.items():
        was, rank = order(before.get(place)), order(grade)
        if was is None or rank is None:
            continue
        if rank < was:
            worse[place] = (before[place], grade)
        elif rank > was:
            better[place] = (before[place], grade)
        else:
            same += 1
    return Change(worse, better, same)
