"""Whether a message leaves by itself or in the daily one, and when: its kind and wishes decide."""

from datetime import time
from zoneinfo import ZoneInfo

from django.conf import settings

from workflows.clock import calendar_of
from workflows.models.reminder import NOTICES, Kind
from workflows.reminders.hours import next_allowed, next_digest, wall_time
from workflows.reminders.moments import EMERGENCY

AT_ONCE = (EMERGENCY, "urgent")


def goes_in_digest(urgency, kind):
    """Only what is urgent, critical, or asked for by a colleague is worth a message of its own."""
    return urgency not in AT_ONCE and kind not in (Kind.CRITICAL, Kind.DIGEST, *NOTICES)


def breaks_quiet(urgency, kind):
    """Emergencies and critical values know no quiet hours."""
    return urgency == EMERGENCY or kind == Kind.CRITICAL


def zone_of(clinic, wishes):
    return ZoneInfo(wishes.time_zone or clinic.time_zone)


def leaves_at(owed, now, clinic, urgency, kind, wishes):
    """When a message that is owed at an instant may leave (UTC), as seen from now.

    wishes: the recipient's Preferences. Working days are those of the clinic. What is owed in the
    course of a day is in the daily message of that day.
    """
    if breaks_quiet(urgency, kind) or not settings.NMD_REMINDER_QUIET_HOURS:
        return max(owed, now)
    zone, calendar = zone_of(clinic, wishes), calendar_of(clinic)
    if goes_in_digest(urgency, kind):
        morning = wall_time(owed.astimezone(zone).date(), time(0), zone)
        return next_digest(max(morning, now), zone, calendar, wishes.digest_at)
    return next_allowed(max(owed, now), zone, calendar, wishes.opens, wishes.closes)
