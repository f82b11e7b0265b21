"""Where a profile says `transfer`, the second person is asked to take the step over."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from clinical.pathways import profiles
from workflows.clock import local_day
from workflows.models import Offer, Reminder, Step
from workflows.models.reminder import Kind, State
from workflows.services.offers import offer

NOTE = "It is late, and nobody has acted on it. Please take it over, or say who should."


def offer_escalated(clinic, at=None):
    """Ask who was told of a late step as the second person to take it over; returns how many.

    Once for each escalation that went out. She owns it when she accepts; until then its owner
    does. Run by the hourly sweep, in the scope of the clinic.
    """
    at = at or timezone.now()
    codes = [code for code, each in profiles().items() if each.on_escalation == "transfer"]
    told = Reminder.objects.filter(
        step=OuterRef("pk"), door=OuterRef("door"), kind=Kind.ESCALATION, state=State.SENT
    )
    late = Step.objects.overdue(local_day(at, clinic)).filter(clinic=clinic, urgency__in=codes)
    late = late.annotate(told_of=told.order_by("-due_at").values("due_at")[:1])
    asked = Offer.objects.filter(step=OuterRef("pk")).filter(
        Q(state="asked") | Q(asked_at__gte=OuterRef("told_of"))
    )
    steps = list(late.filter(~Exists(asked), told_of__isnull=False).order_by("pk"))
    return sum(_ask(step, at) for step in steps)


def _ask(step, at):
    """The first of those who were told and may take it."""
    rows = Reminder.objects.filter(
        step=step, door=step.door, kind=Kind.ESCALATION, state=State.SENT, due_at=step.told_of
    )
    for person in User.objects.filter(pk__in=rows.values("recipient")).order_by("pk"):
        try:
            with transaction.atomic():
                offer(step, to=person, by=None, at=at, note=NOTE)
        except ValidationError:
            continue  # no clinician, say, for what needs one
        return 1
    return 0
