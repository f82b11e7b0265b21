"""Look over all clinics for messages that are owed and missing, or planned and no longer owed."""

from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import Clinic
from accounts.rls import ALL, clinics
from clinical.engine import Stage
from workflows.clock import local_day
from workflows.models import tally
from workflows.models.case import Case
from workflows.models.step import Step
from workflows.reminders.plan import plan_cases
from workflows.services import lapse_offers, move_covered, offer_escalated, resettle

AHEAD = timedelta(days=1)
# an act withdraws what it ends, and a worker looks again: of what is planned only the next day's
# messages are looked at, in the two indexes by which they leave, and of each its step: a join
# would read all steps where the planner takes many messages for more than they are
MOVED_ON = """
UPDATE workflows_reminder AS reminder SET state = 'withdrawn'
WHERE state = 'planned' AND next_attempt_at < %s
  AND (NOT in_digest OR in_digest AND digest_id IS NULL) AND NOT (
    SELECT step.is_open AND step.door = reminder.door AND step.twin_of_id IS NULL
    FROM workflows_step AS step WHERE step.id = reminder.step_id
  )
"""


def plan_missing(at=None, batch=200):
    """Heal what a bug, a restored backup or a change of people left behind; returns cases seen.

    Runs every hour: an overdue step is chased again even if the worker that sent the last message
    died before it planned the next one. One short transaction for every `batch` cases.
    """
    at, seen = at or timezone.now(), 0
    with clinics(ALL):
        withdraw_moved_on(at)
    for clinic in Clinic.objects.order_by("pk"):
        _end_rests(clinic, at)
        with clinics([clinic.pk]):
            move_covered(clinic, at)
            lapse_offers(clinic, at)
            offer_escalated(clinic, at)
        last = 0
        while keys := _plan_after(clinic, last, at, batch):
            last, seen = keys[-1], seen + len(keys)
    with clinics(ALL):
        tally.fold()
    return seen


def withdraw_moved_on(at):
    with connection.cursor() as cursor:
        cursor.execute(MOVED_ON, [at + AHEAD])


def _end_rests(clinic, at):
    """Derive again cases with a hold or a pause whose day has come: nobody acts, but time does."""
    today = local_day(at, clinic)
    with clinics([clinic.pk]):
        held = Step.objects.filter(clinic=clinic, is_open=True, stage=Stage.ON_HOLD)
        held = held.filter(Q(held_until__lte=today) | Q(held_until=None, due_on__lte=today))
        ended = held.filter(case__closed_at=None)
        keys = list(ended.order_by("case_id").values_list("case_id", flat=True).distinct())
    for key in keys:
        with clinics([clinic.pk]):
            resettle(Case(pk=key), at=at)


def _plan_after(clinic, last, at, batch):
    with clinics([clinic.pk]):
        cases = Case.objects.filter(clinic=clinic, closed_at=None, pk__gt=last)
        keys = list(cases.order_by("pk").values_list("pk", flat=True)[:batch])
        if keys:
            plan_cases(clinic, keys, at)
    return keys
