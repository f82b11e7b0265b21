"""Who did what, and who looked: one append-only table, without names or results."""

import pgtrigger
from django.conf import settings
from django.db import models

from accounts.models import Clinic


class Event(models.Model):
    """One act (`step.order`), one look (`chart.view`) or one refusal (`refused`).

    Rows are told apart by `verb`; `detail` holds codes, keys and counts, never a patient's data.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
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
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"event {self.pk}"
