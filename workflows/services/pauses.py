"""Let a case's clock stand still for a while, and go on."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from workflows.clock import local_day
from workflows.models.pause import Pause, Why
from workflows.services.cases import _log
from workflows.services.lock import lock_case
from workflows.services.settle import settle

LONGEST = timedelta(days=366)


@transaction.atomic
def pause(case, *, why, until, by, at, note=""):
    """From today until a day (exclusive) on which it goes on by itself. Returns the case, settled.

    What has been done is still reported, reviewed and told. Raises ValidationError for a day that
    is not after today or more than a year away, and where the case is paused already.
    """
    case = lock_case(case)
    today = local_day(at, case.clinic)
    if why not in Why.values:
        raise ValidationError({"why": "Choose why the case is paused."})
    if not until:
        raise ValidationError({"until": "A pause needs the day on which the case goes on."})
    if until <= today:
        raise ValidationError({"until": "Choose a day after today."})
    if until > today + LONGEST:
        raise ValidationError({"until": "A pause ends within a year: then somebody looks again."})
    if case.pauses.filter(ends_on__gt=today).exists():
        raise ValidationError("This case is paused already.")
    Pause.objects.create(
        clinic_id=case.clinic_id,
        case=case,
        why=why,
        note=note,
        starts_on=today,
        ends_on=until,
        paused_by=by,
    )
    _log(by, "case.pause", case, at, why=why, until=str(until))
    return _settled(case, by, at)


@transaction.atomic
def go_on(case, *, by, at):
    """End the pause today: due days move by as long as it lasted."""
    case = lock_case(case)
    today = local_day(at, case.clinic)
    current = case.pauses.filter(ends_on__gt=today).first()
    if current is None:
        raise ValidationError("This case is not paused.")
    current.ends_on, current.resumed_at, current.resumed_by = today, at, by
    current.save(update_fields=["ends_on", "resumed_at", "resumed_by"])
    _log(by, "case.go_on", case, at)
    return _settled(case, by, at)


def _settled(case, by, at):
    del case.stops  # they changed since the lock read them
    case.version += 1
    case.save(update_fields=["version"])
    settle(case, by=by, at=at)
    return case
