"""Who may send which reminder: leases, by the clock of the database alone.

A claim marks rows as leased under a token. Every later mark asks for that token, so that a worker
that was paused beyond its lease can change nothing. Each function is one short transaction.
"""

import time
import uuid
from collections import defaultdict
from functools import wraps

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from accounts.models import Membership
from accounts.rls import ALL, clinics
from audit.services import record_many
from workflows.models.reminder import Reminder

PATIENCE_S = 30  # how long a mark outlasts a restart of the database
LEASE = "clock_timestamp() + make_interval(secs => %(lease)s)"
STANDS = "(step.is_open AND step.door = reminder.door AND step.twin_of_id IS NULL)"
MINE = "reminder.id = ANY(%(keys)s) AND reminder.lease_token = %(token)s"

CLAIM = f"""
UPDATE workflows_reminder AS reminder
SET uncertain = uncertain + (state = 'sending')::int, state = 'leased', attempts = attempts + 1,
  lease_token = %(token)s, lease_until = {LEASE},
  first_attempt_at = coalesce(first_attempt_at, statement_timestamp())
WHERE id = ANY(ARRAY(
  SELECT id FROM workflows_reminder WHERE {{which}} LIMIT %(count)s FOR UPDATE SKIP LOCKED
))
RETURNING id, statement_timestamp()
"""  # noqa: S608 - our own words only
DUE = CLAIM.format(
    which="state = 'planned' AND next_attempt_at <= statement_timestamp() ORDER BY next_attempt_at"
)
LEFT = CLAIM.format(
    which="state IN ('leased', 'sending') AND lease_until <= statement_timestamp()"
    " ORDER BY lease_until"
)
SENDING = f"""
UPDATE workflows_reminder AS reminder SET state = 'sending', lease_until = {LEASE}
FROM workflows_step AS step
WHERE {MINE} AND step.id = reminder.step_id AND {STANDS}
  AND state = 'leased' AND lease_until > clock_timestamp()
RETURNING reminder.id
"""  # noqa: S608
SENT = f"""
UPDATE workflows_reminder AS reminder
SET state = 'sent', sent_at = clock_timestamp(), lease_until = NULL, last_error = ''
FROM workflows_step AS step
WHERE {MINE} AND state = 'sending' AND step.id = reminder.step_id
RETURNING reminder.id, NOT {STANDS}
"""  # noqa: S608
DEAD = f"""
UPDATE workflows_reminder AS reminder
SET state = 'dead', lease_until = NULL, last_error = left(%(why)s, 200),
  uncertain = uncertain + %(uncertain)s
WHERE {MINE} AND state IN ('leased', 'sending') RETURNING reminder.id
"""  # noqa: S608
WITHDRAW = f"""
UPDATE workflows_reminder AS reminder SET state = 'withdrawn', lease_until = NULL
FROM workflows_step AS step
WHERE {MINE} AND state = 'leased' AND step.id = reminder.step_id AND (%(anyhow)s OR NOT {STANDS})
RETURNING reminder.id
"""  # noqa: S608
AGAIN = f"""
UPDATE workflows_reminder AS reminder
SET state = 'planned', lease_token = NULL, lease_until = NULL,
  next_attempt_at = clock_timestamp() + make_interval(secs => %(wait)s),
  uncertain = uncertain + %(uncertain)s, last_error = left(%(why)s, 200),
  attempts = attempts - %(untried)s,
  first_attempt_at = CASE WHEN %(untried)s > 0 THEN NULL ELSE first_attempt_at END
WHERE {MINE} AND state IN ('leased', 'sending') RETURNING reminder.id
"""  # noqa: S608

NEEDED = [
    *("clinic", "step", "door", "kind", "recipient", "attempts", "next_attempt_at"),
    *("first_attempt_at", "last_error", "message_id"),
    *("clinic__name", "clinic__country", "clinic__time_zone"),
    *("recipient__email", "recipient__is_active"),
    *(f"step__{name}" for name in ("case", "patient", "is_open", "door", "twin_of", "urgency")),
    *(f"step__{name}" for name in ("due_on", "door_open_since", "owner", "owner_role")),
    *(f"step__owner__{name}" for name in ("title", "given_name", "family_name")),
]


