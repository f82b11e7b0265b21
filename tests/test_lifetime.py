"""A date of a life: not before the birth, not after today, as far as both are known."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from patients.partial import UNKNOWN, check_lifetime, of_day, parse

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("when", "birth", "fits"),
    [
        ("1968-03-03", "1968-03-03", True),
        ("1968-03-02", "1968-03-03", False),
        ("1968-03", "1968-03-03", True),  # may be the day itself
        ("1968-02", "1968-03-03", False),
        ("1968", "1968-03-03", True),
        ("1967", "1968-03-03", False),
        ("1968-01-05", "1968", True),
        ("1967-12-31", "1968", False),
        ("", "1968-03-03", True),
        ("1950", "", True),  # nobody knows when she was born
        ("2026-11-25", "1968", True),
        ("2026-11-26", "1968", False),
        ("2027", "1968", False),
    ],
)
def test_only_what_is_certainly_outside_is_refused(when, birth, fits):
    if fits:
        check_lifetime(parse(when), birth=parse(birth), today=TODAY)
    else:
        with pytest.raises(ValidationError):
            check_lifetime(parse(when), birth=parse(birth), today=TODAY)


def test_a_day_that_is_not_known_is_no_date():
    assert of_day(None) == UNKNOWN
    assert parse("1968-12").last == date(1968, 12, 31)
    assert parse("2024-02").last == date(2024, 2, 29)
