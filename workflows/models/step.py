"""One thing that must happen for a case: five doors, each with who and when."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Case as Choose
from django.db.models import F, Q, Value, When
from django.db.models.functions import Coalesce

from accounts.models import ClinicModel
from audit.history import tracked
from clinical.engine import Door, Stage
from patients.models import Patient
from patients.text import validate_visible
from workflows.models import step_name, tally
from workflows.models.case import Case, Urgency

USER = settings.AUTH_USER_MODEL
NEVER = date(9999, 12, 31)
OPEN_STAGES = [
    Stage.WAITING,
    Stage.TO_ORDER,
    Stage.TO_BOOK,
    Stage.BOOKED,
    Stage.AWAITING_RESULT,
    Stage.TO_REVIEW,
    Stage.TO_TELL,
    Stage.ON_HOLD,
]


class Ended(models.TextChoices):
    """How a step left the worklist other than through its last door."""

    NOT_NEEDED = "not_needed", "Not needed"
    DECLINED = "declined", "Declined by the patient"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Failed, repeated"
    ANSWERED = "answered", "Answered by another result"


class ReviewOutcome(models.TextChoices):
    """What a review decides; to have looked is not enough."""

    ACTION = "action", "Something was done"
    STEPS = "steps", "A new step follows"
    NOTHING = "nothing", "Nothing is needed"


class ResultStatus(models.TextChoices):
    NONE = "", "no report"
    PRELIMINARY = "preliminary", "Preliminary"
    FINAL = "final", "Final"
    CORRECTED = "corrected", "Corrected"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"


class StepQuerySet(models.QuerySet):
    def for_user(self, user, may="see"):
        return self.filter(patient__in=Patient.objects.for_user(user, may))

    def open(self):
        """On somebody's list now. A step that is done together with another one shows once."""
        return self.filter(is_open=True, twin_of=None)

    def overdue(self, on):
        """The queryset beside `workflows.clock.is_overdue`; the caller says what day it is."""
        return self.open().filter(sort_on__lt=on)


