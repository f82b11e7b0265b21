"""What came in from elsewhere: the original of every imported document, kept whole."""

import pgtrigger
from django.conf import settings
from django.db import models

from accounts.models import ClinicModel
from audit.history import tracked
from patients.models import Patient
from workflows.models import Case


class Kind(models.TextChoices):
    PHENOPACKET = "phenopacket", "Phenopacket v2"
    FAMILY = "family", "Phenopacket v2, family"


@tracked(exclude=["content"])
class ImportedDocument(ClinicModel):
    """One document as it arrived, and the case it became.

    `content` is the text of the file, so that what we do not model is not lost. `sha256` is that
    of its meaning (keys in one spelling and order): the same case written otherwise is the same.
    `notes` says in sentences what was odd or is kept here only.
    """

    kind = models.CharField(max_length=12, choices=Kind.choices)
    external_id = models.CharField("identifier of the document", max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.TextField()
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_constraint=False)
    case = models.ForeignKey(
        Case, models.PROTECT, related_name="imported_documents", db_constraint=False
    )
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    notes = models.JSONField(default=list, blank=True)

    class Meta(ClinicModel.Meta):
        constraints = [
            models.UniqueConstraint(
                name="interop_document_once",
                fields=["clinic", "external_id"],
                violation_error_message="This document has been imported already.",
            ),
            models.CheckConstraint(
                name="interop_document_kind_known", condition=models.Q(kind__in=Kind.values)
            ),
        ]
        triggers = [
            *ClinicModel.Meta.triggers,
            pgtrigger.ReadOnly(
                name="original_stays", fields=["kind", "external_id", "sha256", "content"]
            ),
        ]

    def __str__(self):
        return f"imported document {self.pk}"
