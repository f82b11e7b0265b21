"""Criteria on the facts of a case: what is not recorded stays unknown and is asked for."""

import pytest

from clinical.criteria.from_facts import HELD, so_far
from clinical.criteria.so_far import hold
from clinical.pathways import pathways
from clinical.vocabulary import vocabulary

COURSE = {"hx.progression": "chronic_progressive"}
ALL = ["bulbar", "cervical", "thoracic", "lumbosacral"]
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
CIDP = {
    "hx.weeks_of_progression": 8,
    "crit.eanpns_cidp_2021_motor": "strong",
    "ncs.sensory_abnormal_nerves": 2,
}
QUIET_NEEDLE = {"emg.lmn_in": [], "emg.regions_studied": 4}
UNKNOWN = "Not yet known"
CASES = [  # criteria, facts, in words, in words once a clinician affirms, an input that settles it
    ("gold_coast_2020", {}, UNKNOWN, "", "motor impairment that progresses"),
    (
        "gold_coast_2020",
        COURSE | {"ex.umn_in": ["cervical"], "ex.lmn_in": ["cervical"]},
        UNKNOWN,
        "Met",
        None,
    ),
    (
        "gold_coast_2020",
        COURSE | {"ex.umn_in": ["bulbar"]},
        UNKNOWN,
        "",
        "lower motor neuron signs, at the bedside or by needle",
    ),
    (  # the needle may still find what the bedside did not
        "gold_coast_2020",
        COURSE | {"ex.umn_in": ["bulbar"], "ex.lmn_in": []},
        UNKNOWN,
        "",
        "lower motor neuron signs, at the bedside or by needle",
    ),
    (
        "gold_coast_2020",
        COURSE | {"ex.umn_in": ["bulbar"], "ex.lmn_in": []} | QUIET_NEEDLE,
        "Not met",
        "",
        None,
    ),
    ("gold_coast_2020", {"hx.progression": "static"}, "Not met", "", None),
    (
        "awaji_2008",
        COURSE | {"ex.umn_in": ALL, "ex.lmn_in": ["bulbar", "cervical"]},
        UNKNOWN,
        "At least probable",
        "lower motor neuron signs, at the bedside or by needle",
    ),
    ("awaji_2008", COURSE | {"ex.umn_in": ALL, "ex.lmn_in": ALL}, UNKNOWN, "Definite", None),
    ("awaji_2008", {"hx.progression": "episodic"}, "Not met", "", None),
    (
        "el_escorial_revised",
        COURSE
        | {"ex.umn_in": ["cervical"], "ex.lmn_in": ["cervical"]}
        | {"emg.lmn_in": ["cervical", "lumbosacral"], "emg.regions_studied": 4},
        UNKNOWN,
        "Probable lab supported",
        None,
    ),
    ("mcdonald_2017", {}, UNKNOWN, "", "two attacks or more"),
    ("mcdonald_2017", MRI, UNKNOWN, "MS", None),
    ("mcdonald_2024", {"lab.aqp4_ab.flag": "positive"}, "Not confirmed", "", None),
    ("mcdonald_2024", {"mri.ms_regions": 4}, UNKNOWN, "MS", None),
    ("eular_acr_2017", SKIN, "Definite", "", None),
    (
        "eular_acr_2017",
        {"ph.heliotrope": "present"},
        UNKNOWN,
        "",
        "first symptom at 18 years or later",
    ),
    ("brighton_gbs", {"ex.bilateral_weakness": False}, "No case of GBS", "", None),
    ("brighton_gbs", GBS, "At least level 4", "At least level 3", None),
    ("eanpns_cidp_2021_dx", {"hx.weeks_of_progression": 7}, "Not met", "", None),
    ("eanpns_cidp_2021_dx", CIDP, UNKNOWN, "CIDP", None),
    ("eanpns_cidp_2021_dx", {}, UNKNOWN, "", "motor conduction criteria"),
]


@pytest.mark.parametrize(("code", "facts", "category", "affirmed", "settles"), CASES)
def test_what_the_facts_say_so_far(code, facts, category, affirmed, settles):
    found = hold(HELD[code], facts)
    assert (found.category, found.on_judgement) == (category, affirmed), found.verdict
    assert settles in found.would_settle if settles else True


def test_two_regions_of_five_may_be_one_of_the_four_of_2017():
    """The optic nerve counts in 2024 alone."""
    two, three = (hold(HELD["mcdonald_2017"], {"mri.ms_regions": n}).verdict for n in (2, 3))
    assert "dis" in two.missing
    assert "dis" not in three.missing


def test_a_kappa_index_is_no_band_of_2017():
    kappa = {"lab.csf_kflc_index.value": 9.0, "csf.positive_ms": True}
    states = {
        code: {part.label: part.met for part in hold(HELD[code], kappa).parts}
        for code in ("mcdonald_2017", "mcdonald_2024")
    }
    assert states["mcdonald_2017"]["Oligoclonal bands in CSF only"] is None
    assert states["mcdonald_2024"]["Bands in CSF only, or a high kappa index"] is True


def test_a_region_that_no_needle_studied_is_not_known():
    facts = {"emg.lmn_in": ["bulbar"], "emg.regions_studied": 2, "ex.lmn_in": []}
    limbs = {part.label: part.met for part in hold(HELD["el_escorial_revised"], facts).parts}
    assert limbs["Denervation by needle in two limbs"] is None
    assert limbs["Lower motor neuron signs at the bedside"] is False


def test_each_is_of_the_vocabulary_and_of_a_pathway_and_rests_on_facts_that_exist():
    for code, criterion in HELD.items():
        assert criterion.pathway in pathways()
        outputs = vocabulary().criteria[code].outputs
        assert hold(criterion, {}).verdict.category in outputs
        paths = [path for each in criterion.inputs for path in each.paths]
        assert [path for path in paths if vocabulary().fact(path) is None] == []
    assert {each.criterion.code for each in so_far(["gbs"], {})} == {"brighton_gbs"}


@pytest.mark.parametrize("code", HELD)
def test_nothing_known_is_neither_met_nor_unmet(code):
    assert {part.met for part in hold(HELD[code], {}).parts} == {None}
