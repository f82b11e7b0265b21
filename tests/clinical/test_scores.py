"""Scores against the published vectors and at every boundary."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from clinical.scores import (
    MRC_SUM_MOVEMENTS,
    delta_fs,
    item_sum,
    mrc_points,
    mrc_sum,
    slope_band,
    slope_between,
)
from clinical.strength import DISTAL, PROXIMAL, change, gradient, sides, weakness_items
from clinical.vocabulary import vocabulary

MONTH = 30.4375


def six(left, right):
    """Grades of the six movements of the sum, as "4+,4-,4,5,5,5"."""
    rows = {"left": left.split(","), "right": right.split(",")}
    return {
        (movement, side): grade
        for side, grades in rows.items()
        for movement, grade in zip(MRC_SUM_MOVEMENTS, grades, strict=True)
    }


@pytest.mark.parametrize(
    ("left", "right", "total", "band"),
    [
        ("5,5,5,5,5,5", "5,5,5,5,5,5", 60, ""),
        ("4,4,4,4,4,4", "4,4,4,4,4,4", 48, ""),
        ("4+,4-,4,5,5,5", "4,4,4,5,5,5", 54, ""),
        ("3,3,3,3,3,3", "3,3,3,3,3,3", 36, "marked"),
        ("0,0,0,0,0,0", "0,0,0,0,0,0", 0, "severe"),
        ("5,5,5,5,5,NT", "5,5,5,5,5,5", None, ""),
        ("2,3,3,1,2,1", "2,2,3,1,2,1", 23, "severe"),
        ("3,4,4,4,4,4", "4,4,4,4,4,4", 47, "marked"),
        ("2,3,3,3,3,3", "3,3,3,3,3,3", 35, "severe"),
    ],
)
def test_the_mrc_sum_of_the_published_vectors(left, right, total, band):
    found = mrc_sum(six(left, right))
    assert (found.total, found.band) == (total, band)
    assert found.status == ("incomplete" if total is None else "complete")


def test_an_incomplete_sum_says_how_much_was_tested():
    found = mrc_sum(six("5,5,5,5,5,NT", "5,5,5,5,5,4"))
    assert (found.tested, found.percent) == (11, 98)
    assert mrc_sum({}).percent is None


@pytest.mark.parametrize(
    ("grade", "points"),
    [("0", 0), ("3-", 3), ("3+", 3), ("4-", 4), ("4+", 4), ("5-", 4), ("5", 5), ("NT", None)],
)
def test_grades_with_a_sign_count_as_the_published_sum_says(grade, points):
    assert mrc_points(grade) == points


@pytest.mark.parametrize(
    ("total", "months", "slope", "band"),
    [
        (42, 12, 0.50, "intermediate"),
        (46, 12, 0.17, "slow"),
        (30, 12, 1.50, "fast"),
        (48, 9, 0.00, "slow"),
        (36, 10, 1.20, "fast"),
        (None, 8, None, "insufficient_data"),
        (40, 0.5, None, "insufficient_data"),
    ],
)
def test_the_slope_since_onset_of_the_published_vectors(total, months, slope, band):
    found = delta_fs(total, round(months * MONTH))
    assert found.band == band
    assert found.per_month == (None if slope is None else pytest.approx(slope, abs=0.01))


def test_a_slope_needs_a_month_and_an_onset():
    assert delta_fs(40, 30).band == "insufficient_data"
    assert delta_fs(40, 31).per_month == pytest.approx(8 * MONTH / 31)
    assert delta_fs(40, None).band == "insufficient_data"
    with pytest.raises(ValueError, match="expected 0 to 48"):
        delta_fs(49, 400)


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (0.0, "slow"),
        (0.469, "slow"),
        (0.47, "intermediate"),
        (1.11, "intermediate"),
        (1.111, "fast"),
        (Fraction("0.47"), "intermediate"),
        (Fraction("1.11"), "intermediate"),
        (-0.2, "slow"),
    ],
)
def test_the_bands_of_a_slope_at_their_boundaries(value, band):
    assert slope_band(value) == band


def test_a_slope_between_visits_needs_28_days():
    first = date(2026, 1, 5)
    assert slope_between(42, first, 40, first + timedelta(days=27)) is None
    at_limit = slope_between(42, first, 40, first + timedelta(days=28))
    assert at_limit == pytest.approx(2 * MONTH / 28)
    assert slope_between(40, first, 42, first + timedelta(days=61)) == pytest.approx(
        -0.998, abs=1e-3
    )
    assert slope_between(None, first, 42, first + timedelta(days=61)) is None


def both(movements, grade):
    return {(movement, side): grade for movement in movements for side in ("right", "left")}


def test_proximal_is_weaker_only_half_a_point_below_distal_and_with_four_cells_each():
    weak = both(PROXIMAL[:2], "4") | both(DISTAL[:2], "5")
    assert (gradient(weak).weaker, gradient(weak).proximal) == ("proximal", 4)
    even = both(PROXIMAL[:2], "5") | both(PROXIMAL[2:4], "4") | both(DISTAL[:2], "5")
    assert gradient(even).weaker == "proximal"
    assert gradient(even | both(PROXIMAL[4:5], "5")).weaker == ""
    few = both(PROXIMAL[:1], "0") | both(DISTAL, "5") | both(["neck_flexion"], "0")
    assert gradient(few).weaker is None
    assert gradient(both(PROXIMAL, "NT") | both(DISTAL, "5")).proximal is None


def test_weakness_of_the_myositis_criteria_is_of_both_sides_or_not_known():
    arms, legs = both(PROXIMAL[:4], "5"), both(PROXIMAL[4:], "5")
    full = weakness_items(arms | legs | both(DISTAL, "5"))
    assert set(full.values()) == {False, None}
    assert full["neck_flexors_weaker"] is None
    zero = both(["hip_flexion"], "0")  # no strength at all is weak, not ungraded
    weak = weakness_items(arms | legs | both(DISTAL, "5") | zero)
    assert (weak["legs_proximal"], weak["arms_proximal"]) == (True, False)
    one_side = weakness_items(arms | {("elbow_flexion", "left"): "3"})
    assert one_side["arms_proximal"] is False
    assert weakness_items({("elbow_flexion", "left"): "3"})["arms_proximal"] is None
    assert weakness_items(both(["elbow_flexion"], "5"))["arms_proximal"] is None
    neck = {("neck_flexion", "midline"): "4-", ("neck_extension", "midline"): "4"}
    assert weakness_items(neck)["neck_flexors_weaker"] is True
    steep = both(["hip_flexion", "knee_extension"], "3") | both(DISTAL, "5")
    assert weakness_items(steep)["legs_proximal_weaker"] is True


def test_one_side_is_weaker_from_three_pairs_on():
    even = both(PROXIMAL, "5")
    assert sides(even).weaker == ""
    two = even | {(movement, "left"): "4+" for movement in PROXIMAL[:2]}
    assert (sides(two).left, sides(two).weaker) == (2, "")
    three = even | {(movement, "left"): "4+" for movement in PROXIMAL[:3]}
    assert sides(three).weaker == "left"
    assert sides(three | {("hip_flexion", "right"): "NT"}).pairs == len(PROXIMAL) - 1
    assert sides(both(PROXIMAL[:2], "5")).weaker is None


def test_a_change_compares_only_what_was_graded_twice():
    before = {("hip_flexion", "left"): "4", ("hip_flexion", "right"): "NT", ("a", "left"): "3"}
    now = {("hip_flexion", "left"): "4-", ("hip_flexion", "right"): "5", ("b", "left"): "2"}
    assert change(before, now).worse == {("hip_flexion", "left"): ("4", "4-")}
    assert change(now, before).better == {("hip_flexion", "left"): ("4-", "4")}
    assert change(now, now).same == 3


SCALES = vocabulary().scales
ITEMISED = {code: scale for code, scale in SCALES.items() if scale.items}


def test_the_scales_with_item_entry_are_those_whose_ranges_are_known():
    assert {code: len(scale.items) for code, scale in ITEMISED.items()} == {
        "alsfrs_r": 12,
        "hfmse": 33,
        "chop_intend": 16,
        "nsaa": 17,
        "incat": 2,
        "irods": 24,
        "mg_adl": 8,
        "qmg": 13,
        "ibmfrs": 10,
        "cmtns2": 9,
    }


@pytest.mark.parametrize("scale", ITEMISED.values(), ids=ITEMISED)
def test_items_add_up_to_both_ends_of_their_scale(scale):
    lowest = {item.code: item.minimum for item in scale.items}
    highest = {item.code: item.maximum for item in scale.items}
    assert item_sum(scale, lowest).total == scale.minimum
    assert item_sum(scale, highest).total == scale.maximum
    for item in scale.items:
        missing = {code: points for code, points in highest.items() if code != item.code}
        assert item_sum(scale, missing).total is None
        assert item_sum(scale, missing).missing == (item.code,)
        for wrong in (item.minimum - 1, item.maximum + 1):
            with pytest.raises(ValueError, match="no item"):
                item_sum(scale, highest | {item.code: wrong})


def test_alsfrs_r_has_four_subscores_each_as_soon_as_its_three_items_are_there():
    scale = SCALES["alsfrs_r"]
    points = {item.code: 4 for item in scale.items} | {"speech": 2, "walking": 1, "resp_support": 3}
    found = item_sum(scale, points)
    assert found.total == 42
    assert found.subscores == {"bulbar": 10, "fine_motor": 12, "gross_motor": 9, "respiratory": 11}
    del points["walking"]
    found = item_sum(scale, points)
    assert (found.total, found.missing) == (None, ("walking",))
    assert set(found.subscores) == {"bulbar", "fine_motor", "respiratory"}


def test_an_item_that_a_scale_does_not_have_is_refused():
    with pytest.raises(ValueError, match="no item 99"):
        item_sum(SCALES["nsaa"], {"99": 1})
    assert item_sum(SCALES["brooke"], {}).total is None
