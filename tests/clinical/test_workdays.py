"""The working-day calendar around weekends and holidays."""

from datetime import date

import pytest

from clinical.workdays import WorkCalendar

EASTER = WorkCalendar(holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
GULF = WorkCalendar(weekend=(4, 5))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 4, 2), date(2026, 4, 2)),  # Thursday
        (date(2026, 4, 3), date(2026, 4, 7)),  # Good Friday, weekend, Easter Monday
        (date(2026, 4, 5), date(2026, 4, 7)),
    ],
)
def test_a_day_off_moves_to_the_next_working_day(day, expected):
    assert EASTER.next_working(day) == expected


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 4, 2), 3, date(2026, 4, 9)),
        (date(2026, 4, 7), -1, date(2026, 4, 2)),
        (date(2026, 4, 4), 0, date(2026, 4, 7)),
    ],
)
def test_adding_counts_working_days_only(start, n, expected):
    assert EASTER.add(start, n) == expected


def test_working_days_between_leaves_out_the_first_day_and_mirrors():
    assert EASTER.working_days_between(date(2026, 4, 2), date(2026, 4, 8)) == 2
    assert EASTER.working_days_between(date(2026, 4, 8), date(2026, 4, 2)) == -2
    assert EASTER.working_days_between(date(2026, 4, 2), date(2026, 4, 2)) == 0


def test_another_weekend_and_no_working_day_at_all():
    assert GULF.next_working(date(2026, 4, 3)) == date(2026, 4, 5)
    with pytest.raises(ValueError, match="at least one working day"):
        WorkCalendar(weekend=tuple(range(7)))
