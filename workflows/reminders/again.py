"""A message that was given up is tried again because a person says so."""

from django.db import transaction

from audit.services import record_many
from workflows.models.reminder import Reminder, State

CHANGED = ("state", "attempts", "first_attempt_at", "next_attempt_at", "lease_token", "lease_until")


@transaction.atomic
def send_again(rows, *, by, at):
    """Plan given-up messages anew, with all tries and the same Message-ID; returns how many.

    A daily message takes its lines along. What its step has left behind meanwhile is withdrawn
    by the next worker that looks at it.
    """
    rows = list(rows.select_for_update(of=("self",)).select_related("step"))
    lines = Reminder.objects.filter(digest__in=[row.pk for row in rows], state=State.DEAD)
    lines = list(lines.select_related("step"))
    for row in [*rows, *lines]:
        row.state, row.attempts, row.first_attempt_at = State.PLANNED, 0, None
        row.next_attempt_at, row.lease_token, row.lease_until = at, None, None
    Reminder.objects.bulk_update([*rows, *lines], CHANGED)
    record_many(
        by,
        "reminder.again",
        [
            {
                "clinic_id": row.clinic_id,
                "patient_id": row.step.patient_id,
                "case_id": row.step.case_id,
                "step_id": row.step_id,
                "detail": {"kind": row.kind, "to": row.recipient_id},
            }
            for row in [*rows, *lines]
            if row.step
        ],
        at=at,
    )
    return len(rows)
