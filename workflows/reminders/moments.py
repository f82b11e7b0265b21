"""At which moments a step asks for a message: from its due date and its profile alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinical.engine import Stage
from clinical.pathways import profiles
from workflows.clock import calendar_of, local_day
from workflows.models.reminder import Kind
from workflows.reminders.hours import OPENS, wall_time

EMERGENCY = "emergency"
MIDNIGHT = time(0)
HOUR = timedelta(hours=1)
FURTHEST = 2  # a second person, a third one


@dataclass(frozen=True)
class Moment:
    """One message; `late` if its moment is past, and it is the last one that counts.

    `further` says how many people beyond its owner are told: a second one, then a third.
    """

    kind: Kind
    due_at: datetime
    late: bool
    further: int = 0


def moments(step, clinic, at: datetime, waits_in_vain=False) -> Iterator[Moment]:
    """What an open step owes as seen from `at`: of each chain its last moment and its next one.

    Only the last of the moments that are past counts: an outage, an import or a step that opens
    late brings one message, not all that might have been sent. What waits for another step owes
    nothing, the step that it waits for does; `waits_in_vain` says that nothing will come of that.
    """
    if not step.is_open or step.twin_of_id or (step.stage == Stage.WAITING and not waits_in_vain):
        return
    chase = Chase(step, clinic, at)
    yield from chase.critical()
    if waits_in_vain or not step.due_on:
        if not chase.rests:
            yield from chase.around(
                Kind.NO_DATE, step.door_open_since, chase.profile.repeat_overdue_days
            )
        return
    if not chase.rests:
        yield from chase.owner()
    since = max(step.due_on, step.door_open_since or step.due_on)  # grace for who has it only now
    yield from chase.around(Kind.ESCALATION, since, chase.profile.escalate_overdue_days)


class Chase:
    """The moments of one step, on the calendar and clock of its clinic."""

    def __init__(self, step, clinic, at):
        self.step, self.at = step, at
        self.profile = profiles()[step.urgency]
        self.zone, self.calendar = ZoneInfo(clinic.time_zone), calendar_of(clinic)
        self.today = local_day(at, clinic)
        self.rests = bool(step.snoozed_until and self.today < step.snoozed_until)

    def instant(self, day: date) -> datetime:
        """When a message of this day leaves: on a working morning; an emergency does not wait."""
        if self.step.urgency == EMERGENCY:
            return wall_time(day, MIDNIGHT, self.zone)
        return wall_time(self.calendar.next_working(day), OPENS, self.zone)

    def critical(self):
        """A critical value that nobody has read yet is told when it came, then hour by hour, to

        one more person after each of the first two.
        """
        if self.step.flag == "critical" and not self.step.reviewed_at:
            came = self.step.reported_at or wall_time(self.step.performed_on, MIDNIGHT, self.zone)
            hours = max(0, (self.at - came) // HOUR)
            for n, late in ((hours, hours > 0), (hours + 1, False)):
                yield Moment(Kind.CRITICAL, came + n * HOUR, late, min(n, FURTHEST))

    def owner(self):
        """Before due, due, then overdue again and again: the last one past and the next one."""
        once = [Moment(kind, when, when <= self.at) for kind, when in self._once()]
        past = [moment for moment in once if moment.late]
        coming = [moment for moment in once if not moment.late]
        again = list(self.around(Kind.OVERDUE, self.step.due_on, self.profile.repeat_overdue_days))
        late = [moment for moment in again if moment.late]
        yield from (late or past)[-1:]
        yield (coming or [moment for moment in again if not moment.late])[0]

    def _once(self):
        due, days = self.step.due_on, self.profile.remind_before_days
        early = self._working_day_before(due - timedelta(days=days))
        # who opened the door that day knows when it is due
        if days and early > (self.step.door_open_since or early):
            yield Kind.BEFORE_DUE, self.instant(early)
        yield Kind.DUE, self.instant(due)

    def _working_day_before(self, day):
        """The day itself, or the last working day before it: a warning is not given late."""
        return day if self.calendar.is_working(day) else self.calendar.add(day, -1)

    def around(self, kind, since: date, every: int):
        """Of the days since + every, since + 2 * every, ...: the last one past and the next one."""
        every = max(1, every)
        count = max(0, (self.today - since).days // every)
        while count and self._nth(since, every, count) > self.at:
            count -= 1
        if count:
            yield Moment(kind, self._nth(since, every, count), True, min(count, FURTHEST))
        yield Moment(kind, self._nth(since, every, count + 1), False, min(count + 1, FURTHEST))

    def _nth(self, since, every, count):
        return self.instant(since + timedelta(days=every * count))
