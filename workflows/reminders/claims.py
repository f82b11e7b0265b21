"""Who may send which reminder: leases, by the clock of the database alone.

A claim marks rows as leased under a token. Every later mark asks for that token, so that a worker
that was paused beyond its lease can change nothing. Each function is one short transaction.
"""

import time
import uuid
from datetime import UTC, datetime
from functools import wraps

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from accounts.rls import ALL, clinics
from audit.services import record_many
from workflows.models.reminder import Kind, Reminder
from workflows.reminders.loaded import JOINED, SELECTED, loaded

PATIENCE_S = 30  # how long a mark outlasts a restart of the database
LEASE = "clock_timestamp() + make_interval(secs => %(lease)s)"
WAITS = (
    "EXISTS (SELECT FROM workflows_step AS step WHERE step.id = {0}.step_id AND step.is_open"
    " AND step.door = {0}.door AND step.twin_of_id IS NULL)"
)
# the daily message stands while one of its lines does
STANDS = f"""(CASE WHEN reminder.kind = 'digest' THEN EXISTS (
  SELECT FROM workflows_reminder AS line WHERE line.digest_id = reminder.id
    AND line.state = 'planned' AND {WAITS.format("line")}
) ELSE {WAITS.format("reminder")} END)"""
MINE = "reminder.id = ANY(%(keys)s) AND reminder.lease_token = %(token)s"
# the queue changes faster than what PostgreSQL knows of its size: it would read all that is due
# to take the first few, and all that is leased to find ours
BY_INDEX = "SET LOCAL enable_bitmapscan = off"
CLAIM = f"""
WITH left_behind AS MATERIALIZED (
  SELECT id FROM workflows_reminder
  WHERE state IN ('leased', 'sending') AND lease_until <= statement_timestamp()
  ORDER BY lease_until LIMIT 1 FOR UPDATE SKIP LOCKED
), due AS MATERIALIZED (
  SELECT id FROM workflows_reminder
  WHERE state = 'planned' AND NOT in_digest AND next_attempt_at <= statement_timestamp()
    AND NOT EXISTS (SELECT FROM left_behind)
  ORDER BY next_attempt_at LIMIT %(count)s FOR UPDATE SKIP LOCKED
), reminder AS (
  UPDATE workflows_reminder AS reminder
  SET uncertain = uncertain + (state = 'sending')::int, state = 'leased', attempts = attempts + 1,
    lease_token = %(token)s, lease_until = {LEASE},
    first_attempt_at = coalesce(first_attempt_at, statement_timestamp())
  WHERE id = ANY(ARRAY(SELECT id FROM left_behind UNION ALL SELECT id FROM due))
  RETURNING reminder.*
)
{SELECTED}, extract(epoch FROM statement_timestamp())::float8 FROM reminder {JOINED}
ORDER BY next_attempt_at, reminder.id
"""  # noqa: S608 - our own words only
SENDING = f"""
UPDATE workflows_reminder AS reminder SET state = 'sending', lease_until = {LEASE}
WHERE {MINE} AND state = 'leased' AND lease_until > clock_timestamp() AND {STANDS}
RETURNING reminder.id
"""  # noqa: S608
SENT = f"""
UPDATE workflows_reminder AS reminder
SET state = 'sent', sent_at = clock_timestamp(), lease_until = NULL, last_error = ''
WHERE {MINE} AND state = 'sending'
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
WHERE {MINE} AND state = 'leased' AND (%(anyhow)s OR NOT {STANDS})
RETURNING reminder.id
"""  # noqa: S608
# what became of a daily message became of its lines, but for those that it did not say
FOLLOW = """
UPDATE workflows_reminder AS line
SET state = CASE WHEN line.id = ANY(%(told)s) THEN %(state)s ELSE 'withdrawn' END,
  sent_at = CASE WHEN line.id = ANY(%(told)s) AND %(state)s = 'sent' THEN clock_timestamp() END,
  last_error = left(%(why)s, 200)
WHERE line.digest_id = ANY(%(digests)s) AND line.state = 'planned'
RETURNING line.id
"""
AGAIN = f"""
UPDATE workflows_reminder AS reminder
SET state = 'planned', lease_token = NULL, lease_until = NULL,
  next_attempt_at = clock_timestamp() + make_interval(secs => %(wait)s),
  uncertain = uncertain + %(uncertain)s, last_error = left(%(why)s, 200),
  attempts = attempts - %(untried)s,
  first_attempt_at = CASE WHEN %(untried)s > 0 THEN NULL ELSE first_attempt_at END
WHERE {MINE} AND state IN ('leased', 'sending') RETURNING reminder.id
"""  # noqa: S608


