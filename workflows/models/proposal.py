"""What a rule asks for: a clinician accepts or declines it; nothing happens by itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import ClinicModel
from audit.history import tracked
from patients.models import Patient
from patients.text import validate_visible
from workflows.models.case import Case
from workflows.models.step import Step

CONTRADICTION = "contradiction"  # the kind of two findings that do not fit together


class Decision(models.TextChoices):
    OPEN = "open", "open"
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"
    WITHDRAWN = "withdrawn", "no longer true before anybody decided"
    SUPERSEDED = "superseded", "accepted, and no longer true since"
    LAPSED = "lapsed", "declined, and no longer true since"


class ProposalQuerySet(models.QuerySet):
    def for_user(self, user, may="see"):
        return self.filter(patient__in=Patient.objects.for_user(user, may))

    def open(self):
        return self.filter(state=Decision.OPEN)

    def contradictions(self):
        return self.open().filter(kind=CONTRADICTION)


@tracked
class Proposal(ClinicModel):
    """One action of one rule for one case, with the facts it rests on and its source.

    Alerts are proposals that ask only to be read (`kind` alert): accepting one acknowledges it.
    Contradictions name two findings that do not fit: they can only be declined, with a reason.
    `key` names rule, action and target; a key is open at most once in a case.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="proposals", db_constraint=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_constraint=False)
    step = models.ForeignKey(
        Step, models.PROTECT, null=True, related_name="proposals", db_constraint=False
    )
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=24)
    rule = models.CharField(max_length=60)
    target = models.CharField(max_length=70, blank=True)
    params = models.JSONField(default=dict)
    level = models.CharField("of an alert", max_length=10, blank=True)
    text = models.CharField(max_length=400)
    because = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict)
    needs_decision = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=Decision.choices, default=Decision.OPEN)
    raised_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True, validators=[validate_visible])

    objects = ProposalQuerySet.as_manager()

    class Meta(ClinicModel.Meta):
        constraints = [
            models.UniqueConstraint(
                name="workflows_proposal_open_once",
                fields=["case", "key"],
                condition=Q(state="open"),
            ),
            models.CheckConstraint(
                name="workflows_proposal_state_known", condition=Q(state__in=Decision.values)
            ),
            models.CheckConstraint(
                name="workflows_proposal_declined_has_reason",
                condition=~Q(state__in=["declined", "lapsed"]) | ~Q(reason=""),
                violation_error_message="A proposal is declined with a reason.",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "state"], name="workflows_proposal_of_case"),
            models.Index(
                fields=["clinic", "raised_at"],
                condition=Q(state="open"),
                name="workflows_proposal_open",
            ),
        ]

    def __str__(self):
        return f"proposal {self.pk}"
