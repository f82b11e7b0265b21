"""A case whose clock stands still for a while."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import ClinicModel
from audit.history import tracked
from patients.text import validate_visible
from workflows.models.case import Case

USER = settings.AUTH_USER_MODEL


class Why(models.TextChoices):
    PATIENT = "patient", "the patient’s choice"
    CLINICAL = "clinical", "clinical hold"
    CONSENT = "consent", "awaiting consent"
    FUNDING = "funding", "awaiting funding"


@tracked
class Pause(ClinicModel):
    """From `starts_on` until the day before `ends_on`, which is always known: a case that rests

    comes back by itself. Ended early, `ends_on` is the day on which it went on.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses", db_constraint=False)
    why = models.CharField(max_length=10, choices=Why.choices)
    note = models.CharField(max_length=300, blank=True, validators=[validate_visible])
    starts_on = models.DateField()
    ends_on = models.DateField()
    paused_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    resumed_at = models.DateTimeField(null=True)
    resumed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")

    class Meta(ClinicModel.Meta):
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="workflows_pause_why_known", condition=Q(why__in=Why.values)
            ),
            models.CheckConstraint(
                name="workflows_pause_ends_after_start",
                condition=Q(ends_on__gt=F("starts_on"))
                | Q(resumed_at__isnull=False, ends_on=F("starts_on")),
                violation_error_message="A pause ends after it began.",
            ),
        ]
        indexes = [models.Index(fields=["case", "starts_on"], name="workflows_pause_of_case")]

    def __str__(self):
        return f"pause {self.pk} of case {self.case_id}"

    @property
    def words(self):
        return self.get_why_display() + (f" ({self.note})" if self.note else "")
