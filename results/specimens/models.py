"""Tissue, blood or DNA on its way: taken, sent, received, and where each block is now."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import ClinicModel
from patients.models import Patient, tracked
from results.base import text


class Kind(models.TextChoices):
    FROZEN = "frozen", "Frozen block"
    PARAFFIN = "paraffin", "Paraffin block"
    EM = "em", "Block for electron microscopy"
    SKIN = "skin", "Skin punch"
    BLOOD = "blood", "Blood"
    CSF = "csf", "CSF"
    DNA = "dna", "DNA"
    OTHER = "other", "Other"


class Move(models.TextChoices):
    TAKEN = "taken", "Taken"
    SENT = "sent", "Sent"
    RECEIVED = "received", "Received"
    STORED = "stored", "Stored"
    LOST = "lost", "Lost"
    USED_UP = "used_up", "Used up"


class SpecimenQuerySet(models.QuerySet):
    def for_user(self, user, may="see"):
        return self.filter(patient__in=Patient.objects.for_user(user, may))


@tracked
class Specimen(ClinicModel):
    """One block or tube of a step. Where it is stands in its last move."""

    step = models.ForeignKey(
        "workflows.Step", models.PROTECT, related_name="specimens", db_constraint=False
    )
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_constraint=False)
    label = models.CharField("label on the tube or block", max_length=60)
    kind = models.CharField("kind", max_length=10, choices=Kind.choices)

    objects = SpecimenQuerySet.as_manager()

    class Meta(ClinicModel.Meta):
        constraints = [
            models.UniqueConstraint(
                name="results_specimen_once",
                fields=["step", "label"],
                violation_error_message="This step has a specimen with this label already.",
            ),
            models.CheckConstraint(
                name="results_specimen_kind_known", condition=Q(kind__in=Kind.values)
            ),
        ]

    def __str__(self):
        return f"specimen {self.pk}"

    @property
    def last(self):
        """The last move, the moves being prefetched in their order."""
        return list(self.moves.all())[-1]


class Moves(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("by")


@tracked
class SpecimenMove(ClinicModel):
    """What happened to a specimen; never changed, only followed by the next one."""

    specimen = models.ForeignKey(
        Specimen, models.PROTECT, related_name="moves", db_constraint=False
    )
    move = models.CharField("what happened", max_length=10, choices=Move.choices)
    at = models.DateTimeField("when")
    place = text("where, or to whom")
    note = text("note", 300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = Moves()

    class Meta(ClinicModel.Meta):
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="results_specimen_move_known", condition=Q(move__in=Move.values)
            )
        ]

    def __str__(self):
        return f"specimen move {self.pk}"

    @property
    def in_words(self):
        """ "Sent to Genetics London"."""
        word = {"sent": " to ", "received": " at ", "stored": " at ", "taken": " at "}
        place = f"{word.get(self.move, ', ')}{self.place}" if self.place else ""
        return f"{self.get_move_display()}{place}"
