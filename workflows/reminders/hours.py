"""When a mail may leave: on a working day of the clinic, between 08:00 and 18:00 of its clock."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from clinical.workdays import WorkCalendar

OPENS, CLOSES = time(8), time(18)
_DAY = timedelta(days=1)


def wall_time(day: date, clock: time, zone: tzinfo) -> datetime:
    """The instant (UTC) at which a clock in the zone shows this time.

    Where clocks jump over it, as long after the jump; where they show it twice, the first time.
    """
    return datetime.combine(day, clock, zone).astimezone(UTC)


def is_allowed(
    instant: datetime,
    zone: tzinfo,
    calendar: WorkCalendar,
    opens: time = OPENS,
    closes: time = CLOSES,
) -> bool:
    """Whether this instant (aware) falls into the opening hours of a working day."""
    local = instant.astimezone(zone)
    return calendar.is_working(local.date()) and opens <= local.time() < closes


def next_allowed(
    instant: datetime,
    zone: tzinfo,
    calendar: WorkCalendar,
    opens: time = OPENS,
    closes: time = CLOSES,
) -> datetime:
    """The instant itself (as UTC) if a mail may leave then, else the next opening after it."""
    if is_allowed(instant, zone, calendar, opens, closes):
        return instant.astimezone(UTC)
    day = instant.astimezone(zone).date()
    while True:
        day = calendar.next_working(day)
        for fold in (0, 1):  # a clock that is set back opens twice
            opening = wall_time(day, opens.replace(fold=fold), zone)
            if opening >= instant and is_allowed(opening, zone, calendar, opens, closes):
                return opening
        day += _DAY


def next_digest(instant: datetime, zone: tzinfo, calendar: WorkCalendar, hour: time) -> datetime:
    """The daily message (UTC) of the first working day on which its hour is not past."""
    day = instant.astimezone(zone).date()
    if wall_time(day, hour, zone) < instant:
        day += _DAY
    return wall_time(calendar.next_working(day), hour, zone)
