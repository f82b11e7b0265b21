"""What published criteria say so far of a case, from the facts that its results gave.

A hint for whoever decides: nothing is stored, and an input that no fact gives stays unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from clinical.criteria.als import (
    REGIONS,
    Neurons,
    Signs,
    awaji_2008,
    el_escorial_revised,
    gold_coast_2020,
)
from clinical.criteria.cidp import csf_supports, eanpns_cidp_2021_dx
from clinical.criteria.gbs import brighton_gbs
from clinical.criteria.ms import mcdonald_2017, mcdonald_2024
from clinical.criteria.myositis import BIOPSY_POINTS, POINTS, eular_acr_2017
from clinical.criteria.verdict import INSUFFICIENT, Verdict

Facts = Mapping[str, object]

SOURCES = {
    "gold_coast_2020": "Shefner et al., Clin Neurophysiol 2020;131:1975-1978",
    "awaji_2008": "de Carvalho et al., Clin Neurophysiol 2008;119:497-503",
    "el_escorial_revised": "Brooks et al., Amyotroph Lateral Scler 2000;1:293-299",
    "mcdonald_2017": "Thompson et al., Lancet Neurol 2018;17:162-173",
    "mcdonald_2024": "Montalban et al., Lancet Neurol 2025;24:850-865",
    "eular_acr_2017": "Lundberg et al., Arthritis Rheumatol 2017;69:2271-2282",
    "brighton_gbs": "Sejvar et al., Vaccine 2011;29:599-612",
    "eanpns_cidp_2021_dx": "Van den Bergh et al., Eur J Neurol 2021;28:3556-3583",
}
PROGRESSIVE = ("subacute", "chronic_progressive", "stepwise")
NOT_PROGRESSIVE = ("static", "episodic")
HIGH, NOT_HIGH = ("high", "critical_high"), ("normal", "low", "critical_low")
REDUCED = {  # reflex pattern → reduced?
    "globally_reduced": True,
    "globally_absent": True,
    "distally_reduced": True,
    "normal": False,
    "brisk": False,
}
PHENOTYPES = ("heliotrope", "gottron_papules", "gottron_sign", "dysphagia")
BIOPSY = {  # item of the criteria → finding of the vocabulary
    "endomysial_cells": "endomysial_infiltrate_non_invading",
    "perimysial_cells": "perimysial_perivascular_infiltrate",
    "perifascicular_atrophy": "perifascicular_atrophy",
    "rimmed_vacuoles": "rimmed_vacuoles",
}
ENZYMES = ("ck", "ldh", "ast", "alt")
MG_PER_DL_IN_G_PER_L = 100
WEEKS_OF_CIDP = 8


@dataclass(frozen=True)
class SoFar:
    """A verdict on the facts so far, with the source of the criteria."""

    verdict: Verdict
    source: str


def so_far(code: str, facts: Facts) -> SoFar | None:
    """The criterion on these facts; None for one that is not worked out here."""
    judge = _JUDGES.get(code)
    return SoFar(judge(facts), SOURCES[code]) if judge else None


def _number(facts: Facts, path: str) -> float | None:
    value = facts.get(path)
    ok = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if ok else None  # type: ignore[arg-type]


def _whole(facts: Facts, path: str) -> int | None:
    number = _number(facts, path)
    return None if number is None else int(number)


def _flag(facts: Facts, path: str) -> bool | None:
    value = facts.get(path)
    return value if isinstance(value, bool) else None


def _present(facts: Facts, code: str) -> bool | None:
    return {"present": True, "absent": False}.get(str(facts.get(f"ph.{code}")))


def _positive(facts: Facts, analyte: str) -> bool | None:
    return {"positive": True, "negative": False}.get(str(facts.get(f"lab.{analyte}.flag")))


def _progressive(facts: Facts) -> bool | None:
    course = facts.get("hx.progression")
    return True if course in PROGRESSIVE else False if course in NOT_PROGRESSIVE else None


def _signs(count: int | None) -> Signs:
    """Of a count only none and all say which regions: what lies between names none."""
    if count in (0, len(REGIONS)):
        return dict.fromkeys(REGIONS, bool(count))
    return {}


def _any(least: int, most: int) -> Signs:
    """As many regions as were counted, where it makes no difference which."""
    return {
        region: True if at < least else None if at < most else False
        for at, region in enumerate(REGIONS)
    }


def _at_bedside_or_by_emg(facts: Facts) -> Signs:
    """Lower signs of either kind; of two counts nobody says how many regions they share."""
    counts = [_whole(facts, path) for path in ("ex.lmn_regions", "emg.lmn_regions")]
    known = [count for count in counts if count is not None]
    most = min(sum(known), len(REGIONS)) if len(known) == len(counts) else len(REGIONS)
    return _any(max(known, default=0), most)


def _gold_coast(facts: Facts) -> Verdict:
    upper = _whole(facts, "ex.umn_regions")
    found = gold_coast_2020(
        progressive=_progressive(facts),
        upper={} if upper is None else _any(upper, upper),  # the numbers decide, not the places
        lower=_at_bedside_or_by_emg(facts),
        others_excluded=None,
    )
    return _regions_together(found)


def _regions_together(found: Verdict) -> Verdict:
    """Name the regions once, not one by one."""
    words = {
        f"{kind}_{region}": f"{kind}_signs" for kind in ("upper", "lower") for region in REGIONS
    }
    return replace(found, missing=tuple(dict.fromkeys(words.get(m, m) for m in found.missing)))


def _neurons(facts: Facts) -> Neurons:
    counts = (_whole(facts, f"{p}_regions") for p in ("ex.umn", "ex.lmn", "emg.lmn"))
    return Neurons(*(_signs(count) for count in counts))


def _awaji(facts: Facts) -> Verdict:
    found = awaji_2008(_neurons(facts), progressive=_progressive(facts), others_excluded=None)
    return _regions_together(found)


def _el_escorial(facts: Facts) -> Verdict:
    neurons, course = _neurons(facts), _progressive(facts)
    found = el_escorial_revised(neurons, progressive=course, others_excluded=None)
    return _regions_together(found)


def _mcdonald_2017(facts: Facts) -> Verdict:
    regions = _whole(facts, "mri.ms_regions")
    # of the five regions counted, the optic nerve is none of the four of 2017
    dis = None if regions is None or regions == 2 else regions > 2
    return mcdonald_2017(
        attacks=_whole(facts, "hx.attacks_count"),
        lesions=None,
        better_explanation=None,
        dis=dis,
        dit=_flag(facts, "mri.dit"),
        bands=_flag(facts, "csf.positive_ms"),
        cord_lesions=_whole(facts, "mri.cord_lesion_count"),
    )


def _mcdonald_2024(facts: Facts) -> Verdict:
    rims = _whole(facts, "mri.prl_count")
    return mcdonald_2024(
        regions=_whole(facts, "mri.ms_regions"),
        better_explanation=None,
        dit=_flag(facts, "mri.dit"),
        csf_positive=_flag(facts, "csf.positive_ms"),
        cvs_positive=_flag(facts, "mri.cvs_positive"),
        prl_positive=None if rims is None else rims >= 1,
        cord_lesions=_whole(facts, "mri.cord_lesion_count"),
        antibody_positive=_positive(facts, "aqp4_ab") or _positive(facts, "mog_ab"),
    )


def _eular_acr(facts: Facts) -> Verdict:
    items: dict[str, bool | None] = {code: _present(facts, code) for code in PHENOTYPES}
    items["jo1"] = _positive(facts, "jo1_ab")
    items["enzymes_raised"] = _enzymes(facts)
    findings = facts.get("bx.muscle_findings")
    with_biopsy = isinstance(findings, list | tuple)
    if with_biopsy:
        items |= {item: code in findings for item, code in BIOPSY.items()}  # type: ignore[operator]
    known = {*POINTS, *(BIOPSY_POINTS if with_biopsy else ())}
    given = {name: value for name, value in items.items() if name in known}
    onset = _number(facts, "hx.onset_age_years")
    return eular_acr_2017(onset, given, with_biopsy=with_biopsy).verdict


def _enzymes(facts: Facts) -> bool | None:
    """One of the four above its limit; none of them raised only where all were measured."""
    flags = [facts.get(f"lab.{code}.flag") for code in ENZYMES]
    if any(flag in HIGH for flag in flags):
        return True
    return False if all(flag in NOT_HIGH for flag in flags) else None


def _raised(facts: Facts, analyte: str) -> bool | None:
    flag = facts.get(f"lab.{analyte}.flag")
    return True if flag in HIGH else False if flag in NOT_HIGH else None


def _brighton(facts: Facts) -> Verdict:
    bilateral = _flag(facts, "ex.bilateral_weakness")
    reduced = REDUCED.get(str(facts.get("ex.reflex_pattern")))
    return brighton_gbs(
        bilateral_flaccid_weakness=bilateral if reduced or bilateral is False else None,
        reflexes_reduced=reduced,
        days_to_nadir=_number(facts, "hx.days_onset_to_nadir"),
        better_explanation=None,
        csf_cells_per_ul=_number(facts, "lab.csf_wbc.value"),
        csf_protein_raised=_raised(facts, "csf_protein"),
        ncs_consistent=_flag(facts, "ncs.gbs_supportive"),
    )


def _cidp(facts: Facts) -> Verdict:
    motor = str(facts.get("crit.eanpns_cidp_2021_motor", INSUFFICIENT))
    weeks = _number(facts, "hx.weeks_of_progression")
    protein, cells, age = (
        _number(facts, path)
        for path in ("lab.csf_protein.value", "lab.csf_wbc.value", "pt.age_years")
    )
    known = protein is not None and cells is not None and age is not None
    findings = facts.get("bx.nerve_findings")
    biopsied = isinstance(findings, list | tuple)
    return eanpns_cidp_2021_dx(
        Verdict(motor),
        typical=None,
        eight_weeks=None if weeks is None else weeks >= WEEKS_OF_CIDP,
        sensory_abnormal_nerves=_whole(facts, "ncs.sensory_abnormal_nerves"),
        no_exclusion=None,
        nerve_enlargement=_flag(facts, "us.nerve_enlargement"),
        csf_protein_raised=(
            csf_supports(protein / MG_PER_DL_IN_G_PER_L, cells, age)  # type: ignore[operator, arg-type]
            if known
            else None
        ),
        biopsy_supports=(
            "demyelination_onion_bulbs" in findings if biopsied else None  # type: ignore[operator]
        ),
    )


_JUDGES: dict[str, Callable[[Facts], Verdict]] = {
    "gold_coast_2020": _gold_coast,
    "awaji_2008": _awaji,
    "el_escorial_revised": _el_escorial,
    "mcdonald_2017": _mcdonald_2017,
    "mcdonald_2024": _mcdonald_2024,
    "eular_acr_2017": _eular_acr,
    "brighton_gbs": _brighton,
    "eanpns_cidp_2021_dx": _cidp,
}
