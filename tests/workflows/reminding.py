"""Steps and reminders as rows, for tests that need a state and not the way to it."""

from datetime import date, timedelta

from django.utils import timezone

from clinical.engine import Stage
from workflows.models import Reminder, Step

FIELDS = {
    "modality": "labs",
    "label": "Core bloods",
    "stage": Stage.TO_ORDER,
    "door": "ordered",
    "is_open": True,
    "owner_role": "clinician",
}


def step(case, code="a_step", **fields):
    """An open step, due a week ago, that nobody has settled."""
    today = timezone.localdate()
    values = FIELDS | {"due_on": today - timedelta(days=7), "door_open_since": today} | fields
    return Step.objects.create(
        clinic_id=case.clinic_id, case=case, patient_id=case.patient_id, code=code, **values
    )


def reminder(step, to, **fields):
    """A reminder that is due now."""
    now = timezone.now()
    values = {"kind": "overdue", "due_at": now, "next_attempt_at": now} | fields
    return Reminder.objects.create(
        clinic_id=step.clinic_id, step=step, door=step.door, recipient=to, **values
    )


def planned(step):
    """(kind, local day, recipient key) of what is planned, in order."""
    rows = Reminder.objects.filter(step=step, state="planned").order_by("due_at", "kind")
    return [(row.kind, timezone.localdate(row.due_at), row.recipient_id) for row in rows]


def day(text):
    return date.fromisoformat(text)
