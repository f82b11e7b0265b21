"""The criteria of CIDP and of Guillain-Barré syndrome on the facts of a case."""

from __future__ import annotations

from typing import Any

from clinical.criteria import reading
from clinical.criteria.cidp import SOURCE, csf_supports, eanpns_cidp_2021_dx
from clinical.criteria.gbs import FEW_CELLS, NADIR_DAYS, brighton_gbs
from clinical.criteria.so_far import Criterion, Facts, Input, Values
from clinical.criteria.verdict import INSUFFICIENT, Verdict

WEEKS_OF_CIDP = 8
_MG_PER_DL_IN_G_PER_L = 100
_MOTOR = "crit.eanpns_cidp_2021_motor"
_CELLS, _PROTEIN = "lab.csf_wbc.value", "lab.csf_protein.value"
_REDUCED = {  # reflex pattern → reduced?
    "globally_reduced": True,
    "globally_absent": True,
    "distally_reduced": True,
    "normal": False,
    "brisk": False,
}


def _reflexes(facts: Facts) -> bool | None:
    return _REDUCED.get(str(facts.get("ex.reflex_pattern")))


def _flaccid(facts: Facts) -> bool | None:
    """Weak on both sides, and flaccid as far as the reflexes tell."""
    bilateral = reading.flag("ex.bilateral_weakness")(facts)
    return bilateral if bilateral is False or _reflexes(facts) else None


def _csf_supports(facts: Facts) -> bool | None:
    paths = (_PROTEIN, _CELLS, "pt.age_years")
    protein, cells, age = (reading.number(path)(facts) for path in paths)
    if protein is None or cells is None or age is None:
        return None
    return csf_supports(protein / _MG_PER_DL_IN_G_PER_L, cells, age)


def _motor(facts: Facts) -> str | None:
    category = facts.get(_MOTOR)
    return category if isinstance(category, str) and category != INSUFFICIENT else None


_GBS = (
    Input(
        "bilateral_flaccid_weakness",
        "Flaccid weakness on both sides",
        ("ex.bilateral_weakness", "ex.reflex_pattern"),
        _flaccid,
    ),
    Input("reflexes_reduced", "Reflexes reduced or absent", ("ex.reflex_pattern",), _reflexes),
    Input(
        "days_to_nadir",
        "Nadir between 12 hours and 28 days",
        ("hx.days_onset_to_nadir",),
        reading.number("hx.days_onset_to_nadir"),
        met=lambda days: NADIR_DAYS[0] <= days <= NADIR_DAYS[1],
    ),
    Input(
        "csf_cells_per_ul",
        f"Fewer than {FEW_CELLS} cells in CSF",
        (_CELLS,),
        reading.number(_CELLS),
        met=lambda cells: cells < FEW_CELLS,
    ),
    Input(
        "csf_protein_raised",
        "CSF protein raised",
        ("lab.csf_protein.flag", _PROTEIN),
        reading.raised("csf_protein"),
    ),
    Input(
        "ncs_consistent",
        "Conduction studies that fit",
        ("ncs.gbs_supportive",),
        reading.flag("ncs.gbs_supportive"),
    ),
    Input(
        "better_explanation",
        "Nothing explains it better",
        met=lambda explained: not explained,
        assumed=False,
    ),
)
_CIDP = (
    Input("typical", "Typical form: symmetric, proximal and distal, reflexes lost", assumed=True),
    Input(
        "eight_weeks",
        "Progression for 8 weeks or more",
        ("hx.weeks_of_progression",),
        reading.at_least("hx.weeks_of_progression", WEEKS_OF_CIDP),
    ),
    Input(
        "motor",
        "Motor conduction criteria",
        (_MOTOR,),
        _motor,
        met=lambda category: category != "none",
    ),
    Input(
        "sensory_abnormal_nerves",
        "Two abnormal sensory nerves or more",
        ("ncs.sensory_abnormal_nerves",),
        reading.count("ncs.sensory_abnormal_nerves"),
        ("sensory",),
        met=lambda nerves: nerves >= 2,
    ),
    Input(
        "csf_protein_raised",
        "CSF protein raised with few cells",
        (_PROTEIN, _CELLS, "pt.age_years"),
        _csf_supports,
    ),
    Input(
        "nerve_enlargement",
        "Nerve enlargement on ultrasound",
        ("us.nerve_enlargement",),
        reading.flag("us.nerve_enlargement"),
    ),
    Input(
        "biopsy_supports",
        "Nerve biopsy: demyelination",
        ("bx.nerve_findings",),
        reading.listed("bx.nerve_findings", "demyelination_onion_bulbs"),
    ),
    Input("treatment_response", "Better under immune treatment"),
    Input("no_exclusion", "No other neuropathy explains it", assumed=True),
)


def _cidp(values: Values) -> Verdict:
    given: Any = dict(values)
    motor = Verdict(given.pop("motor") or INSUFFICIENT)
    return eanpns_cidp_2021_dx(motor, **given)


def _brighton(values: Values) -> Verdict:
    given: Any = values
    return brighton_gbs(**given)


CRITERIA = (
    Criterion("brighton_gbs", "gbs", "Sejvar et al., Vaccine 2011;29:599-612", _GBS, _brighton),
    Criterion("eanpns_cidp_2021_dx", "neuropathy", SOURCE, _CIDP, _cidp),
)
