"""One diagnostic odyssey of a patient, and the pathways it follows."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import ClinicModel
from audit.history import tracked
from patients.models import Patient
from patients.partial import PartialDate, Precision
from patients.text import validate_visible


class Urgency(models.TextChoices):
    EMERGENCY = "emergency", "Emergency"
    URGENT = "urgent", "Urgent"
    SOON = "soon", "Soon"
    ROUTINE = "routine", "Routine"


class CaseQuerySet(models.QuerySet):
    def for_user(self, user, may="see"):
        return self.filter(patient__in=Patient.objects.for_user(user, may))

    def open(self):
        return self.filter(closed_at=None)


@tracked
class Case(ClinicModel):
    """Onset, referral, who is responsible, and how it ended.

    `facts` is derived: what all results of the case established, newest first. It can be made
    again from the steps at any time (`workflows.services.settle`).
    """

    patient = models.ForeignKey(Patient, models.PROTECT, related_name="cases", db_constraint=False)
    referral_on = models.DateField("referred on")
    reason = models.CharField(
        "reason for referral", max_length=500, blank=True, validators=[validate_visible]
    )
    symptoms = models.JSONField("symptoms named in the referral", default=list, blank=True)
    onset_on = models.DateField(null=True, blank=True)
    onset_precision = models.CharField(
        max_length=8, choices=Precision.choices, default=Precision.UNKNOWN
    )
    onset_text = models.CharField("onset as it was told", max_length=200, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency.choices, default=Urgency.SOON)
    clinician = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=300, blank=True, validators=[validate_visible])
    facts = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta(ClinicModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="workflows_case_urgency_known", condition=Q(urgency__in=Urgency.values)
            ),
            models.CheckConstraint(
                name="workflows_case_closed_has_reason",
                condition=Q(closed_at=None) | ~Q(closed_reason=""),
                violation_error_message="A case is closed with a reason.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinician", "id"], include=["clinic"], name="workflows_case_of_clinician"
            ),
            models.Index(
                fields=["clinic", "referral_on"],
                condition=Q(closed_at=None),
                name="workflows_case_open",
            ),
        ]

    def __str__(self):
        return f"case {self.pk}"

    @property
    def onset(self):
        return PartialDate(self.onset_on, self.onset_precision)


@tracked
class CasePathway(ClinicModel):
    """A pathway that a case follows, pinned to the version it started with."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pathways", db_constraint=False)
    pathway = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    started_on = models.DateField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    rule = models.CharField("rule that asked for it", max_length=60, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta(ClinicModel.Meta):
        constraints = [
            models.UniqueConstraint(
                name="workflows_pathway_once_a_case", fields=["case", "pathway"]
            )
        ]

    def __str__(self):
        return f"pathway {self.pathway} of case {self.case_id}"