@tracked(exclude=["sort_on", "captures", "definition", "because", "waits_for"])
class Step(ClinicModel):
    """People act: the columns under "acts". State is derived: the columns under "derived".

    `facts`, `captured`, `summary`, `flag` are copied from the typed result, which `results` keeps.
    """

    case = models.ForeignKey(  # the index of code_once has a case's steps
        Case, models.PROTECT, related_name="steps", db_constraint=False, db_index=False
    )
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="+", db_constraint=False)
    code = models.CharField(max_length=70)
    pathway = models.CharField(max_length=40, blank=True)
    modality = models.CharField(max_length=12)
    label = models.CharField(max_length=200)
    captures = models.JSONField(default=list)
    capture_key = models.CharField(max_length=64, blank=True)
    definition = models.JSONField("of a step that no pathway lists", default=dict, blank=True)
    repeat_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="repeats", db_constraint=False
    )

    # acts: what somebody did
    ordered_at = models.DateTimeField(null=True)
    ordered_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    sent_to = models.CharField(
        "laboratory or department", max_length=120, blank=True, validators=[validate_visible]
    )
    booked_for = models.DateTimeField(null=True)
    performed_on = models.DateField(null=True)
    performed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)  # when it was entered
    reported_on = models.DateField("report’s own date", null=True)
    reported_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    review_outcome = models.CharField(max_length=8, choices=ReviewOutcome.choices, blank=True)
    review_note = models.CharField(max_length=500, blank=True, validators=[validate_visible])
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    told_how = models.CharField(max_length=20, blank=True)
    held_until = models.DateField(null=True)
    hold_reason = models.CharField(max_length=300, blank=True, validators=[validate_visible])
    released_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=12, choices=Ended.choices, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    ended_reason = models.CharField(max_length=300, blank=True, validators=[validate_visible])
    ended_rule = models.CharField(max_length=60, blank=True)
    answered_by = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="answers", db_constraint=False
    )
    activated_on = models.DateField(null=True)
    activated_rule = models.CharField(max_length=60, blank=True)
    profile = models.CharField(max_length=10, blank=True)
    due_cap = models.DateField(null=True)
    assigned_to = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    note = models.CharField(
        "what whoever looks after it should know",
        max_length=500,
        blank=True,
        validators=[validate_visible],
    )
    # of its present door alone: they lapse when it goes on
    seen_at = models.DateTimeField("acknowledged, not done", null=True)
    seen_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    snoozed_until = models.DateField("no reminder of its owner until", null=True)
    snooze_reason = models.CharField(max_length=300, blank=True, validators=[validate_visible])
    not_reached = models.PositiveSmallIntegerField("tries to tell, in vain", default=0)

    # the result, copied
    result_status = models.CharField(max_length=16, choices=ResultStatus.choices, blank=True)
    facts = models.JSONField(default=dict, blank=True)
    captured = models.JSONField(default=list, blank=True)
    summary = models.CharField(max_length=240, blank=True)
    flag = models.CharField(max_length=10, blank=True)

    # derived: what follows from the acts and the facts (workflows.services.settle)
    stage = models.CharField(max_length=16, default=Stage.INACTIVE.value)
    is_open = models.BooleanField(default=False)
    door = models.CharField(max_length=10, blank=True)
    # an index of the owner alone would be joined with that of the clinic, and all of hers sorted
    owner = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", db_index=False)
    owner_role = models.CharField(max_length=12, blank=True)
    due_on = models.DateField(null=True)
    door_open_since = models.DateField(null=True)
    urgency = models.CharField(max_length=10, default=Urgency.SOON.value)
    because = models.JSONField(default=list, blank=True)
    waits_for = models.JSONField(default=list, blank=True)
    twin_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="twins", db_constraint=False
    )
    sort_on = models.GeneratedField(
        expression=Choose(
            When(stage=Stage.WAITING.value, then=Value(NEVER)),
            default=Coalesce("due_on", Value(NEVER)),
        ),
        output_field=models.DateField(),
        db_persist=True,
    )
    version = models.PositiveIntegerField(default=1)

    objects = StepQuerySet.as_manager()

    class Meta(ClinicModel.Meta):
        triggers = [*ClinicModel.Meta.triggers, *tally.TRIGGERS, *step_name.TRIGGERS]
        constraints = [
            models.UniqueConstraint(name="workflows_step_code_once", fields=["case", "code"]),
            models.CheckConstraint(
                name="workflows_step_stage_known",
                condition=Q(stage__in=[stage.value for stage in Stage]),
            ),
            models.CheckConstraint(
                name="workflows_step_door_known",
                condition=Q(door__in=["", *(door.value for door in Door)]),
            ),
            models.CheckConstraint(
                name="workflows_step_ended_known", condition=Q(ended__in=["", *Ended.values])
            ),
            models.CheckConstraint(
                name="workflows_step_status_known",
                condition=Q(result_status__in=ResultStatus.values),
            ),
            models.CheckConstraint(
                name="workflows_step_outcome_known",
                condition=Q(review_outcome__in=["", *ReviewOutcome.values]),
            ),
            models.CheckConstraint(
                name="workflows_step_booked_after_order",
                condition=Q(booked_for=None)
                | Q(ordered_at__isnull=False)
                | Q(modality__in=["history", "exam", "other"]),
                violation_error_message="A test is booked after it was ordered.",
            ),
            models.CheckConstraint(
                name="workflows_step_performed_after_order",
                condition=Q(performed_on=None)
                | Q(ordered_at__isnull=False)
                | Q(modality__in=["history", "exam", "other"]),
                violation_error_message="A test is performed after it was ordered.",
            ),
            models.CheckConstraint(
                name="workflows_step_reported_after_performed",
                condition=Q(reported_at=None) | Q(performed_on__isnull=False),
                violation_error_message="A report needs the day on which the test was done.",
            ),
            models.CheckConstraint(
                name="workflows_step_report_has_day",
                condition=Q(reported_at=None, reported_on=None)
                | Q(reported_at__isnull=False, reported_on__isnull=False),
            ),
            models.CheckConstraint(
                name="workflows_step_reported_on_after_performed",
                condition=Q(reported_on=None) | Q(reported_on__gte=F("performed_on")),
                violation_error_message="A report cannot be older than its test.",
            ),
            models.CheckConstraint(
                name="workflows_step_reviewed_after_report",
                condition=Q(reviewed_at=None) | Q(reported_at__isnull=False),
                violation_error_message="Only a report can be reviewed.",
            ),
            models.CheckConstraint(
                name="workflows_step_told_after_review",
                condition=Q(told_at=None) | Q(reviewed_at__isnull=False),
                violation_error_message="The patient is told after the review.",
            ),
            models.CheckConstraint(
                name="workflows_step_final_is_reported",
                condition=~Q(result_status__in=["final", "corrected"])
                | Q(reported_at__isnull=False),
            ),
            models.CheckConstraint(
                name="workflows_step_hold_has_reason",
                condition=Q(held_until=None) | ~Q(hold_reason=""),
                violation_error_message="A hold needs its reason.",
            ),
            models.CheckConstraint(
                name="workflows_step_snooze_has_reason",
                condition=Q(snoozed_until=None) | ~Q(snooze_reason=""),
                violation_error_message="Say why its reminders rest.",
            ),
            models.CheckConstraint(
                name="workflows_step_ended_has_when",
                condition=Q(ended="", ended_at=None) | (~Q(ended="") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="workflows_step_open_has_door",
                condition=Q(is_open=False)
                | (~Q(door="") & (Q(owner__isnull=False) | ~Q(owner_role=""))),
                violation_error_message="An open step has one next door and one owner.",
            ),
            models.CheckConstraint(
                name="workflows_step_answered_by_whom",
                condition=~Q(ended="answered") | Q(answered_by__isnull=False),
            ),
        ]
        indexes = [
            # all that a filter of the list asks for, so that a count reads no row of the table
            models.Index(
                fields=["clinic", "sort_on", "id"],
                include=[
                    *("stage", "urgency", "flag", "pathway", "owner", "owner_role"),
                    *("case", "patient", "sent_to", "label"),
                ],
                condition=Q(is_open=True, twin_of=None),
                name="workflows_step_open_covering",
            ),
            models.Index(
                fields=["clinic", "stage", "sort_on", "id"],
                condition=Q(is_open=True, twin_of=None),
                name="workflows_step_open_by_stage",
            ),
            models.Index(
                fields=["clinic", "modality", "sort_on", "id"],
                condition=Q(is_open=True, twin_of=None),
                name="workflows_step_open_by_kind",
            ),
            models.Index(
                fields=["clinic", "label", "sort_on", "id"],
                include=["stage"],
                condition=Q(is_open=True, twin_of=None),
                name="workflows_step_open_by_name",
            ),
            models.Index(
                fields=["patient", "sort_on", "id"],
                include=["clinic", "stage"],
                condition=Q(is_open=True, twin_of=None),
                name="workflows_step_open_by_patient",
            ),
            models.Index(
                fields=["clinic", "sort_on", "id"],
                include=["note", "stage"],
                condition=Q(is_open=True, twin_of=None) & ~Q(note=""),
                name="workflows_step_open_with_note",
            ),
            models.Index(
                fields=["case"],
                include=["clinic", "stage", "sort_on"],
                condition=Q(is_open=True, twin_of=None),
                name="workflows_step_open_by_case",
            ),
            models.Index(
                fields=["owner", "sort_on", "id"],
                include=["clinic", "stage"],
                condition=Q(is_open=True, twin_of=None),
                name="workflows_step_open_by_owner",
            ),
            models.Index(
                fields=["clinic", "-id"],
                condition=Q(stage="done"),
                name="workflows_step_done",
            ),
            models.Index(
                fields=["clinic", "capture_key", "sent_to", "-id"],
                condition=Q(result_status="final"),
                name="workflows_step_turnaround",
            ),
        ]

    @property
    def is_critical_unread(self):
        """A critical value came and no clinician has reviewed it, preliminary reports included."""
        return self.flag == "critical" and self.reviewed_at is None

    def __str__(self):
        return f"step {self.code} of case {self.case_id}"
