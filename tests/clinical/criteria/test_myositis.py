"""The vectors of EULAR/ACR 2017."""

import pytest

from clinical.criteria import eular_acr_2017
from clinical.criteria.myositis import BIOPSY_POINTS, POINTS, category_of

LIMBS = ("arms_proximal", "legs_proximal")
ROW_2 = (*LIMBS, "neck_flexors_weaker", "legs_proximal_weaker", "enzymes_raised")
IBM = ("legs_proximal", "legs_proximal_weaker", "rimmed_vacuoles", "endomysial_cells")


def classify(age, present, *, with_biopsy=False, **given):
    names = {**POINTS, **(BIOPSY_POINTS if with_biopsy else {})}
    items = {name: name in present for name in names}
    return eular_acr_2017(age, items, with_biopsy=with_biopsy, **given)


@pytest.mark.parametrize(
    ("age", "present", "biopsy", "score", "probability", "category", "subgroup"),
    [
        (
            52,
            (*LIMBS, "heliotrope", "gottron_sign", "enzymes_raised"),
            False,
            11.3,
            0.997,
            "definite",
            "dermatomyositis",
        ),
        (52, ROW_2, False, 7.7, 0.915, "definite", "polymyositis"),
        (52, ROW_2, True, 7.6, 0.752, "probable", "polymyositis"),
        (
            52,
            (*ROW_2, "perifascicular_atrophy", "perimysial_cells"),
            True,
            10.7,
            0.985,
            "definite",
            "polymyositis",
        ),
        (
            30,
            ("legs_proximal", "jo1", "enzymes_raised"),
            False,
            7.3,
            0.878,
            "probable",
            "polymyositis",
        ),
        (
            68,
            (*IBM, "enzymes_raised", "dysphagia"),
            True,
            10.7,
            0.985,
            "definite",
            "inclusion body myositis",
        ),
        (
            8,
            ("heliotrope", "gottron_papules", "enzymes_raised"),
            False,
            6.5,
            0.763,
            "probable",
            "juvenile dermatomyositis",
        ),
        (45, ("legs_proximal", "enzymes_raised"), False, 4.2, 0.244, "not_classified", ""),
    ],
)
def test_the_published_table(age, present, biopsy, score, probability, category, subgroup):
    found = classify(age, present, with_biopsy=biopsy)
    assert (found.score, found.verdict.category, found.subgroup) == (score, category, subgroup)
    assert found.probability == pytest.approx(probability, abs=0.0006)


@pytest.mark.parametrize(
    ("with_biopsy", "tenths", "category"),
    [
        (False, 52, "not_classified"),
        (False, 53, "possible"),
        (False, 54, "possible"),
        (False, 55, "probable"),
        (False, 74, "probable"),
        (False, 75, "definite"),
        (True, 64, "not_classified"),
        (True, 65, "possible"),
        (True, 66, "possible"),
        (True, 67, "probable"),
        (True, 86, "probable"),
        (True, 87, "definite"),
    ],
)
def test_each_boundary_of_the_categories(with_biopsy, tenths, category):
    assert category_of(tenths, with_biopsy=with_biopsy) == category


def test_five_point_three_is_possible_with_its_published_probability():
    """1.3 + 3.3 + 0.7 = 5.3."""
    found = classify(20, ("gottron_sign", "dysphagia"))
    assert (found.score, found.verdict.category) == (5.3, "possible")
    assert found.probability == pytest.approx(0.493, abs=0.0006)


@pytest.mark.parametrize(("age", "points"), [(17.9, 0), (18, 1.3), (39.9, 1.3), (40, 2.1)])
def test_points_of_age_begin_on_the_birthday(age, points):
    assert classify(age, ()).score == points


def test_no_skin_sign_and_no_biopsy_asks_for_one():
    assert "biopsy" in classify(30, ("legs_proximal", "jo1", "enzymes_raised")).verdict.notes[0]
    assert not classify(52, (*LIMBS, "heliotrope", "gottron_sign")).verdict.notes


def test_weak_finger_flexors_that_no_treatment_helped_are_inclusion_body_myositis():
    found = classify(60, ROW_2, finger_flexors_weak=True, treatment_helped=False)
    assert found.subgroup == "inclusion body myositis"
    assert classify(60, ROW_2, finger_flexors_weak=True).subgroup == "polymyositis"


def test_what_is_not_known_scores_nothing_and_is_named():
    found = eular_acr_2017(52, {"heliotrope": True}, with_biopsy=False)
    assert (found.score, found.verdict.category) == (5.2, "insufficient_data")
    assert "gottron_sign" in found.verdict.missing
    found = eular_acr_2017(52, {"heliotrope": True, "gottron_sign": True}, with_biopsy=False)
    assert (found.verdict.category, found.verdict.at_least) == ("definite", False)
    assert eular_acr_2017(None, {}, with_biopsy=False).verdict.missing[0] == "age_at_onset"
    with pytest.raises(ValueError, match="rimmed_vacuoles"):
        eular_acr_2017(52, {"rimmed_vacuoles": True}, with_biopsy=False)
