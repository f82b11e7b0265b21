"""The clock of a case: stretches add up, pauses take away and never too much."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clinical.clocks import Spread, between, measure, spread
from clinical.engine import Pause
from clinical.workdays import WorkCalendar

DAY = timedelta(days=1)
days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
calendars = st.builds(
    WorkCalendar,
    st.frozensets(days, max_size=12),
    st.sampled_from([(5, 6), (4, 5), (6,), ()]),
)
pauses = st.lists(
    st.builds(lambda start, n: Pause(start, start + n * DAY, "rest"), days, st.integers(0, 60)),
    max_size=4,
)


@given(days, days, calendars, pauses)
def test_every_day_is_counted_once_and_as_what_it_is(start, end, calendar, rests):
    end = max(start, end)
    length = measure(start, end, calendar, rests)
    every = [start + n * DAY for n in range(1, (end - start).days + 1)]
    going = [day for day in every if not any(each.start <= day < each.end for each in rests)]
    assert length.calendar == len(every)
    assert length.paused == len(every) - len(going)
    assert length.working == sum(map(calendar.is_working, going))


@given(st.lists(days, min_size=2, max_size=8), calendars, pauses)
def test_stretches_add_up_to_the_whole(stops, calendar, rests):
    stops.sort()
    whole = measure(stops[0], stops[-1], calendar, rests)
    parts = [measure(one, other, calendar, rests) for one, other in pairwise(stops)]
    for of in ("calendar", "working", "paused"):
        assert sum(getattr(each, of) for each in parts) == getattr(whole, of)
    for each in parts:
        assert 0 <= each.working <= each.calendar - each.paused


@given(days, days, days, days, calendars, pauses)
def test_a_day_that_is_not_known_exactly_gives_a_range(one, two, three, four, calendar, rests):
    start, end = sorted((one, two)), sorted((three, four))
    low, high = between(start, end, calendar, rests)
    assert 0 <= low.calendar <= high.calendar
    assert low.working <= high.working
    assert low.paused <= high.paused


def test_an_end_before_its_start_is_no_time():
    assert measure(date(2026, 3, 2), date(2026, 3, 1), WorkCalendar()).calendar == 0


def test_the_middle_and_the_slowest_tenth():
    assert spread([]) is None
    assert spread([4]) == Spread(1, 4, 4)
    assert spread(range(1, 11)) == Spread(10, 5, 9)
