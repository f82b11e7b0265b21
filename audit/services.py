"""The one way to write an event."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from audit.models import Event

_waiting: ContextVar[list | None] = ContextVar("waiting", default=None)


APPEND = """
INSERT INTO audit_event (at, actor_id, verb, clinic_id, patient_id, case_id, step_id, detail)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def record(
    by, verb, *, clinic_id=None, patient_id=None, case_id=None, step_id=None, at=None, **detail
):
    """Append one event; `detail` takes codes, keys and counts only."""
    event = Event(
        at=at or timezone.now(),
        actor_id=getattr(by, "pk", None),
        verb=verb,
        clinic_id=clinic_id,
        patient_id=patient_id,
        case_id=case_id,
        step_id=step_id,
        detail=detail,
    )
    waiting = _waiting.get()
    if waiting is None:
        _append(event)
    else:
        waiting.append(event)


def _append(event):
    """By hand: every page appends one, and the ORM would take longer over it than PostgreSQL."""
    keys = [event.clinic_id, event.patient_id, event.case_id, event.step_id]
    values = [event.at, event.actor_id, event.verb, *keys, Jsonb(event.detail)]
    with connection.cursor() as cursor:
        cursor.execute(APPEND, values)


@contextmanager
def written_together():
    """Events of many acts of one transaction, in one statement when the block ends well."""
    with collected() as events:
        yield
    Event.objects.bulk_create(events)


@contextmanager
def collected():
    """Events of the block, as a list that the caller writes with what they are about."""
    token = _waiting.set([])
    try:
        yield _waiting.get()
    finally:
        _waiting.reset(token)


WRITE = """
INSERT INTO audit_event (at, actor_id, verb, clinic_id, patient_id, case_id, step_id, detail)
SELECT %(at)s, %(actor)s, %(verb)s, clinic_id, patient_id, case_id, step_id, coalesce(detail, '{}')
FROM jsonb_to_recordset(%(events)s) AS event (
  clinic_id bigint, patient_id bigint, case_id bigint, step_id bigint, detail jsonb
)
"""


def record_many(by, verb, events, at=None):
    """Append one event for each mapping of `events` (the arguments of `record`, detail in its own).

    One statement and no objects, for workers that finish many things at once.
    """
    events = list(events)
    if not events:
        return
    actor = by.pk if by else None
    values = {"at": at or timezone.now(), "actor": actor, "verb": verb, "events": Jsonb(events)}
    with connection.cursor() as cursor:
        cursor.execute(WRITE, values)
