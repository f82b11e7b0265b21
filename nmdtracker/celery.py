"""The background: workers do what rows say is due; beat only wakes them."""

import os

from celery import Celery
from celery.signals import worker_init

from clinical.pathways import profiles

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmdtracker.settings")
app = Celery("nmdtracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["workflows.reminders", "interop.fhir"])

MINUTE = 60
app.conf.beat_schedule = {
    # a wake-up older than five periods is dropped: an outage must not pile them up
    "deliver reminders": {
        "task": "workflows.reminders.tasks.deliver_reminders",
        "schedule": MINUTE / 4,
        "options": {"expires": 5 * MINUTE / 4},
    },
    "plan missing reminders": {
        "task": "workflows.reminders.tasks.plan_missing",
        "schedule": 60 * MINUTE,
        "options": {"expires": 5 * 60 * MINUTE},
    },
    "clear access tokens": {
        "task": "interop.fhir.tasks.clear_tokens",
        "schedule": 60 * MINUTE,
        "options": {"expires": 5 * 60 * MINUTE},
    },
}


@worker_init.connect
def load_definitions(**_):
    """Read the definitions once, before the worker splits into processes that share them."""
    profiles()
