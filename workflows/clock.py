"""One clock: what day it is in a clinic, its working days, and what is overdue."""

from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from clinical.engine import Stage
from clinical.workdays import WorkCalendar


def local_day(at, clinic):
    """The calendar day of an instant (aware datetime) in the clinic's time zone."""
    return at.astimezone(ZoneInfo(clinic.time_zone)).date()


def day_passed(step, door, clinic):
    """The day on which a door of the step was passed, whenever that was entered; None: not yet."""
    if door in ("performed", "reported"):
        return getattr(step, f"{door}_on")
    at = getattr(step, f"{door}_at")
    return local_day(at, clinic) if at else None


def is_overdue(step, on: date) -> bool:
    """Late is what was due before `on` and could be acted on: what waits for another step is not

    late by itself, the step it waits for is. `StepQuerySet.overdue` is the same rule in SQL.
    """
    actionable = step.is_open and step.twin_of_id is None and step.stage != Stage.WAITING
    return bool(actionable and step.due_on and step.due_on < on)


def calendar_of(clinic) -> WorkCalendar:
    return _calendar(clinic.country)


@lru_cache(maxsize=64)
def _calendar(country):
    """Public holidays of the country; where the library knows none, weekends alone count."""
    try:
        known = holidays.country_holidays(country, years=range(1990, 2051))
    except NotImplementedError:
        known = {}
    return WorkCalendar(frozenset(known))
