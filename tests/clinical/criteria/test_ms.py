"""The vectors of the McDonald criteria of 2017 and 2024."""

import pytest

from clinical.criteria import central_vein, mcdonald_2017, mcdonald_2024


@pytest.mark.parametrize(
    ("inputs", "category"),
    [
        ({"attacks": 2, "lesions": 2}, "ms"),
        ({"attacks": 1, "lesions": 2, "dis": True, "dit": True}, "ms"),
        ({"attacks": 1, "lesions": 2, "dis": True, "dit": False, "bands": True}, "ms"),
        ({"attacks": 1, "lesions": 1, "dis": True, "dit": False, "bands": False}, "possible_ms"),
        ({"attacks": 1, "lesions": 1, "dis": False, "dit": True, "bands": True}, "possible_ms"),
        ({"attacks": 0, "months_progressive": 18, "cord_lesions": 2, "bands": True}, "ms"),
        ({"attacks": 0, "months_progressive": 6, "cord_lesions": 2, "bands": True}, "possible_ms"),
        ({"attacks": 2, "lesions": 1, "history_elsewhere": True}, "ms"),
        (
            {"attacks": 1, "lesions": 2, "dis": True, "dit": True, "better_explanation": True},
            "not_ms",
        ),
        # at the edge of twelve months, and what is open
        ({"attacks": 0, "months_progressive": 12, "cord_lesions": 2, "bands": True}, "ms"),
        (
            {"attacks": 0, "months_progressive": 11.9, "cord_lesions": 2, "bands": True},
            "possible_ms",
        ),
        ({"attacks": 2, "lesions": 1}, "insufficient_data"),
        ({"attacks": 1, "lesions": 1, "dis": False}, "possible_ms"),
    ],
)
def test_mcdonald_2017(inputs, category):
    assert mcdonald_2017(**_defaults(inputs)).category == category


def _defaults(inputs):
    return {"attacks": None, "lesions": None, "better_explanation": False} | inputs


def test_what_would_settle_2017_is_named():
    found = mcdonald_2017(**_defaults({"attacks": 1, "lesions": 1, "dis": True}))
    assert (found.category, found.missing) == ("insufficient_data", ("dit", "bands"))
    found = mcdonald_2017(
        **_defaults({"attacks": 0, "months_progressive": 20, "cord_lesions": None, "bands": True})
    )
    assert set(found.missing) == {"brain_lesion", "cord_lesions"}


NOTHING_ELSE = {
    "dit": False,
    "csf_positive": False,
    "cvs_positive": False,
    "prl_positive": False,
    "cord_lesions": 0,
    "months_progressive": 0,
    "better_explanation": False,
}


@pytest.mark.parametrize(
    ("inputs", "category"),
    [
        ({"regions": 4}, "ms"),
        ({"regions": 2, "csf_positive": True}, "ms"),
        ({"regions": 3, "cvs_positive": True}, "ms"),
        ({"regions": 2}, "not_confirmed"),
        ({"regions": 1, "dit": True, "cvs_positive": True}, "ms"),
        ({"regions": 1, "dit": True, "csf_positive": True}, "not_confirmed"),
        ({"regions": 2, "dit": True, "csf_positive": None, "cvs_positive": None}, "ms"),
        ({"regions": 1, "cord_lesions": 2, "months_progressive": 14, "csf_positive": True}, "ms"),
        ({"regions": 4, "dit": True, "antibody_positive": True}, "not_confirmed"),
        ({"regions": 5}, "ms"),
        ({"regions": 3}, "not_confirmed"),
        ({"regions": 2, "prl_positive": True}, "not_confirmed"),  # alone it completes nothing
        ({"regions": 1, "prl_positive": True, "csf_positive": True}, "ms"),
        ({"regions": 2, "csf_positive": None}, "insufficient_data"),
        ({"regions": 4, "better_explanation": True}, "not_confirmed"),
    ],
)
def test_mcdonald_2024(inputs, category):
    assert mcdonald_2024(**NOTHING_ELSE | inputs).category == category


@pytest.mark.parametrize(
    ("with_vein", "assessed", "positive"),
    [
        (6, 12, True),
        (5, 12, False),
        (4, 7, True),
        (4, 8, False),
        (0, 0, False),
        (5, 9, True),
        (6, 10, True),
        (5, 10, False),
        (None, 9, None),
    ],
)
def test_the_central_vein_sign_follows_select_six(with_vein, assessed, positive):
    assert central_vein(with_vein, assessed) is positive
