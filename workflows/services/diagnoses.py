"""Name the illness, with how sure it is and what it rests on; tell the patient."""

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from clinical.vocabulary import vocabulary
from workflows.models import Diagnosis
from workflows.models.diagnosis import Certainty
from workflows.services.cases import _log
from workflows.services.doors import TOLD_HOW
from workflows.services.lock import lock_case
from workflows.services.settle import settle


@transaction.atomic
def set_diagnosis(
    case, *, certainty, by, at, code="", label="", external_id="", onset_text="", basis=""
):
    """Record a disorder of the vocabulary (`code`), or one it does not know (`label`).

    A new certainty replaces the earlier row of the same disorder; the earlier one stays on record.
    """
    case = lock_case(case)
    if certainty not in Certainty.values:
        raise ValidationError({"certainty": "Choose suspected, probable, confirmed or excluded."})
    label = label or _label(code)
    diagnosis = Diagnosis(
        clinic_id=case.clinic_id,
        case=case,
        patient_id=case.patient_id,
        code=code,
        label=label,
        external_id=external_id,
        certainty=certainty,
        onset_text=onset_text,
        basis=basis[:500],
        set_at=at,
        set_by=by,
    )
    _replace_earlier(case, diagnosis)
    _log(by, "diagnosis.set", case, at, code=code, certainty=certainty)
    settle(case, by=by, at=at)
    return diagnosis


def _label(code):
    known = vocabulary().disorders | vocabulary().groups
    if code not in known:
        raise ValidationError({"code": f"“{code}” is no disorder of the vocabulary."})
    return known[code].label


def _replace_earlier(case, diagnosis):
    """The unique index allows one current row of a disorder, so the earlier one steps back first.

    Its foreign key may point at the new row's key before that row stands: it is checked at commit.
    """
    same = {"code": diagnosis.code} if diagnosis.code else {"label": diagnosis.label}
    earlier = case.diagnoses.current().filter(**same).first()
    if earlier is not None:
        diagnosis.pk = _next_key()
        earlier.replaced_by_id = diagnosis.pk
        earlier.save(update_fields=["replaced_by"])
    diagnosis.save(force_insert=True)


def _next_key():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('workflows_diagnosis', 'id'))")
        return cursor.fetchone()[0]


@transaction.atomic
def tell_diagnosis(diagnosis, *, how, by, at):
    """The patient has heard the name of the illness."""
    case = lock_case(diagnosis.case)
    diagnosis = case.diagnoses.get(pk=diagnosis.pk)
    if diagnosis.told_at:
        raise ValidationError("The patient has been told this diagnosis already.")
    if how not in TOLD_HOW:
        raise ValidationError({"how": "Choose how the patient was told."})
    diagnosis.told_at, diagnosis.told_by, diagnosis.told_how = at, by, how
    diagnosis.save(update_fields=["told_at", "told_by", "told_how"])
    _log(by, "diagnosis.tell", case, at, how=how)
    return diagnosis
