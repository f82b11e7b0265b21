"""One message owed to one person about one step at one moment."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Clinic
from workflows.models.step import Step


class State(models.TextChoices):
    PLANNED = "planned", "planned"
    LEASED = "leased", "claimed by a worker"
    SENDING = "sending", "handed to the mail server"
    SENT = "sent", "sent"
    DEAD = "dead", "given up"
    WITHDRAWN = "withdrawn", "withdrawn: the step moved on"


class Kind(models.TextChoices):
    BEFORE_DUE = "before_due", "due soon"
    DUE = "due", "due today"
    OVERDUE = "overdue", "overdue"
    ESCALATION = "escalation", "overdue, told to a second person"
    NO_DATE = "no_date", "open without a date"
    CRITICAL = "critical", "a critical value, told at once"
    OFFERED = "offered", "a hand-over to answer"
    RETURNED = "returned", "a hand-over that came back"
    CHASED = "chased", "asked for by a colleague"
    DIGEST = "digest", "what waits, once a day"


# a person is chased about a step by one of these at a time; escalation is a second chain
CHASING = (Kind.BEFORE_DUE, Kind.DUE, Kind.OVERDUE, Kind.NO_DATE)

# planned by an act (services.offers), not derived from a due date
NOTICES = (Kind.OFFERED, Kind.RETURNED, Kind.CHASED)


def message_id():
    return f"<{uuid.uuid4().hex}@nmdtracker>"


class Reminder(models.Model):
    """The row is the truth; the broker only wakes a worker.

    What can wait until morning is `in_digest`: it is not sent by itself, but gathered into one
    message for its recipient, a row of kind "digest" that has no step.

    The Message-ID is fixed at creation, so that a message which may have gone out twice is the
    same message twice. `due_at` is the moment that it is about and never changes, because it is
    part of the key; `next_attempt_at` says when a worker may take it. Each change of state is
    written to every index of the row, so there are no more of them than are asked: the key
    answers for a step, no list is by clinic, and a person's messages are found by indexes
    that a row on its way is not in.
    """

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+", db_index=False)
    step = models.ForeignKey(
        Step,
        models.PROTECT,
        null=True,
        related_name="reminders",
        db_constraint=False,
        db_index=False,
    )
    door = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    due_at = models.DateTimeField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=80, default=message_id)
    first_attempt_at = models.DateTimeField(null=True)
    uncertain = models.PositiveSmallIntegerField("times it may have gone out unseen", default=0)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    in_digest = models.BooleanField(default=False)
    digest = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="workflows_reminder_once",
                fields=["step", "door", "kind", "due_at", "recipient"],
            ),
            models.UniqueConstraint(
                name="workflows_reminder_digest_of_day",
                fields=["recipient", "due_at"],
                condition=Q(kind=Kind.DIGEST),
            ),
            models.CheckConstraint(
                name="workflows_reminder_digest_has_no_step",
                condition=Q(kind=Kind.DIGEST, step=None)
                | (~Q(kind=Kind.DIGEST) & Q(step__isnull=False)),
            ),
            models.CheckConstraint(
                name="workflows_reminder_state_known", condition=Q(state__in=State.values)
            ),
            models.CheckConstraint(
                name="workflows_reminder_sent_has_when",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="workflows_reminder_lease_while_claimed",
                condition=~Q(state__in=["leased", "sending"])
                | Q(lease_token__isnull=False, lease_until__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="planned", in_digest=False),
                name="workflows_reminder_alone",
            ),
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(state="planned", in_digest=True, digest=None),
                name="workflows_reminder_to_gather",
            ),
            models.Index(
                fields=["recipient", "next_attempt_at"],
                condition=Q(state="planned"),
                name="workflows_reminder_to_come",
            ),
            models.Index(
                fields=["recipient", "id"],
                condition=Q(state__in=["sent", "dead", "withdrawn"]),
                name="workflows_reminder_over",
            ),
            models.Index(
                fields=["recipient", "next_attempt_at"],
                condition=Q(kind__in=NOTICES),
                name="workflows_reminder_notices",
            ),
            models.Index(
                fields=["digest"],
                condition=Q(digest__isnull=False),
                name="workflows_reminder_of_digest",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state__in=["leased", "sending"]),
                name="workflows_reminder_leased",
            ),
            models.Index(
                fields=["clinic", "id"],
                condition=Q(state="dead"),
                name="workflows_reminder_given_up",
            ),
        ]

    def __str__(self):
        return f"reminder {self.pk}"
