"""What wakes a worker. The rows say what is due: a task that is lost or doubled does no harm."""

from celery import shared_task

from workflows.reminders import sweep
from workflows.reminders.deliver import deliver_due

BATCH = 500


@shared_task(expires=75, acks_late=True)
def deliver_reminders():
    """Send a batch; when it was full there may be more, so wake another worker."""
    if deliver_due(batch=BATCH).total() >= BATCH:
        deliver_reminders.delay()


@shared_task(expires=5 * 60 * 60, acks_late=True, soft_time_limit=240, time_limit=270)
def plan_missing():
    sweep.plan_missing()
