"""The vectors of EAN/PNS 2021 (CIDP) and Brighton (GBS)."""

from dataclasses import replace

import pytest

from clinical.criteria import (
    NOT_DONE,
    MotorNerve,
    Verdict,
    brighton_gbs,
    eanpns_cidp_2021_dx,
    eanpns_cidp_2021_motor,
)
from clinical.criteria.cidp import DISTAL_DURATION_MS, csf_supports

NORMAL = {
    "distal_mv": 8.0,
    "distal_lln": 4.0,
    "latency_ms": 3.0,
    "latency_uln": 4.4,
    "velocity": 55.0,
    "velocity_lln": 49.0,
    "f_ms": 28.0,
    "f_uln": 32.0,
    "f_absent": False,
    "proximal_mv": 7.8,
    "distal_duration_ms": 6.0,
    "proximal_duration_ms": 6.3,
    "low_filter_hz": 2,
}
MEDIAN, ULNAR, TIBIAL, FIBULAR = (
    MotorNerve(kind, **NORMAL) for kind in ("median", "ulnar", "tibial", "fibular")
)
NERVES = (MEDIAN, ULNAR, TIBIAL, FIBULAR)


def motor(*changed):
    """The verdict when these nerves differ from normal ones."""
    kinds = {nerve.kind: nerve for nerve in NERVES} | {nerve.kind: nerve for nerve in changed}
    return eanpns_cidp_2021_motor(kinds.values())


ABSENT_F = {"f_ms": None, "f_absent": True}


@pytest.mark.parametrize(
    ("changed", "strength"),
    [
        ([replace(MEDIAN, velocity=30), replace(ULNAR, velocity=30)], "strong"),
        ([replace(MEDIAN, velocity=30)], "weak"),
        (
            [
                replace(ULNAR, distal_mv=6.0, distal_lln=6.0, proximal_mv=3.9),
                replace(FIBULAR, latency_ms=10.0, latency_uln=6.5),
            ],
            "strong",
        ),
        ([replace(TIBIAL, proximal_mv=4.0)], "none"),
        ([replace(TIBIAL, distal_mv=0.5, proximal_mv=0.5, **ABSENT_F)], "none"),
        ([replace(MEDIAN, latency_ms=7.0, carpal_tunnel=True)], "none"),
        ([replace(MEDIAN, latency_ms=7.0)], "weak"),
        ([], "none"),
        # different criteria in two nerves, and lost F waves alone
        ([replace(MEDIAN, latency_ms=7.0), replace(ULNAR, velocity=30)], "weak"),
        ([replace(MEDIAN, **ABSENT_F), replace(ULNAR, **ABSENT_F)], "weak"),
        ([replace(MEDIAN, **ABSENT_F), replace(ULNAR, **ABSENT_F, velocity=30)], "weak"),
        (
            [
                replace(MEDIAN, **ABSENT_F),
                replace(ULNAR, **ABSENT_F),
                replace(FIBULAR, velocity=30),
            ],
            "strong",
        ),
        ([replace(MEDIAN, proximal_mv=5.0), replace(ULNAR, **ABSENT_F)], "weak"),
        ([replace(MEDIAN, distal_duration_ms=9.0), replace(ULNAR, velocity=30)], "strong"),
        ([replace(MEDIAN, distal_duration_ms=9.0)], "weak"),
    ],
)
def test_motor_criteria(changed, strength):
    assert motor(*changed) == Verdict(strength)


@pytest.mark.parametrize(
    ("criterion", "outside", "at"),
    [
        ("latency", {"latency_ms": 6.59}, {"latency_ms": 6.6}),
        ("velocity", {"velocity": 34.31}, {"velocity": 34.3}),
        ("f_late", {"f_ms": 38.3}, {"f_ms": 38.4}),
        (
            "f_late",
            {"f_ms": 47.9, "distal_mv": 3.19},
            {"f_ms": 48.0, "distal_mv": 3.19},
        ),
        ("f_late", {"f_ms": 38.3, "distal_mv": 3.2}, {"f_ms": 38.4, "distal_mv": 3.2}),
        ("f_absent", {**ABSENT_F, "distal_mv": 0.79}, {**ABSENT_F, "distal_mv": 0.8}),
        ("block", {"proximal_mv": 5.61}, {"proximal_mv": 5.6}),
        ("block", {"distal_mv": 0.7, "proximal_mv": 0.1}, {"distal_mv": 0.8, "proximal_mv": 0.1}),
        ("dispersion", {"proximal_duration_ms": 7.8}, {"proximal_duration_ms": 7.81}),
        ("distal_duration", {"distal_duration_ms": 8.4}, {"distal_duration_ms": 8.41}),
    ],
)
def test_each_limit_of_a_nerve(criterion, outside, at):
    assert replace(MEDIAN, **outside).findings()[criterion] is False
    assert replace(MEDIAN, **at).findings()[criterion] is True


@pytest.mark.parametrize(("proximal", "met"), [(11.9, False), (12.0, True)])
def test_a_tibial_response_may_spread_to_twice_its_length(proximal, met):
    assert replace(TIBIAL, proximal_duration_ms=proximal).findings()["dispersion"] is met


