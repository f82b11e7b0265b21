"""Absence: while a person is away, her deputy owns what she would own, and nobody copies it."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q

from accounts.models import Membership, Role
from audit.services import record
from workflows.clock import local_day
from workflows.models import Absence, Case, Step
from workflows.services.cases import resettle


@transaction.atomic
def set_absence(user, deputy, *, clinic, starts_on, ends_on, by, at):
    """From a day to a day, both included. Where it has begun, ownership moves at once.

    Raises ValidationError beside its field: days in the wrong order or over, a deputy without the
    same role in the clinic for all of these days or away herself, an absence that overlaps.
    """
    _check_days(starts_on, ends_on, local_day(at, clinic))
    _check_deputy(user, deputy, clinic, starts_on, ends_on)
    overlapping = Absence.objects.filter(
        clinic=clinic, cancelled_at=None, starts_on__lte=ends_on, ends_on__gte=starts_on
    )
    if overlapping.filter(user=user).exists():
        raise ValidationError({"starts_on": "These days overlap with an absence that is entered."})
    if overlapping.filter(user=deputy).exists():
        raise ValidationError({"deputy": f"{deputy.short_name} is away on some of these days."})
    absence = Absence.objects.create(
        clinic=clinic, user=user, deputy=deputy, starts_on=starts_on, ends_on=ends_on, set_by=by
    )
    record(by, "absence.set", clinic_id=clinic.pk, at=at, of=user.pk, deputy=deputy.pk)
    move_covered(clinic, at)
    return absence


def _check_days(starts_on, ends_on, today):
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "The last day cannot be before the first."})
    if ends_on < today:
        raise ValidationError({"ends_on": "These days are over."})
    if ends_on > today + timedelta(days=730):
        raise ValidationError({"ends_on": "Choose days within two years."})


def _check_deputy(user, deputy, clinic, starts_on, ends_on):
    if deputy == user:
        raise ValidationError({"deputy": "Somebody else has to stand in."})
    roles = Membership.objects.filter(clinic=clinic)
    mine = set(roles.active(starts_on).filter(user=user).values_list("role", flat=True))
    if not mine:
        raise ValidationError(f"{user.short_name} has no role in this clinic on these days.")
    lasting = roles.active(starts_on).filter(Q(ends_on=None) | Q(ends_on__gte=ends_on))
    theirs = set(lasting.filter(user=deputy).values_list("role", flat=True))
    needed = mine & {Role.CLINICIAN} or mine  # her reports are to be reviewed meanwhile
    if not deputy.is_active or not needed & theirs:
        raise ValidationError(
            {"deputy": f"{deputy.short_name} has not the same role here on all of these days."}
        )


@transaction.atomic
def cancel_absence(absence, *, by, at):
    """She is back, or does not go: from now on what is hers is hers."""
    absence = Absence.objects.select_for_update().get(pk=absence.pk)
    if absence.cancelled_at:
        raise ValidationError("This absence was cancelled already.")
    if absence.ends_on < local_day(at, absence.clinic):
        raise ValidationError("This absence is over.")
    absence.cancelled_at = at
    absence.save(update_fields=["cancelled_at"])
    record(by, "absence.cancel", clinic_id=absence.clinic_id, at=at, of=absence.user_id)
    move_covered(absence.clinic, at)
    return absence


def move_covered(clinic, at):
    """Derive again every case in which an owner is away, or a deputy still holds another's work.

    Run by the act that changes an absence and by the hourly sweep, because days pass by themselves.
    Returns the number of cases.
    """
    today = local_day(at, clinic)
    known = Absence.objects.filter(clinic=clinic, ends_on__gte=today - timedelta(days=30))
    away = known.on(today)
    over = known.exclude(pk__in=away)
    steps = Step.objects.filter(clinic=clinic, is_open=True, case__closed_at=None).exclude(door="")
    named = Q(assigned_to__isnull=True) & (
        Q(owner_role="clinician", case__clinician__in=over.values("user"))
        | Q(owner_role="coordinator", case__coordinator__in=over.values("user"))
    )
    to_return = steps.filter(named | Q(assigned_to__in=over.values("user"))).filter(
        owner__in=over.values("deputy")
    )
    keys = set(steps.filter(owner__in=away.values("user")).values_list("case_id", flat=True))
    keys |= set(to_return.exclude(owner=F("assigned_to")).values_list("case_id", flat=True))
    for key in sorted(keys):
        resettle(Case(pk=key), at=at)
    return len(keys)