def claim(count):
    """(rows, token, now): reminders that are ours for a lease, and the database's time.

    What the lease of another worker has run out on comes first, and alone: a row that kills its
    worker must not take others with it. Rows come with all that their message needs; `lines` of
    a row are what it has to say: itself, or those of a daily message.
    """
    token = uuid.uuid4()
    with clinics(ALL):
        found = _run(CLAIM, token=token, count=count)
        rows = loaded([values[:-1] for values in found]) if found else []
    return rows, token, datetime.fromtimestamp(found[0][-1], UTC) if found else None


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
    _follow(done, "sent", told=True)
    _record("reminder.sent", done, lambda row: {"crossed": True} if crossed[row.pk] else {})


@_persistent
def mark_dead(row, token, why, *, uncertain=False):
    """Given up: `why` is the server's answer or our own words."""
    if _run(DEAD, token=token, keys=[row.pk], why=why, uncertain=int(uncertain)):
        _follow([row], "dead", told=True, why=why)
        _record("reminder.dead", [row], lambda row: {"attempts": row.attempts})


@_persistent
def withdraw(row, token, *, anyhow=False):
    """Withdraw a leased row if its step has moved on (`anyhow`: whatever its step does)."""
    gone = bool(_run(WITHDRAW, token=token, keys=[row.pk], anyhow=anyhow))
    _follow([row] if gone else [], "withdrawn", told=False)
    return gone


def _follow(rows, state, *, told, why=""):
    digests = [row for row in rows if row.kind == Kind.DIGEST]
    if digests:
        keys = [line.pk for row in digests for line in row.lines] if told else []
        _run(FOLLOW, state=state, told=keys, why=why, digests=_keys(digests))


@_persistent
def mark_again(rows, token, *, wait_s, why="", uncertain=False, tried=True):
    """Try again after `wait_s` seconds. `tried` False: it was not this row's fault."""
    values = {"wait": wait_s, "why": why, "uncertain": int(uncertain), "untried": int(not tried)}
    _run(AGAIN, token=token, keys=_keys(rows), **values)


@_persistent
def note(row, why):
    """What went wrong beside a mail that has gone."""
    Reminder.objects.filter(pk=row.pk).update(last_error=why[:200])


def _keys(rows):
    return [row.pk for row in rows]


def _run(statement, **values):
    lease = settings.NMD_REMINDER_LEASE_SECONDS
    with connection.cursor() as cursor:
        cursor.execute(BY_INDEX)
        cursor.execute(statement, {"lease": lease, **values})
        return cursor.fetchall()


def _record(verb, rows, more):
    """One event for each step that was told; `more` says what else belongs to its detail."""
    record_many(
        None,
        verb,
        [
            {
                "clinic_id": line.clinic_id,
                "patient_id": line.step.patient_id,
                "case_id": line.step.case_id,
                "step_id": line.step_id,
                "detail": {"kind": line.kind, "door": line.door, "to": row.recipient_id}
                | ({"digest": row.pk} if row.kind == Kind.DIGEST else {})
                | more(row),
            }
            for row in rows
            for line in row.lines
        ],
    )
