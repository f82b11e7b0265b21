"""Criteria from the facts of a case: what is not recorded stays unknown and is asked for."""

import pytest

from clinical.criteria.from_facts import SOURCES, so_far
from clinical.vocabulary import vocabulary

COURSE = {"hx.progression": "chronic_progressive"}
GBS = {
    "ex.bilateral_weakness": True,
    "ex.reflex_pattern": "globally_absent",
    "hx.days_onset_to_nadir": 9,
}
SKIN = {
    "hx.onset_age_years": 50,
    "ph.heliotrope": "present",
    "ph.gottron_papules": "present",
    "ph.gottron_sign": "present",
    "bx.muscle_findings": ["perifascicular_atrophy"],
}
MRI = {"mri.ms_regions": 3, "mri.dit": True, "hx.attacks_count": 2}
CASES = [  # criteria, facts, category, at least?, one input that would settle it
    ("gold_coast_2020", {}, "insufficient_data", False, "progressive"),
    (
        "gold_coast_2020",
        COURSE | {"ex.umn_regions": 1, "ex.lmn_regions": 1},
        "insufficient_data",
        False,
        "others_excluded",
    ),
    ("gold_coast_2020", COURSE | {"ex.umn_regions": 1}, "insufficient_data", False, "lower_signs"),
    (  # the needle may still find what the bedside did not
        "gold_coast_2020",
        COURSE | {"ex.umn_regions": 2, "ex.lmn_regions": 0},
        "insufficient_data",
        False,
        "lower_signs",
    ),
    (
        "gold_coast_2020",
        COURSE | {"ex.umn_regions": 2, "ex.lmn_regions": 0, "emg.lmn_regions": 0},
        "not_met",
        False,
        None,
    ),
    (
        "gold_coast_2020",
        COURSE | {"ex.umn_regions": 0, "ex.lmn_regions": 1, "emg.lmn_regions": 1},
        "insufficient_data",
        False,
        "lower_signs",
    ),
    ("gold_coast_2020", {"hx.progression": "static"}, "not_met", False, None),
    (
        "awaji_2008",
        COURSE | {"ex.umn_regions": 2, "ex.lmn_regions": 2},
        "insufficient_data",
        False,
        "upper_signs",
    ),
    ("awaji_2008", {"hx.progression": "episodic"}, "not_met", False, None),
    (
        "el_escorial_revised",
        COURSE | {"ex.umn_regions": 4, "ex.lmn_regions": 4},
        "insufficient_data",
        False,
        "others_excluded",
    ),
    ("mcdonald_2017", {}, "insufficient_data", False, "attacks"),
    ("mcdonald_2017", MRI, "insufficient_data", False, "better_explanation"),
    ("mcdonald_2024", {"lab.aqp4_ab.flag": "positive"}, "not_confirmed", False, None),
    ("mcdonald_2024", {"mri.ms_regions": 4}, "insufficient_data", False, "better_explanation"),
    ("eular_acr_2017", SKIN, "definite", False, None),
    ("eular_acr_2017", {"ph.heliotrope": "present"}, "insufficient_data", False, "age_at_onset"),
    ("brighton_gbs", {"ex.bilateral_weakness": False}, "not_a_case", False, None),
    ("brighton_gbs", GBS, "level_4", True, "better_explanation"),
    ("eanpns_cidp_2021_dx", {"hx.weeks_of_progression": 7}, "not_met", False, None),
    ("eanpns_cidp_2021_dx", {"hx.weeks_of_progression": 8}, "insufficient_data", False, "motor"),
]


@pytest.mark.parametrize(("code", "facts", "category", "at_least", "missing"), CASES)
def test_what_the_facts_say_so_far(code, facts, category, at_least, missing):
    found = so_far(code, facts)
    assert (found.verdict.category, found.verdict.at_least) == (category, at_least), found
    assert missing in found.verdict.missing if missing else not found.verdict.missing
    assert found.source


def test_two_regions_of_five_may_be_one_of_the_four_of_2017():
    """The optic nerve counts in 2024 alone."""
    two, three = (so_far("mcdonald_2017", {"mri.ms_regions": n}).verdict for n in (2, 3))
    assert "dis" in two.missing
    assert "dis" not in three.missing


def test_every_criterion_worked_out_here_is_one_of_the_vocabulary():
    assert set(SOURCES) <= set(vocabulary().criteria)
    for code in SOURCES:
        outputs = vocabulary().criteria[code].outputs
        assert so_far(code, {}).verdict.category in outputs
    assert so_far("mrc_sum_score", {}) is None
