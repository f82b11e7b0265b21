"""Hand-over is ask → accept → move: what has been offered to whom, and what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import ClinicModel
from audit.history import tracked
from patients.text import validate_visible
from workflows.models.case import Case
from workflows.models.step import Step

USER = settings.AUTH_USER_MODEL


class OfferState(models.TextChoices):
    ASKED = "asked", "waits for an answer"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"
    LAPSED = "lapsed", "not answered in time"
    WITHDRAWN = "withdrawn", "withdrawn"


class OfferQuerySet(models.QuerySet):
    def asked(self):
        return self.filter(state=OfferState.ASKED)

    def returned(self):
        """Came back, and the person who has the work still has not taken notice."""
        return self.filter(state__in=[OfferState.DECLINED, OfferState.LAPSED], noticed_at=None)


@tracked
class Offer(ClinicModel):
    """One step, or (`step` empty) the place of `from_user` in a whole case, for `to_user`.

    Until it is accepted `from_user` stays responsible. Refused or not answered by the end of
    `until`, it comes back to her and stays in her sight until she takes notice. Where nobody asked
    (`asked_by` empty) the profile did: it stayed late.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="offers", db_constraint=False)
    step = models.ForeignKey(
        Step, models.PROTECT, null=True, related_name="offers", db_constraint=False
    )
    from_user = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    to_user = models.ForeignKey(USER, models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    until = models.DateField("to be answered by")
    note = models.CharField(max_length=300, blank=True, validators=[validate_visible])
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.ASKED)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True, validators=[validate_visible])
    noticed_at = models.DateTimeField(null=True)

    objects = OfferQuerySet.as_manager()

    class Meta(ClinicModel.Meta):
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="workflows_offer_state_known", condition=Q(state__in=OfferState.values)
            ),
            models.CheckConstraint(
                name="workflows_offer_answered_has_when",
                condition=Q(state="asked", answered_at=None)
                | (~Q(state="asked") & Q(answered_at__isnull=False)),
            ),
            models.UniqueConstraint(
                name="workflows_offer_of_step_once",
                fields=["step"],
                condition=Q(state="asked", step__isnull=False),
            ),
            models.UniqueConstraint(
                name="workflows_offer_of_case_once",
                fields=["case", "from_user"],
                condition=Q(state="asked", step=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["to_user", "asked_at"],
                condition=Q(state="asked"),
                name="workflows_offer_to_answer",
            ),
            models.Index(
                fields=["from_user", "answered_at"],
                condition=Q(state__in=["declined", "lapsed"], noticed_at=None),
                name="workflows_offer_returned",
            ),
        ]

    def __str__(self):
        return f"offer {self.pk}"
