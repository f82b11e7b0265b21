"""Upper and lower motor neuron signs by region, as a hint for the examiner who decides.

Source: Shefner et al. (Gold Coast criteria), Clin Neurophysiol 2020;131:1975-1978. Upper: a brisk
reflex, one that is kept in a weak wasted muscle, a pathological reflex, spasticity, slow movement.
Lower: weakness and wasting, in a limb of two muscles at least, of different roots and nerves, in
the bulbar region of one. What the source leaves open is a clinic default: brisk is NINDS 4, kept
is NINDS 2 or 3, a clonus counts from four beats on, spasticity from Ashworth 1 on, and roots
differ where two muscles have none in common. A part without a graded movement gives no sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from clinical.criteria.als import REGIONS, Muscle, differ
from clinical.scores import Grades, mrc_points
from clinical.vocabulary import in_sentence, vocabulary

BRISK, KEPT = ("4",), ("2", "3")
BEATS = 4
LIMB_REGION = {"arm": "cervical", "leg": "lumbosacral"}


@dataclass(frozen=True)
class Part:
    """A part of the body whose bulk is seen; `movements` are those of its muscles."""

    code: str
    label: str
    region: str
    movements: tuple[str, ...] = ()
    midline: bool = False


PARTS = {
    part.code: part
    for part in (
        Part("neck", "Neck", "cervical", ("neck_flexion", "neck_extension"), midline=True),
        Part(
            "shoulder",
            "Shoulder girdle",
            "cervical",
            ("shoulder_abduction", "shoulder_external_rotation"),
        ),
        Part("upper_arm", "Upper arm", "cervical", ("elbow_flexion", "elbow_extension")),
        Part(
            "forearm",
            "Forearm",
            "cervical",
            ("wrist_extension", "wrist_flexion", "finger_extension", "finger_flexion"),
        ),
        Part("hand", "Hand", "cervical", ("finger_abduction", "thumb_abduction")),
        Part("trunk", "Back and abdomen", "thoracic", midline=True),
        Part("hip", "Hip girdle", "lumbosacral", ("hip_extension", "hip_abduction")),
        Part(
            "thigh",
            "Thigh",
            "lumbosacral",
            ("hip_flexion", "hip_adduction", "knee_extension", "knee_flexion"),
        ),
        Part(
            "lower_leg",
            "Lower leg",
            "lumbosacral",
            (
                "ankle_dorsiflexion",
                "ankle_plantarflexion",
                "ankle_inversion",
                "ankle_eversion",
                "toe_extension",
            ),
        ),
        Part("foot", "Foot", "lumbosacral"),
    )
}
REFLEX_REGION = {
    "jaw_jerk": "bulbar",
    "biceps_reflex": "cervical",
    "brachioradialis_reflex": "cervical",
    "triceps_reflex": "cervical",
    "finger_flexor_reflex": "cervical",
    "hoffmann_sign": "cervical",
    "knee_reflex": "lumbosacral",
    "ankle_reflex": "lumbosacral",
    "plantar": "lumbosacral",
    "ankle_clonus": "lumbosacral",
}
PATHOLOGICAL = {
    "jaw_jerk": ("brisk", "clonic"),
    "hoffmann_sign": ("present",),
    "plantar": ("extensor",),
}
REFLEX_MOVEMENT = {
    "biceps_reflex": "elbow_flexion",
    "triceps_reflex": "elbow_extension",
    "finger_flexor_reflex": "finger_flexion",
    "knee_reflex": "knee_extension",
    "ankle_reflex": "ankle_plantarflexion",
}


@dataclass(frozen=True)
class Bedside:
    """What was recorded: grades, {(reflex, side): value}, {(limb, side): Ashworth grade},
    the (part, side) that are wasted, and what is said of the tongue (weak, wasted, slow ...)."""

    grades: Grades = field(default_factory=dict)
    reflexes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    tone: Mapping[tuple[str, str], str] = field(default_factory=dict)
    wasted: frozenset[tuple[str, str]] = frozenset()
    tongue: frozenset[str] = frozenset()


def upper_signs(seen: Bedside) -> dict[str, list[str]]:
    """Region → what speaks for the upper motor neuron there, in words."""
    return _by_region([*_reflex_signs(seen), *_tone_signs(seen), *_slow_tongue(seen)])


def lower_signs(seen: Bedside) -> dict[str, list[str]]:
    """Region → what speaks for the lower motor neuron there, in words; all of it, or nothing."""
    found: dict[str, list[str]] = {}
    if "wasted" in seen.tongue and seen.tongue & {"weak", "fasciculating"}:
        also = "weak" if "weak" in seen.tongue else "fasciculating"
        found["bulbar"] = [f"tongue wasted and {also}"]
    for region in REGIONS[1:]:
        muscles = [one for one in _weak_and_wasted(seen) if PARTS[one[0]].region == region]
        tested = [_muscle(region, code) for _, code, _ in muscles]
        if any(differ(one, other) for one, other in combinations(tested, 2)):
            found[region] = [
                f"{_movement(code)} {side} weak, {in_sentence(PARTS[part].label)} wasted"
                for part, code, side in muscles
            ]
    return found


def _reflex_signs(seen: Bedside) -> Iterator[tuple[str, str]]:
    for (reflex, side), value in seen.reflexes.items():
        region = REFLEX_REGION.get(reflex)
        word = _reflex_word(seen, reflex, side, value) if region else ""
        if region and word:
            label = in_sentence(vocabulary().reflexes[reflex].label)
            yield region, f"{label} {word}" if side == "midline" else f"{label} {side} {word}"


def _reflex_word(seen: Bedside, reflex: str, side: str, value: str) -> str:
    """What makes a reflex a sign of the upper motor neuron, or ""."""
    if reflex == "ankle_clonus":
        return f"{value} beats" if value.isdecimal() and int(value) >= BEATS else ""
    if reflex in PATHOLOGICAL:
        return value if value in PATHOLOGICAL[reflex] else ""
    if value in BRISK:
        return "brisk"
    movement = REFLEX_MOVEMENT.get(reflex, "")
    weak = any(code == movement and at == side for _, code, at in _weak_and_wasted(seen))
    return "kept in a weak wasted muscle" if value in KEPT and weak else ""


def _tone_signs(seen: Bedside) -> Iterator[tuple[str, str]]:
    for (limb, side), grade in seen.tone.items():
        if grade not in ("", "0"):
            yield LIMB_REGION[limb], f"{side} {limb} spastic, Ashworth {grade}"


def _slow_tongue(seen: Bedside) -> Iterator[tuple[str, str]]:
    if "slow" in seen.tongue:
        yield "bulbar", "tongue slow"


def _weak_and_wasted(seen: Bedside) -> Iterator[tuple[str, str, str]]:
    """(part, movement, side) of what is weak in a wasted part."""
    for code, side in sorted(seen.wasted):
        for movement in PARTS[code].movements:
            points = mrc_points(seen.grades.get((movement, side)))
            if points is not None and points < 5:
                yield code, movement, side


def _muscle(region: str, movement: str) -> Muscle:
    """The muscle behind a movement."""
    known = vocabulary().movements[movement]
    return Muscle(region, frozenset(known.roots.split(", ")), known.nerve)


def _movement(code: str) -> str:
    return in_sentence(vocabulary().movements[code].label)


def _by_region(signs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for region in REGIONS:
        words = [word for where, word in signs if where == region]
        if words:
            found[region] = words
    return found
