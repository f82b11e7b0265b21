"""Who did what, and who looked: one append-only table, without names or results."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Clinic

PLAIN = {"db_constraint": False, "db_index": False}


class Event(models.Model):
    """One act (`step.order`), one look (`chart.view`) or one refusal (`refused`).

    Rows are told apart by `verb`; `detail` holds codes, keys and counts, never a patient's data.
    Each page and each message appends one, so the table checks none of its keys (neither people
    nor clinics are ever deleted) and has no index that no page reads.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, null=True, related_name="+", **PLAIN)
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", **PLAIN
    )
    verb = models.CharField(max_length=40)
    patient_id = models.BigIntegerField(null=True)
    case_id = models.BigIntegerField(null=True)
    step_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case_id", "-id"], name="audit_event_of_case"),
            models.Index(fields=["step_id", "-id"], name="audit_event_of_step"),
            models.Index(fields=["clinic", "-id"], name="audit_event_of_clinic"),
            # what a chart tells, without the looks at it, which are most of its events
            models.Index(
                fields=["case_id", "-id"],
                condition=~Q(verb__endswith=".view") & ~Q(verb__startswith="reminder."),
                name="audit_event_told_of_case",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"event {self.pk}"
