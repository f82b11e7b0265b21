"""Which messages are owed: derived from due dates and profiles, kept as rows."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinical.pathways import profiles
from workflows.clock import calendar_of
from workflows.models.reminder import Kind, Reminder, State

HOUR = time(8, 0)  # of the clinic's morning


def plan_reminders(case, steps, at):
    """Make the pending messages of a case what its open steps ask for now.

    What no longer fits is withdrawn; what is owed is added once (unique by step, door, kind,
    moment and person). Moments that are past are not made up for, except the latest one of a
    step that became late while nobody was owed anything.
    """
    wanted = {_key(row): row for step in steps for row in owed(step, case, at)}
    pending = list(Reminder.objects.filter(step__case=case, state=State.PLANNED))
    gone = [row.pk for row in pending if _key(row) not in wanted]
    if gone:
        Reminder.objects.filter(pk__in=gone, state=State.PLANNED).update(state=State.WITHDRAWN)
    held = {_key(row) for row in pending}
    fresh = [row for key, row in wanted.items() if key not in held]
    if fresh:
        Reminder.objects.bulk_create(fresh, ignore_conflicts=True)


def owed(step, case, at):
    """Rows (unsaved) that an open step owes from `at` on: before due, due, overdue, escalated."""
    if not step.is_open or step.twin_of_id or not step.due_on:
        return []
    moments = _moments(step, case, at)
    owner = step.owner_id
    rows = []
    for kind, due_at in moments:
        to = _second_person(step, case) if kind == Kind.ESCALATION else owner
        if to:
            rows.append(_row(step, kind, due_at, to))
    return rows


def _moments(step, case, at):
    profile, due = profiles()[step.urgency], step.due_on
    days = {
        Kind.BEFORE_DUE: due - timedelta(days=profile.remind_before_days),
        Kind.DUE: due,
        Kind.OVERDUE: due + timedelta(days=profile.repeat_overdue_days),
        Kind.ESCALATION: due + timedelta(days=profile.escalate_overdue_days),
    }
    if profile.remind_before_days == 0:
        del days[Kind.BEFORE_DUE]
    moments = [(kind, _morning(day, case.clinic)) for kind, day in days.items()]
    return [(kind, due_at) for kind, due_at in moments if due_at > at]


def _morning(day, clinic):
    day = calendar_of(clinic).next_working(day)
    return datetime.combine(day, HOUR, ZoneInfo(clinic.time_zone))


def _second_person(step, case):
    """Whoever else carries the case: an overdue step is told to somebody who is not its owner."""
    others = [case.clinician_id, case.coordinator_id]
    return next((pk for pk in others if pk and pk != step.owner_id), None)


def _row(step, kind, due_at, recipient):
    return Reminder(
        clinic_id=step.clinic_id,
        step=step,
        door=step.door,
        kind=kind,
        due_at=due_at,
        next_attempt_at=due_at,
        recipient_id=recipient,
    )


def _key(row):
    return (row.step_id, row.door, row.kind, row.due_at, row.recipient_id)
