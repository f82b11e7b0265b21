"""Messages about a hand-over: planned by the act itself, not derived from a due date."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Membership, Preferences
from workflows.clock import local_day
from workflows.models.reminder import NOTICES, Kind, Reminder, State
from workflows.reminders.hours import wall_time
from workflows.reminders.leaving import AT_ONCE, leaves_at
from workflows.reminders.people import Staff
from workflows.reminders.store import PENDING

HOUR = timedelta(hours=1)


def notify_offered(offers, at):
    """Tell who was asked. offers: pairs of Offer and an open step that its message links to."""
    asked = [
        (made.case, step, Kind.OFFERED, made.asked_at, made.to_user_id) for made, step in offers
    ]
    _plan(asked, at)


def notify_returned(made, at, *, escalate):
    """Tell who has the work still; where nobody answered at all, a second person, too."""
    step = made.step or _first_open(made.case)
    if step is None:
        return
    staff = _staff(made, at)
    people = {made.from_user_id} & staff.everybody or staff.first(step)
    if escalate:
        people = people | staff.second(step, people)
    back = [(made.case, step, Kind.RETURNED, made.answered_at, person) for person in sorted(people)]
    _plan(back, at)


def notify_owner(case, step, at):
    """Remind whoever owns a step, now. False if a colleague's reminder of today is there."""
    day = local_day(at, case.clinic)
    midnight = wall_time(day, time(0), ZoneInfo(case.clinic.time_zone))
    people = _staff_of(case.clinic, day).first(step)
    rows = Reminder.objects.filter(step=step, kind=Kind.CHASED, due_at=midnight)
    if rows.exists():
        return False
    _plan([(case, step, Kind.CHASED, midnight, person) for person in sorted(people)], at)
    return True


def withdraw_notices(made):
    """An answered offer asks nobody any more."""
    rows = Reminder.objects.filter(
        kind=Kind.OFFERED, recipient=made.to_user_id, due_at=made.asked_at, state__in=PENDING
    )
    rows = rows.filter(step__case=made.case_id)
    rows.update(state=State.WITHDRAWN, lease_token=None, lease_until=None)


def _first_open(case):
    return case.steps.filter(is_open=True, twin_of=None).order_by("sort_on", "id").first()


def _staff(made, at):
    return _staff_of(made.case.clinic, local_day(at, made.case.clinic))


def _staff_of(clinic, day):
    active = Membership.objects.active(day).filter(clinic=clinic, user__is_active=True)
    return Staff(active.values_list("user_id", "role"))


def _plan(messages, at):
    """messages: case, step, kind, the instant it is about, and key of the person, for each.

    Who was told the same of something else within the hour gets the rest in her daily message,
    but for what is urgent: a colleague who leaves brings her successor a hundred hand-overs.
    """
    people = {person for *_, person in messages}
    wishes = Preferences.objects.filter(user__in=people).in_bulk(field_name="user")
    told = _told_just_now(people, at)
    rows = []
    for case, step, kind, due_at, person in messages:
        wish = wishes.get(person) or Preferences()
        waits = (kind, person) in told and step.urgency not in AT_ONCE
        told.add((kind, person))
        leaves_as = Kind.DUE if waits else kind
        rows.append(
            Reminder(
                clinic_id=case.clinic_id,
                step=step,
                door=step.door,
                kind=kind,
                due_at=due_at,
                recipient_id=person,
                next_attempt_at=leaves_at(at, at, case.clinic, step.urgency, leaves_as, wish),
                in_digest=waits,
            )
        )
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


def _told_just_now(people, at):
    """{(kind, person)} of notices that left alone within the hour, or wait to do so."""
    rows = Reminder.objects.filter(recipient__in=people, kind__in=NOTICES, in_digest=False)
    rows = rows.filter(next_attempt_at__gt=at - HOUR).exclude(state=State.WITHDRAWN)
    return set(rows.values_list("kind", "recipient"))
