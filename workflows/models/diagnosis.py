"""A coded disorder with its certainty, what it rests on, and when the patient was told."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import ClinicModel
from audit.history import tracked
from patients.models import Patient
from patients.text import validate_visible
from workflows.models.case import Case


class Certainty(models.TextChoices):
    SUSPECTED = "suspected", "suspected"
    PROBABLE = "probable", "probable"
    CONFIRMED = "confirmed", "confirmed"
    EXCLUDED = "excluded", "excluded"


class DiagnosisQuerySet(models.QuerySet):
    def for_user(self, user, may="see"):
        return self.filter(patient__in=Patient.objects.for_user(user, may))

    def current(self):
        return self.filter(replaced_by=None)


@tracked
class Diagnosis(ClinicModel):
    """A new certainty is a new row that replaces the earlier one; the earlier one stays."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="diagnoses", db_constraint=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_constraint=False)
    code = models.CharField("code in our vocabulary", max_length=40, blank=True)
    label = models.CharField(max_length=200, validators=[validate_visible])
    external_id = models.CharField("identifier as it was given", max_length=60, blank=True)
    certainty = models.CharField(max_length=10, choices=Certainty.choices)
    onset_text = models.CharField("onset as it was given", max_length=200, blank=True)
    basis = models.CharField("what it rests on", max_length=500, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    told_how = models.CharField(max_length=20, blank=True)
    replaced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaces", db_constraint=False
    )

    objects = DiagnosisQuerySet.as_manager()

    class Meta(ClinicModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="workflows_diagnosis_certainty_known",
                condition=Q(certainty__in=Certainty.values),
            ),
            models.UniqueConstraint(
                name="workflows_diagnosis_current_once",
                fields=["case", "code"],
                condition=Q(replaced_by=None) & ~Q(code=""),
            ),
        ]

    def __str__(self):
        return f"diagnosis {self.pk}"
