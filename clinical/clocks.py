"""How long it took from one stop to the next: calendar days, and working days of the clinic.

A day belongs to a stretch if it comes after its start and is not after its end, so stretches that
follow one another add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from clinical.expected import rank
from clinical.workdays import WorkCalendar

_DAY = timedelta(days=1)


class Rest(Protocol):
    """From `start` until the day before `end` the clock of a case stands still."""

    @property
    def start(self) -> date: ...

    @property
    def end(self) -> date: ...


@dataclass(frozen=True)
class Length:
    """calendar: all days. paused: those of them on which the clock stood still. working: the

    working days among the others.
    """

    calendar: int
    working: int
    paused: int


@dataclass(frozen=True)
class Spread:
    """Of n lengths: half are no longer than `median`, nine of ten no longer than `p90` days."""

    n: int
    median: int
    p90: int


def measure(start: date, end: date, calendar: WorkCalendar, rests: Iterable[Rest] = ()) -> Length:
    """From one day to another; an end before its start is no time, never less than none."""
    end = max(start, end)
    working, paused, counted = calendar.working_days_between(start, end), 0, start
    for rest in sorted(rests, key=lambda rest: rest.start):
        before = max(counted, rest.start - _DAY)  # the last day that is not of this rest
        last = min(end, rest.end - _DAY)
        if last > before:  # a day of two rests counts once
            paused += (last - before).days
            working -= calendar.working_days_between(before, last)
            counted = last
    return Length((end - start).days, working, paused)


def between(
    start: tuple[date, date],
    end: tuple[date, date],
    calendar: WorkCalendar,
    rests: Sequence[Rest] = (),
) -> tuple[Length, Length]:
    """(shortest, longest) between two days of which only the first and last that fit are known."""
    return (
        measure(start[1], end[0], calendar, rests),
        measure(start[0], end[1], calendar, rests),
    )


def spread(days: Iterable[int]) -> Spread | None:
    """None for no lengths."""
    known = sorted(days)
    return Spread(len(known), rank(known, 0.5), rank(known, 0.9)) if known else None
