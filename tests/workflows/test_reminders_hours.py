"""When a mail may leave, on every clock that people use."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.workdays import WorkCalendar
from workflows.reminders.hours import is_allowed, next_allowed, next_digest, wall_time

LONDON = ZoneInfo("Europe/London")
ZONES = [
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",  # half an hour of summer time
    "Pacific/Apia",  # had no 30 December 2011
    "Asia/Kolkata",
    "America/Sao_Paulo",  # midnight did not exist on some days
]
CALENDAR = WorkCalendar(frozenset({date(2026, 1, 1), date(2026, 12, 25), date(2026, 12, 28)}))
HOURS = st.times(timezones=st.none()).map(lambda clock: clock.replace(microsecond=0))
instants = st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
# hours around the nights on which clocks change: what 08:00 hides has to be right as well
changes = st.builds(
    lambda day, minutes: datetime(*day, tzinfo=UTC) + timedelta(minutes=minutes),
    st.sampled_from([(2026, 3, 28), (2026, 10, 24), (2026, 4, 4), (2011, 12, 29), (2018, 11, 3)]),
    st.integers(0, 3 * 24 * 60),
)


@given(instants | changes, st.sampled_from(ZONES), HOURS)
def test_the_next_moment_is_the_first_one_that_is_allowed(instant, zone, opens):
    zone, closes = ZoneInfo(zone), max(opens, time(18)).replace(fold=0)
    if opens >= closes:
        return
    hours = (zone, CALENDAR, opens, closes)
    found = next_allowed(instant, *hours)
    assert found >= instant
    assert is_allowed(found, *hours)
    assert next_allowed(found, *hours) == found
    if found > instant:
        between = instant + (found - instant) / 2
        assert next_allowed(between, *hours) == found, "nothing allowed was passed over"
        assert not is_allowed(found - timedelta(seconds=1), *hours) or opens < time(3)


@given(instants | changes, st.sampled_from(ZONES), HOURS)
def test_the_daily_message_comes_at_its_hour_on_the_first_working_day(instant, zone, hour):
    zone = ZoneInfo(zone)
    found = next_digest(instant, zone, CALENDAR, hour)
    day = found.astimezone(zone).date()
    assert found >= instant
    assert CALENDAR.is_working(day) or found == wall_time(day, hour, zone)
    assert found == wall_time(CALENDAR.next_working(day), hour, zone)
    assert next_digest(found, zone, CALENDAR, hour) == found
    between = instant + (found - instant) / 2
    assert next_digest(between, zone, CALENDAR, hour) == found, "none was passed over"


@given(instants, instants, st.sampled_from(ZONES))
def test_who_comes_first_leaves_first(one, other, zone):
    one, other = sorted((one, other))
    zone = ZoneInfo(zone)
    assert next_allowed(one, zone, CALENDAR) <= next_allowed(other, zone, CALENDAR)


@pytest.mark.parametrize(
    ("instant", "leaves"),
    [
        ("2026-03-27T07:59:59", "2026-03-27T08:00:00"),  # early on a Friday
        ("2026-03-27T12:00:00", "2026-03-27T12:00:00"),
        ("2026-03-27T18:00:00", "2026-03-30T08:00:00"),  # over the night of the change
        ("2026-12-24T18:30:00", "2026-12-29T08:00:00"),  # Christmas, weekend, substitute day
        ("2028-02-29T03:00:00", "2028-02-29T08:00:00"),
        ("2025-12-31T23:59:59", "2026-01-02T08:00:00"),
    ],
)
def test_mornings_in_london(instant, leaves):
    found = next_allowed(datetime.fromisoformat(instant).replace(tzinfo=LONDON), LONDON, CALENDAR)
    assert found.astimezone(LONDON).replace(tzinfo=None) == datetime.fromisoformat(leaves)


def test_a_time_that_does_not_exist_comes_after_the_jump_and_one_that_is_twice_the_first_time():
    assert wall_time(date(2026, 3, 29), time(1, 30), LONDON) == datetime(
        2026, 3, 29, 1, 30, tzinfo=UTC
    )  # shown as 02:30
    assert wall_time(date(2026, 10, 25), time(1, 30), LONDON) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
