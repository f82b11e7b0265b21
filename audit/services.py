"""The one way to write an event."""

from django.utils import timezone

from audit.models import Event


def record(
    by, verb, *, clinic_id=None, patient_id=None, case_id=None, step_id=None, at=None, **detail
):
    """Append one event; `detail` takes codes, keys and counts only."""
    return Event.objects.create(
        at=at or timezone.now(),
        actor=by if getattr(by, "pk", None) else None,
        verb=verb,
        clinic_id=clinic_id,
        patient_id=patient_id,
        case_id=case_id,
        step_id=step_id,
        detail=detail,
    )
