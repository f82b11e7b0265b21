"""ALS: Gold Coast 2020, Awaji 2008 and the revised El Escorial criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clinical.criteria.verdict import Verdict, decide, either, grade

REGIONS = ("bulbar", "cervical", "thoracic", "lumbosacral")  # from above
LIMBS = ("cervical", "lumbosacral")

Signs = Mapping[str, bool | None]  # region → signs there? what is absent is unknown


@dataclass(frozen=True)
class Muscle:
    """A muscle with lower motor neuron signs: weak and wasted, or by needle EMG."""

    region: str
    roots: frozenset[str]
    nerve: str


@dataclass(frozen=True)
class Neurons:
    """Signs by region. emg: chronic neurogenic change with ongoing denervation."""

    upper: Signs
    lower: Signs
    emg: Signs

    def lower_by_any(self) -> dict[str, bool | None]:
        return {r: either(self.lower.get(r), self.emg.get(r)) for r in REGIONS}


def regions_of(muscles: Iterable[Muscle]) -> set[str]:
    """Regions with lower motor neuron signs.

    Bulbar and thoracic: one muscle. A limb: two of different roots and nerves.
    Source: Shefner et al., Clin Neurophysiol 2020;131:1975-1978.
    """
    found: dict[str, list[Muscle]] = {}
    for muscle in muscles:
        found.setdefault(muscle.region, []).append(muscle)
    return {
        region
        for region, those in found.items()
        if region not in LIMBS or any(differ(one, other) for one in those for other in those)
    }


def differ(one: Muscle, other: Muscle) -> bool:
    """Different nerves, and no root in common (how far roots must differ is a clinic default)."""
    return one.nerve != other.nerve and not one.roots & other.roots


def gold_coast_2020(
    *,
    progressive: bool | None,
    upper: Signs,
    lower: Signs,
    others_excluded: bool | None,
    same_region_strict: bool = False,
) -> Verdict:
    """met, not_met or insufficient_data.

    Progressive impairment; upper and lower signs in a region, or lower ones in two; others
    excluded. The words "in the same region" apply where one region alone is involved;
    same_region_strict asks for them always.
    Source: Shefner et al., Clin Neurophysiol 2020;131:1975-1978.
    """

    def judge(progressive: bool, others_excluded: bool, **signs: bool) -> str:
        ups, lows = _sets(signs, "upper"), _sets(signs, "lower")
        together = bool(ups & lows) if same_region_strict else bool(ups and lows)
        fits = together or len(lows) >= 2
        return "met" if progressive and others_excluded and fits else "not_met"

    inputs = {"progressive": progressive, "others_excluded": others_excluded}
    return decide(judge, inputs | _named("upper", upper) | _named("lower", lower))


def awaji_2008(
    neurons: Neurons,
    *,
    progressive: bool | None,
    others_excluded: bool | None,
    rostral_strict: bool = False,
) -> Verdict:
    """definite, probable, possible or not_met; clinical and EMG signs weigh the same.

    rostral_strict: the upper signs must lie above the highest lower ones.
    Source: de Carvalho et al., Clin Neurophysiol 2008;119:497-503.
    """

    def judge(progressive: bool, others_excluded: bool, **signs: bool) -> str:
        if not (progressive and others_excluded):
            return "not_met"
        return _grade(_sets(signs, "upper"), _sets(signs, "lower"), rostral_strict)

    inputs = {"progressive": progressive, "others_excluded": others_excluded}
    lower = neurons.lower_by_any()
    return grade(
        judge,
        inputs | _named("upper", neurons.upper) | _named("lower", lower),
        ("definite", "probable", "possible", "not_met"),
    )


def el_escorial_revised(
    neurons: Neurons,
    *,
    progressive: bool | None,
    others_excluded: bool | None,
    emg_limbs: int | None = None,
    rostral_strict: bool = False,
) -> Verdict:
    """definite, probable, probable_lab_supported, possible or not_met; lower signs are clinical.

    emg_limbs: limbs with fibrillations or positive waves and chronic change (left and right arm
    are two); None: the two limb regions of neurons.emg are counted.
    Source: Brooks et al., Amyotroph Lateral Scler Other Motor Neuron Disord 2000;1:293-299.
    """

    def judge(progressive: bool, others_excluded: bool, limbs: bool, **signs: bool) -> str:
        if not (progressive and others_excluded):
            return "not_met"
        ups, lows = _sets(signs, "upper"), _sets(signs, "lower")
        reached = _grade(ups, lows, rostral_strict)
        supported = limbs and (ups & lows or ups)
        return "probable_lab_supported" if supported and reached in _BELOW_SUPPORTED else reached

    inputs = {
        "progressive": progressive,
        "others_excluded": others_excluded,
        "limbs": two_limbs(neurons.emg, emg_limbs),
    }
    return grade(
        judge,
        inputs | _named("upper", neurons.upper) | _named("lower", neurons.lower),
        ("definite", "probable", "probable_lab_supported", "possible", "not_met"),
    )


_BELOW_SUPPORTED = ("possible", "not_met")


def two_limbs(emg: Signs, limbs: int | None = None) -> bool | None:
    """Denervation in two limbs: as counted, or in both limb regions."""
    if limbs is not None:
        return limbs >= 2
    found = [emg.get(region) for region in LIMBS]
    if False in found:
        return False
    return None if None in found else True


def _grade(ups: set[str], lows: set[str], rostral_strict: bool) -> str:
    both = ups & lows
    spinal = both - {"bulbar"}
    if len(spinal) == 3 or (len(spinal) == 2 and "bulbar" in both):
        return "definite"
    if len(both) >= 2 and _rostral(ups, lows, rostral_strict):
        return "probable"
    lower_above = bool(lows and ups and not both and _highest(lows) < _highest(ups))
    return "possible" if both or len(ups) >= 2 or lower_above else "not_met"


def _rostral(ups: set[str], lows: set[str], strict: bool) -> bool:
    """An upper sign lies above a lower one; strict: above all of them."""
    lowest = max(REGIONS.index(region) for region in lows)
    return _highest(ups) < (_highest(lows) if strict else lowest)


def _highest(regions: set[str]) -> int:
    return min(REGIONS.index(region) for region in regions)


def _named(kind: str, signs: Signs) -> dict[str, bool | None]:
    return {f"{kind}_{region}": signs.get(region) for region in REGIONS}


def _sets(signs: Mapping[str, bool], kind: str) -> set[str]:
    return {region for region in REGIONS if signs[f"{kind}_{region}"]}