@pytest.mark.parametrize("kind", DISTAL_DURATION_MS)
def test_the_limit_of_the_duration_follows_the_low_filter(kind):
    for hertz, limit in DISTAL_DURATION_MS[kind].items():
        nerve = MotorNerve(kind, low_filter_hz=hertz, distal_duration_ms=limit)
        assert nerve.findings()["distal_duration"] is False
        longer = replace(nerve, distal_duration_ms=limit + 0.1)
        assert longer.findings()["distal_duration"] is True
        assert replace(longer, low_filter_hz=None).findings()["distal_duration"] is None


def test_what_was_not_measured_is_open():
    found = eanpns_cidp_2021_motor([MotorNerve("median"), MotorNerve("ulnar")])
    assert found.category == "insufficient_data"
    one_slow = MotorNerve("median", velocity=30, velocity_lln=49)
    found = eanpns_cidp_2021_motor([one_slow, MotorNerve("ulnar")])
    assert (found.category, found.at_least) == ("weak", True)
    assert eanpns_cidp_2021_motor([]).missing == ("motor_nerves",)


CLINICAL = {"typical": True, "eight_weeks": True, "sensory_abnormal_nerves": 2}
NO_SUPPORT = {
    "treatment_response": False,
    "nerve_enlargement": False,
    "csf_protein_raised": False,
    "biopsy_supports": False,
}
TWO_SUPPORT = {"nerve_enlargement": True, "csf_protein_raised": csf_supports(0.9, 2, 60)}


@pytest.mark.parametrize(
    ("strength", "given", "category"),
    [
        ("strong", {}, "cidp"),
        ("weak", {}, "possible_cidp"),
        ("weak", TWO_SUPPORT, "cidp"),
        ("none", {}, "not_met"),
        ("strong", {"eight_weeks": False}, "not_met"),
        ("strong", {"sensory_abnormal_nerves": 1}, "possible_cidp"),
        ("strong", {"sensory_abnormal_nerves": 1, **TWO_SUPPORT}, "cidp"),
        ("weak", {"sensory_abnormal_nerves": 1}, "not_met"),
        ("weak", {"sensory_abnormal_nerves": 1, **TWO_SUPPORT}, "cidp"),
        ("none", TWO_SUPPORT, "not_met"),
        ("strong", {"no_exclusion": False}, "not_met"),
        ("strong", {"typical": None}, "insufficient_data"),
    ],
)
def test_cidp(strength, given, category):
    found = eanpns_cidp_2021_dx(Verdict(strength), **CLINICAL | NO_SUPPORT | given)
    assert found.category == category


def test_a_motor_grade_that_could_rise_leaves_the_diagnosis_open():
    motor_so_far = Verdict("weak", at_least=True, missing=("velocity",))
    found = eanpns_cidp_2021_dx(motor_so_far, **CLINICAL | NO_SUPPORT)
    assert (found.category, found.at_least, found.missing) == ("possible_cidp", True, ("motor",))


@pytest.mark.parametrize(
    ("protein", "cells", "age", "supports"),
    [
        (0.51, 2, 49, True),
        (0.5, 2, 49, False),
        (0.51, 2, 50, False),
        (0.61, 2, 50, True),
        (0.9, 10, 60, False),
        (0.9, 9, 60, True),
    ],
)
def test_csf_supports_above_the_limit_of_the_age(protein, cells, age, supports):
    assert csf_supports(protein, cells, age) is supports


BASE = {
    "bilateral_flaccid_weakness": True,
    "reflexes_reduced": True,
    "days_to_nadir": 14,
    "better_explanation": False,
}


def measured(cells, raised, consistent):
    return {
        "csf_cells_per_ul": cells,
        "csf_protein_raised": raised,
        "ncs_consistent": consistent,
    }


@pytest.mark.parametrize(
    ("inputs", "level"),
    [
        (measured(4, True, True), "level_1"),
        (measured(4, False, True), "level_2"),
        (measured(NOT_DONE, None, True), "level_2"),
        (measured(NOT_DONE, None, NOT_DONE), "level_3"),
        (measured(120, True, True), "level_3"),
        (measured(49, True, True), "level_1"),
        (measured(50, True, True), "level_3"),
        ({**measured(3, True, True), "days_to_nadir": 40}, "not_a_case"),
        ({**measured(2, True, True), "reflexes_reduced": False}, "not_a_case"),
        ({"bilateral_flaccid_weakness": None}, "level_4"),
        ({**measured(4, True, True), "days_to_nadir": 28}, "level_1"),
        ({**measured(4, True, True), "days_to_nadir": 29}, "not_a_case"),
        ({**measured(4, True, True), "days_to_nadir": 0.5}, "level_1"),
        ({**measured(4, True, True), "days_to_nadir": 0.4}, "not_a_case"),
        ({**measured(4, True, True), "days_to_nadir": None}, "level_4"),
    ],
)
def test_brighton(inputs, level):
    assert brighton_gbs(**BASE | inputs).category == level


def test_brighton_says_what_is_open_and_what_to_look_at():
    assert brighton_gbs(**BASE).at_least
    assert brighton_gbs(**BASE).missing == (
        "csf_cells_per_ul",
        "csf_protein_raised",
        "ncs_consistent",
    )
    assert "another diagnosis" in brighton_gbs(**BASE, **measured(120, True, True)).notes[0]
    kept = {**BASE, "reflexes_reduced": False}
    assert "keeps reflexes" in brighton_gbs(**kept).notes[0]
    assert brighton_gbs(**BASE | {"days_to_nadir": None}).missing == ("days_to_nadir",)
