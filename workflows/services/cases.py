"""Open a case, put it on pathways, hand it over, close it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.services import record
from clinical.pathways import pathways as published
from clinical.vocabulary import vocabulary
from patients.partial import UNKNOWN
from workflows.clock import local_day
from workflows.models import Case, Step
from workflows.models.step import Ended
from workflows.services.lock import lock_case
from workflows.services.settle import Board, settle
from workflows.services.write import write_columns

TRIAGE = "undifferentiated"


def _log(by, verb, case, at, **detail):
    record(
        by,
        verb,
        clinic_id=case.clinic_id,
        patient_id=case.patient_id,
        case_id=case.pk,
        at=at,
        **detail,
    )


@transaction.atomic
def open_case(
    patient,
    *,
    referral_on,
    by,
    at,
    reason="",
    symptoms=(),
    onset=UNKNOWN,
    onset_text="",
    urgency="soon",
    clinician=None,
    coordinator=None,
    pathways=(TRIAGE,),
):
    """A new case for a patient, on one or more pathways. Returns the case, settled.

    Raises ValidationError for a referral in the future or before birth, an onset after the
    referral, a symptom or a pathway that the vocabulary does not know.
    """
    case = Case(
        clinic=patient.clinic,
        patient=patient,
        referral_on=referral_on,
        reason=reason,
        symptoms=list(symptoms),
        onset_on=onset.on,
        onset_precision=onset.precision,
        onset_text=onset_text,
        urgency=urgency,
        clinician=clinician,
        coordinator=coordinator,
        opened_at=at,
    )
    _check_case(case, at)
    case.save(force_insert=True)
    _log(by, "case.open", case, at, pathways=list(pathways))
    _start(case, pathways, by=by, at=at, on=referral_on, is_new=True)
    return case


def _check_case(case, at):
    today, birth = local_day(at, case.clinic), case.patient.birth_on
    if case.referral_on > today:
        raise ValidationError({"referral_on": "This referral lies in the future."})
    if birth and case.referral_on < birth:
        raise ValidationError({"referral_on": "This referral is before the patient’s birth."})
    if case.onset_on and case.onset_on > today:
        raise ValidationError({"onset": "This onset lies in the future."})
    if unknown := [code for code in case.symptoms if code not in vocabulary().phenotypes]:
        raise ValidationError({"symptoms": f"“{unknown[0]}” is no symptom of the vocabulary."})


def _start(case, codes, *, by, at, rule="", on=None, is_new=False):
    if unknown := [code for code in codes if code not in published()]:
        raise ValidationError({"pathways": f"There is no pathway “{unknown[0]}”."})
    board = Board(case, by, at, is_new=is_new)
    for code in codes:
        if code not in board.pathways:
            board.start(code, rule=rule, by=by, on=on)
    Step.objects.bulk_create([step for step in board.steps.values() if step._state.adding])
    settle(case, by=by, at=at)


@transaction.atomic
def start_pathway(case, code, *, by, at, rule=""):
    """Put the case on one more pathway. Does nothing where it runs or ran already."""
    case = lock_case(case)
    _start(case, [code], by=by, at=at, rule=rule)
    _log(by, "case.pathway", case, at, pathway=code, rule=rule)
    return case


@transaction.atomic
def assign_case(case, *, by, at, clinician=None, coordinator=None):
    """Name who is responsible; open steps follow, unless somebody was named for one."""
    case = lock_case(case)
    case.clinician, case.coordinator = clinician, coordinator
    case.version += 1
    case.save(update_fields=["clinician", "coordinator", "version"])
    _log(by, "case.assign", case, at)
    settle(case, by=by, at=at)
    return case


@transaction.atomic
def close_case(case, *, reason, by, at, not_needed=()):
    """End the odyssey. Every open step has to be ended by name; nothing is hidden by closing.

    not_needed: keys of open steps that are no longer needed. Raises ValidationError that names
    what is still open: a report that nobody reviewed or told is never closed away.
    """
    case = lock_case(case)
    if not (reason or "").strip():
        raise ValidationError({"reason": "Say why the case is closed."})
    left = [step for step in case.steps.all() if step.is_open]
    ending = {int(key) for key in not_needed}
    if unread := [step for step in left if step.reported_at or step.is_critical_unread]:
        raise ValidationError(f"Review and tell first: {_names(unread)}.")
    if undecided := [step for step in left if step.pk not in ending]:
        raise ValidationError(f"Still open, end each by name: {_names(undecided)}.")
    for step in left:
        step.ended, step.ended_at, step.ended_by = Ended.NOT_NEEDED, at, by
        step.ended_reason, step.version = f"Case closed: {reason}"[:300], step.version + 1
    fields = ["ended", "ended_at", "ended_by", "ended_reason", "version"]
    if left:
        write_columns(left, fields)
    settle(case, by=by, at=at)
    case.closed_at, case.closed_reason = at, reason
    case.version += 1
    case.save(update_fields=["closed_at", "closed_reason", "version"])
    _withdraw_proposals(case)
    _log(by, "case.close", case, at, ended=len(left))
    return case


def _names(steps):
    return ", ".join(sorted(step.label for step in steps))


def _withdraw_proposals(case):
    case.proposals.filter(state="open").update(state="withdrawn")


@transaction.atomic
def resettle(case, *, at):
    """Derive a case again from what people did, as a sweep or a restored backup does."""
    settle(lock_case(case), by=None, at=at)
