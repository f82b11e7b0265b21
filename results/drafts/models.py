"""What somebody has typed into a record form and not saved yet. Never a result."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict

from accounts.models import ClinicModel
from audit.history import tracked
from workflows.models import Step


class Ended(models.TextChoices):
    OPEN = "", "open"
    SAVED = "saved", "the report was saved"
    DISCARDED = "discarded", "discarded"
    EXPIRED = "expired", "expired, and begun anew"


class DraftQuerySet(models.QuerySet):
    def for_user(self, user, may="record"):
        """Her own, of steps that she may record today: a draft is read by nobody else."""
        return self.filter(user=user, step__in=Step.objects.for_user(user, may))

    def open(self):
        return self.filter(ended=Ended.OPEN)


@tracked(exclude=["data", "window", "step_version", "saved_at", "expires_at"])
class Draft(ClinicModel):
    """The raw fields of a form, by step and person; one of them open at a time.

    `data` maps each field's name to the list of what was typed. `window` is the open page that
    wrote last: a second one is told instead of writing over it. Row history leaves the typing
    out: it changes every few seconds, and what counts of it becomes a result.
    """

    step = models.ForeignKey(
        Step, models.PROTECT, related_name="drafts", db_constraint=False, db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    data = models.JSONField()
    step_version = models.PositiveIntegerField("version of the step that was shown")
    window = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended = models.CharField(max_length=10, choices=Ended.choices, default=Ended.OPEN, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = DraftQuerySet.as_manager()

    class Meta(ClinicModel.Meta):
        constraints = [
            models.UniqueConstraint(
                name="results_draft_open_once", fields=["step", "user"], condition=Q(ended="")
            ),
            models.CheckConstraint(
                name="results_draft_end_has_when",
                condition=Q(ended="", ended_at=None) | (~Q(ended="") & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["user", "-saved_at"], condition=Q(ended=""), name="results_draft_open_of"
            ),
            models.Index(fields=["step", "user"], name="results_draft_of_step"),
        ]

    def __str__(self):
        return f"draft {self.pk}"

    def typed(self):
        """The fields as a form reads them from a request."""
        found = QueryDict(mutable=True)
        for name, values in self.data.items():
            found.setlist(name, values)
        return found

    def has_expired(self, at):
        return self.expires_at <= at


def ending(step_id, user, at):
    """(SQL, parameters) that ends a person's draft of a step because its report is saved.

    A statement of its own to be sent with those that save the report.
    """
    sql = f"""
UPDATE {Draft._meta.db_table} SET ended = %s, ended_at = %s
WHERE step_id = %s AND user_id = %s AND ended = ''
"""  # noqa: S608 - our own words only
    return sql, [Ended.SAVED.value, at, step_id, getattr(user, "pk", None)]
