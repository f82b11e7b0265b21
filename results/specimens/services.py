"""Add a specimen to a step and write down where it goes."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.services import record
from results.specimens.models import Specimen, SpecimenMove

ENDED = ("lost", "used_up")


def of_step(step):
    """Its specimens with all their moves. Queries: 2, or 1 if there are none."""
    return list(Specimen.objects.filter(step=step).prefetch_related("moves").order_by("id"))


def nothing_left(step, specimens):
    """Whether all are lost or used up and a report is still to come."""
    gone = bool(specimens) and all(each.last.move in ENDED for each in specimens)
    return gone and step.is_open and not step.reported_at


@transaction.atomic
def add_specimen(step, *, label, kind, taken_at, place, by, at):
    """A block or tube of the step, with when and where it was taken."""
    label = label.strip()
    if Specimen.objects.filter(step=step, label=label).exists():
        raise ValidationError({"label": f"{label} is on the list already."})
    specimen = Specimen.objects.create(
        clinic_id=step.clinic_id, step=step, patient_id=step.patient_id, label=label, kind=kind
    )
    _refuse_to_come("taken_at", taken_at, at)
    _move(specimen, "taken", taken_at, place, "", by, at)
    return specimen


@transaction.atomic
def move_specimen(specimen, *, move, moved_at, place, note, by, at):
    """The next thing that happened to it.

    Raises ValidationError for a moment before the last move, for one to come, for a specimen that
    is lost or used up, and for sending or storing it nowhere.
    """
    specimen = Specimen.objects.select_for_update().get(pk=specimen.pk)
    last = specimen.moves.last()
    if last.move in ENDED:
        raise ValidationError(f"This specimen is {last.get_move_display().lower()}.")
    if moved_at < last.at:
        before = timezone.localtime(last.at)
        raise ValidationError({"moved_at": f"It was {last.in_words} on {before:%-d %b %H:%M}."})
    if move in ("sent", "received", "stored") and not place.strip():
        raise ValidationError({"place": "Write where it went."})
    _refuse_to_come("moved_at", moved_at, at)
    return _move(specimen, move, moved_at, place, note, by, at)


def _refuse_to_come(asked_as, moment, at):
    """asked_as: the field in which the moment was asked for."""
    if moment > at:
        raise ValidationError({asked_as: "This moment has not come yet."})


def _move(specimen, move, moved_at, place, note, by, at):
    made = SpecimenMove.objects.create(
        clinic_id=specimen.clinic_id,
        specimen=specimen,
        move=move,
        at=moved_at,
        place=place.strip(),
        note=note.strip(),
        by=by,
    )
    record(
        by,
        f"specimen.{move}",
        clinic_id=specimen.clinic_id,
        patient_id=specimen.patient_id,
        step_id=specimen.step_id,
        specimen=specimen.pk,
    )
    return made
