"""What planning reads and writes: one statement each, however many steps."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import Preferences
from workflows.models.reminder import State, message_id
from workflows.reminders.people import Staff

WISHES = ("time_zone", "opens", "closes", "digest_at")
PENDING = (State.PLANNED, State.LEASED)  # what has not been handed to the mail server

KNOWN = """
SELECT id, step_id, door, kind, due_at, recipient_id, state, sent_at,
  NULL AS time_zone, NULL::time AS opens, NULL::time AS closes, NULL::time AS digest_at
FROM workflows_reminder
WHERE step_id = ANY(%(steps)s)
  AND (state IN ('planned', 'leased') OR due_at >= %(since)s::timestamptz
       OR sent_at >= %(since)s::timestamptz)
UNION ALL
SELECT NULL, NULL, membership.role, NULL, NULL, membership.user_id, NULL, NULL,
  wishes.time_zone, wishes.opens, wishes.closes, wishes.digest_at
FROM accounts_membership AS membership JOIN accounts_user AS person ON person.id = user_id
  LEFT JOIN accounts_preferences AS wishes ON wishes.user_id = person.id
WHERE membership.clinic_id = %(clinic)s AND person.is_active
  AND starts_on <= %(day)s AND (ends_on IS NULL OR ends_on >= %(day)s)
"""
# what was withdrawn and is owed again is the same message: if it did go out, it was the first one
REPLACE = """
WITH gone AS (
  UPDATE workflows_reminder SET state = 'withdrawn', lease_token = NULL, lease_until = NULL
  WHERE id = ANY(%(gone)s) AND state IN ('planned', 'leased')
)
INSERT INTO workflows_reminder (clinic_id, step_id, door, kind, due_at, recipient_id,
  next_attempt_at, message_id, in_digest, state, attempts, uncertain, last_error)
SELECT new.*, 'planned', 0, 0, ''
FROM unnest(%(clinics)s::bigint[], %(steps)s::bigint[], %(doors)s::text[], %(kinds)s::text[],
  %(due)s::timestamptz[], %(people)s::bigint[], %(next)s::timestamptz[], %(ids)s::text[],
  %(in_digest)s::boolean[]) AS new
ON CONFLICT (step_id, door, kind, due_at, recipient_id) DO UPDATE
SET state = 'planned', next_attempt_at = excluded.next_attempt_at, attempts = 0,
  first_attempt_at = NULL, in_digest = excluded.in_digest, digest_id = NULL
WHERE workflows_reminder.state = 'withdrawn'
"""


@dataclass(frozen=True)
class Key:
    """What makes a reminder the only one of its kind."""

    step_id: int
    door: str
    kind: str
    due_at: datetime
    recipient_id: int


@dataclass(frozen=True)
class Planned:
    """A message to be sent: which, when, and whether in the daily one."""

    key: Key
    leaves_at: datetime
    in_digest: bool


@dataclass(frozen=True)
class Row:
    """What planning needs to know of a reminder that is there."""

    pk: int
    key: Key
    state: str
    sent_at: datetime | None

    @property
    def is_pending(self):
        return self.state in PENDING


def known(step_ids, since, clinic, day):
    """(reminders, Staff): what is pending, due or sent since an instant, and who works here."""
    values = {
        "steps": list(step_ids),
        "since": since or "infinity",
        "clinic": clinic.pk,
        "day": day,
    }
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, values)
        found = cursor.fetchall()
    rows = [Row(row[0], Key(*row[1:6]), *row[6:8]) for row in found if row[0]]
    people = [row for row in found if not row[0]]
    wishes = {
        row[5]: Preferences(**dict(zip(WISHES, row[8:], strict=True))) for row in people if row[9]
    }
    return rows, Staff([(row[5], row[2]) for row in people], wishes)


def replace(clinic, gone, fresh):
    """Withdraw reminders (keys of rows) and plan others (Planned)."""
    keys = [each.key for each in fresh]
    values = {
        "gone": gone,
        "clinics": [clinic.pk] * len(keys),
        "steps": [key.step_id for key in keys],
        "doors": [key.door for key in keys],
        "kinds": [str(key.kind) for key in keys],
        "due": [key.due_at for key in keys],
        "people": [key.recipient_id for key in keys],
        "next": [each.leaves_at for each in fresh],
        "ids": [message_id() for _ in keys],
        "in_digest": [each.in_digest for each in fresh],
    }
    with connection.cursor() as cursor:
        cursor.execute(REPLACE, values)
