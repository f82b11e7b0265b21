import pytest

from clinical.conduction import Limits, Site, default_limits, read_motor, read_sensory
from clinical.needle import lmn_regions, read_muscle
from tests.clinical.conduction_cases import MOTOR, NEEDLE, SENSORY


def outcome(readings):
    return [(list(r.flags), r.velocity, r.computed) for r in readings]


@pytest.mark.parametrize(("nerve", "sites", "filter_hz", "expected"), MOTOR)
def test_motor_numbers_are_read_as_by_hand(nerve, sites, filter_hz, expected):
    rows = [Site(**site) for site in sites]
    assert outcome(read_motor(nerve, rows, default_limits(nerve, 40), filter_hz)) == expected


@pytest.mark.parametrize(("nerve", "sites", "expected"), SENSORY)
def test_sensory_numbers_are_read_as_by_hand(nerve, sites, expected):
    rows = [Site(**site) for site in sites]
    assert outcome(read_sensory(rows, default_limits(nerve, None))) == expected


def test_without_limits_only_what_needs_none_is_judged():
    assert default_limits("sural_s", 15.9) == Limits()
    small = read_sensory([Site(amplitude=1)], Limits())
    absent = read_sensory([Site(absent=True)], Limits())
    fine = read_sensory([Site(rest_normal=True)], Limits())
    assert [r[0].judged for r in (small, absent, fine)] == [False, True, True]
    assert absent[0].flags == ("absent",)


@pytest.mark.parametrize(("found", "expected"), NEEDLE)
def test_a_muscle_is_read_by_the_rules_of_the_vocabulary(found, expected):
    assert list(read_muscle(found)) == expected


def test_a_limb_region_needs_two_muscles_and_two_sides_are_one_muscle():
    lmn = {"fib": "1+", "muap_duration": "increased"}
    assert lmn_regions([("tongue", lmn), ("deltoid", lmn), ("deltoid", lmn)]) == ["bulbar"]
    assert lmn_regions([("deltoid", lmn), ("biceps", lmn)]) == ["cervical"]
