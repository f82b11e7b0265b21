"""Time passes: a case and what hangs on it become older, as if the days had gone by."""

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from accounts.rls import ALL, clinics
from workflows import services
from workflows.models import Case, CasePathway, Reminder, Step

SOON = timedelta(days=4)  # over a weekend
COLUMNS = {
    Case: ["referral_on", "opened_at"],
    CasePathway: ["started_on"],
    Step: [
        "ordered_at",
        "booked_for",
        "performed_on",
        "reported_at",
        "reported_on",
        "reviewed_at",
        "told_at",
        "ended_at",
        "activated_on",
        "due_cap",
        "held_until",
        "due_on",
        "door_open_since",
    ],
    Reminder: ["due_at", "next_attempt_at"],
}


def grow_older(case, days):
    """Move every date of the case into the past and derive its state again for today."""
    with clinics(ALL):
        for model, columns in COLUMNS.items():
            path = {Case: "pk", CasePathway: "case", Step: "case", Reminder: "step__case"}[model]
            moved = {column: F(column) - timedelta(days=days) for column in columns}
            model.objects.filter(**{path: case.pk}).update(**moved)
        services.resettle(case, at=timezone.now())
        # the next office hours, whatever the hour of the test
        owed = Reminder.objects.filter(step__case=case, next_attempt_at__lt=timezone.now() + SOON)
        owed.update(next_attempt_at=timezone.now() - timedelta(minutes=1))
