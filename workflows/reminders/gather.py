"""What waits for the daily message of a person becomes one: a row of kind "digest" with lines."""

from datetime import time, timedelta

from django.db import transaction
from django.db.models import Min

from accounts.models import Clinic, User
from accounts.rls import ALL, clinics
from workflows.clock import calendar_of
from workflows.models.reminder import Kind, Reminder, State
from workflows.reminders.hours import next_digest, wall_time
from workflows.reminders.leaving import leaves_at, zone_of

MOST = 200  # people at a time: a statement or four for each


def waiting():
    """Lines that nobody has gathered: due for the daily message of their recipient."""
    return Reminder.objects.filter(state=State.PLANNED, in_digest=True, digest=None)


def gather(now):
    """Bind lines that are due to the message of their recipient's day; returns how many people.

    A person gets one such message a day. What is due after it has gone joins the next one, and
    what an outage left over joins today's. Two workers may do this at once: the key of the day
    lets one of them make the row, and its lock lets one of them change it.
    """
    with clinics(ALL):
        due = waiting().filter(next_attempt_at__lte=now).values("recipient")
        first = dict(due.annotate(clinic=Min("clinic")).values_list("recipient", "clinic")[:MOST])
        people = User.objects.filter(pk__in=first).select_related("preferences") if first else []
        places = Clinic.objects.in_bulk(set(first.values())) if first else {}
        for person in people:
            _gather_for(person, places[first[person.pk]], now)
    return len(first)


@transaction.atomic
def _gather_for(person, clinic, now):
    """Working days and, unless she wishes another, the clock are those of her (first) clinic."""
    wishes = person.wishes
    lines = waiting().filter(recipient=person, next_attempt_at__lte=now)
    leaves = leaves_at(now, now, clinic, None, Kind.DIGEST, wishes)
    if leaves > now:  # her hours have changed, or nobody was there to send it
        lines.update(next_attempt_at=leaves)
        return
    zone = zone_of(clinic, wishes)
    today = now.astimezone(zone).date()
    digest = _of_day(person, clinic, wall_time(today, time(0), zone), now)
    if digest is None:
        tomorrow = wall_time(today + timedelta(days=1), time(0), zone)
        leaves = next_digest(tomorrow, zone, calendar_of(clinic), wishes.digest_at)
        lines.update(next_attempt_at=leaves)
        return
    lines.update(digest=digest)


def _of_day(person, clinic, midnight, now):
    """The locked row of a person's day, to which lines may still be bound; None if it has gone.

    What may have gone out already stays as it was: a second copy must not say more.
    """
    Reminder.objects.bulk_create(
        [
            Reminder(
                clinic=clinic,
                kind=Kind.DIGEST,
                recipient=person,
                due_at=midnight,
                next_attempt_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    rows = Reminder.objects.filter(kind=Kind.DIGEST, recipient=person, due_at=midnight)
    free = rows.filter(state__in=[State.PLANNED, State.WITHDRAWN], uncertain=0)
    digest = free.select_for_update().first()
    if digest and digest.state == State.WITHDRAWN:  # there was nothing to say, now there is
        rows.update(state=State.PLANNED, next_attempt_at=now, attempts=0, first_attempt_at=None)
    return digest


def look_again(person, now):
    """Her wishes have changed: what is planned for her daily message leaves at its new hour."""
    with clinics(ALL):
        rows = list(waiting().filter(recipient=person).select_related("clinic"))
        for row in rows:
            row.next_attempt_at = leaves_at(
                row.due_at, now, row.clinic, None, row.kind, person.wishes
            )
        Reminder.objects.bulk_update(rows, ["next_attempt_at"], batch_size=500)
