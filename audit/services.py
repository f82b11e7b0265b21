"""The one way to write an event."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.utils import timezone
from psycopg.types.json import Jsonb

from audit.models import Event

_waiting: ContextVar[list | None] = ContextVar("waiting", default=None)


def record(
    by, verb, *, clinic_id=None, patient_id=None, case_id=None, step_id=None, at=None, **detail
):
    """Append one event; `detail` takes codes, keys and counts only."""
    event = Event(
        at=at or timezone.now(),
        actor=by if getattr(by, "pk", None) else None,
        verb=verb,
        clinic_id=clinic_id,
        patient_id=patient_id,
        case_id=case_id,
        step_id=step_id,
        detail=detail,
    )
    waiting = _waiting.get()
    if waiting is None:
        event.save(force_insert=True)
    else:
        waiting.append(event)
    return event


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
