"""Working days of a clinic."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """The days on which a clinic works: all but its weekend and its holidays.

    `weekend` counts from Monday = 0. Raises ValueError if no day of the week is left.
    """

    holidays: frozenset[date] = frozenset()
    weekend: tuple[int, ...] = (5, 6)

    def __post_init__(self) -> None:
        if set(range(7)) <= set(self.weekend):
            raise ValueError("A week needs at least one working day.")

    def is_working(self, day: date) -> bool:
        return day.weekday() not in self.weekend and day not in self.holidays

    def next_working(self, day: date) -> date:
        """The day itself if it is a working day, else the first one after it."""
        while not self.is_working(day):
            day += _DAY
        return day

    def add(self, day: date, n_working_days: int) -> date:
        """The n-th working day after `day` (before it, if negative); 0 is `next_working`."""
        if n_working_days == 0:
            return self.next_working(day)
        step = _DAY if n_working_days > 0 else -_DAY
        left = abs(n_working_days)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative if `end` is earlier."""
        if end < start:
            return -self.working_days_between(end, start)
        weeks, rest = divmod((end - start).days, 7)
        days = weeks * (7 - len(set(self.weekend)))
        days += sum((end.weekday() - n) % 7 not in self.weekend for n in range(rest))
        return days - bisect_right(self._off, end) + bisect_right(self._off, start)

    @cached_property
    def _off(self) -> list[date]:
        """Holidays that are no weekend, in their order: years are counted without walking them."""
        return sorted(day for day in self.holidays if day.weekday() not in self.weekend)
