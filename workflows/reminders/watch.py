"""Is anybody sending? What should have left and has not is the first sign that nobody does."""

from datetime import timedelta

from django.db.models import Count, Max, Min, Q

from workflows.models.reminder import Reminder, State

SLACK = timedelta(minutes=10)  # a worker is woken every 15 seconds
LONGEST_PAUSE = timedelta(hours=5)  # the longest wait before another try


def held_up(clinics, now):
    """{n, since, why} of messages of some clinics that are due and do not leave; n 0: all is well.

    No worker has taken them for SLACK, or a mail server does not take them (`why`: its answer).
    """
    rows = Reminder.objects.filter(clinic_id__in=clinics, state=State.PLANNED, digest=None)
    untaken = Q(next_attempt_at__lt=now - SLACK)
    refused = Q(next_attempt_at__lt=now + LONGEST_PAUSE) & ~Q(last_error="")
    return rows.filter(untaken | refused).aggregate(
        n=Count("pk"), since=Min("due_at"), why=Max("last_error")
    )