def claim(count):
    """(rows, token, now): reminders that are ours for a lease, and the database's time.

    What the lease of another worker has run out on comes first, and alone: a row that kills its
    worker must not take others with it. Rows come with all that their message needs.
    """
    token = uuid.uuid4()
    with clinics(ALL):
        found = _run(LEFT, token=token, count=1) or _run(DUE, token=token, count=count)
        rows = _loaded([key for key, _ in found])
    return rows, token, found[0][1] if found else None


def _loaded(keys):
    if not keys:
        return []
    related = ("clinic", "recipient", "step", "step__owner")
    rows = Reminder.objects.filter(pk__in=keys).select_related(*related).only(*NEEDED)
    roles = defaultdict(list)
    rows = list(rows)
    people, places = {row.recipient_id for row in rows}, {row.clinic_id for row in rows}
    for role in Membership.objects.filter(user__in=people, clinic__in=places):
        roles[role.user_id, role.clinic_id].append(role)
    for row in rows:
        row.roles = roles[row.recipient_id, row.clinic_id]
    return sorted(rows, key=lambda row: (row.next_attempt_at, row.pk))


def _persistent(mark):
    """Try a mark again while the database restarts: what was sent has to be recorded."""

    @wraps(mark)
    def patient(*args, **kwargs):
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                with clinics(ALL):
                    return mark(*args, **kwargs)
            except (OperationalError, InterfaceError):
                if connection.in_atomic_block or time.monotonic() > deadline:
                    raise
                connection.close()
                time.sleep(0.5)

    return patient


@_persistent
def mark_sending(rows, token):
    """Renew the lease and say that the text is being handed over now; returns the keys that may.

    Not those whose lease ran out, and not those whose step has moved on.
    """
    return {key for (key,) in _run(SENDING, token=token, keys=_keys(rows))}


@_persistent
def mark_sent(rows, token):
    """The mail server took them. Records whether a step moved on while its mail was on the way."""
    crossed = dict(_run(SENT, token=token, keys=_keys(rows)))
    done = [row for row in rows if row.pk in crossed]
    _record("reminder.sent", done, lambda row: {"crossed": True} if crossed[row.pk] else {})


@_persistent
def mark_dead(row, token, why, *, uncertain=False):
    """Given up: `why` is the server's answer or our own words."""
    if _run(DEAD, token=token, keys=[row.pk], why=why, uncertain=int(uncertain)):
        _record("reminder.dead", [row], lambda row: {"attempts": row.attempts})


@_persistent
def withdraw(row, token, *, anyhow=False):
    """Withdraw a leased row if its step has moved on (`anyhow`: whatever its step does)."""
    return bool(_run(WITHDRAW, token=token, keys=[row.pk], anyhow=anyhow))


@_persistent
def mark_again(rows, token, *, wait_s, why="", uncertain=False, tried=True):
    """Try again after `wait_s` seconds. `tried` False: it was not this row's fault."""
    values = {"wait": wait_s, "why": why, "uncertain": int(uncertain), "untried": int(not tried)}
    _run(AGAIN, token=token, keys=_keys(rows), **values)


def _keys(rows):
    return [row.pk for row in rows]


def _run(statement, **values):
    lease = settings.NMD_REMINDER_LEASE_SECONDS
    with connection.cursor() as cursor:
        cursor.execute(statement, {"lease": lease, **values})
        return cursor.fetchall()


def _record(verb, rows, more):
    """One event for each row; `more` says what else belongs to its detail."""
    record_many(
        None,
        verb,
        [
            {
                "clinic_id": row.clinic_id,
                "patient_id": row.step.patient_id,
                "case_id": row.step.case_id,
                "step_id": row.step_id,
                "detail": {"kind": row.kind, "door": row.door, "to": row.recipient_id, **more(row)},
            }
            for row in rows
        ],
    )
