"""A file that belongs to a step: the scan of a report, a picture, a letter from elsewhere."""

import secrets
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import ClinicModel
from audit.history import tracked
from patients.text import validate_visible
from workflows.models import Step


class Kind(models.TextChoices):
    PDF = "application/pdf", "PDF"
    PNG = "image/png", "PNG image"
    JPEG = "image/jpeg", "JPEG image"


SUFFIXES = {Kind.PDF: (".pdf",), Kind.PNG: (".png",), Kind.JPEG: (".jpg", ".jpeg")}


def random_key(attachment, name):
    """Name on disk: nothing of the name that came with the file, nothing to be guessed."""
    key = secrets.token_hex(16)
    return f"{key[:2]}/{key}"


class AttachmentQuerySet(models.QuerySet):
    def for_user(self, user, may="see"):
        return self.filter(step__in=Step.objects.for_user(user, may))


@tracked
class Attachment(ClinicModel):
    """`kind` is what the content says, not the name. A wrong one is withdrawn, never deleted."""

    step = models.ForeignKey(
        Step, models.PROTECT, related_name="attachments", db_constraint=False, db_index=False
    )
    file = models.FileField(upload_to=random_key, max_length=60, unique=True)
    name = models.CharField(max_length=200, validators=[validate_visible])
    kind = models.CharField(max_length=20, choices=Kind.choices)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True, validators=[validate_visible])

    objects = AttachmentQuerySet.as_manager()

    class Meta(ClinicModel.Meta):
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="results_attachment_kind_known", condition=Q(kind__in=Kind.values)
            ),
            models.CheckConstraint(
                name="results_attachment_withdrawal_said",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawn_reason="")
                ),
            ),
        ]
        indexes = [models.Index(fields=["step", "added_at"], name="results_attachment_of_step")]

    def __str__(self):
        return f"attachment {self.pk}"

    @property
    def download_name(self):
        """The name it came with, ending as what it is."""
        path = PurePath(self.name)
        known = SUFFIXES[Kind(self.kind)]
        return self.name if path.suffix.lower() in known else f"{path.stem or 'file'}{known[0]}"

    @property
    def size(self):
        """As people read it: 840 kB, 2.1 MB."""
        return megabytes(self.size_bytes)


def megabytes(count):
    """A size in bytes as people read it; sizes count in thousands, as disks and mails do."""
    return f"{count / 1e6:.3g} MB" if count >= 999_500 else f"{max(1, round(count / 1e3))} kB"
