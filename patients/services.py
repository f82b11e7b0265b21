"""What is done to a patient's record: made, corrected, found."""

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Func, Value
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery
from django.utils import timezone

from audit.services import record
from patients.models import MRN, Identifier, NameTail, Patient, Relative
from patients.text import suffixes

RELATIVE_COLUMNS = (
    *("relation", "name", "sex", "affected", "condition", "deceased", "age_years", "note"),
    "linked_patient",
)


def check_birth(patient, today=None):
    """Refuse a birth date in the future (ValidationError on the field)."""
    if patient.birth_on and patient.birth_on > (today or timezone.localdate()):
        raise ValidationError({"birth": "This birth date lies in the future."})


@transaction.atomic
def create_patient(patient, *, by, mrn="", identifiers=(), quiet=False):
    """Save a new patient with her numbers [(system, value)] and make her findable."""
    check_birth(patient)
    patient.save(force_insert=True)
    numbers = [(MRN, mrn)] if mrn else []
    Identifier.objects.bulk_create(
        Identifier(clinic_id=patient.clinic_id, patient=patient, system=system, value=value)
        for system, value in [*numbers, *identifiers]
    )
    index_names(patient)
    if not quiet:
        record(by, "patient.create", clinic_id=patient.clinic_id, patient_id=patient.pk)
    return patient


@transaction.atomic
def edit_patient(patient, *, version, by, mrn=None):
    """Save changed fields; the row history keeps the earlier ones.

    Raises ValidationError, writing nothing, when somebody saved since `version` was shown.
    """
    check_birth(patient)
    current = Patient.objects.select_for_update().get(pk=patient.pk)
    if current.version != version:
        raise ValidationError(
            "Somebody else has changed this record since you opened it. Nothing was saved: "
            "compare with what stands there now, then save again.",
            code="stale",
        )
    patient.version = version + 1
    patient.save()
    if mrn is not None:
        _set_mrn(patient, mrn)
    if current.search_key != patient.search_key:
        index_names(patient)
    record(by, "patient.edit", clinic_id=patient.clinic_id, patient_id=patient.pk)
    return patient


def _set_mrn(patient, mrn):
    existing = patient.identifiers.filter(system=MRN).first()
    if existing and mrn and existing.value != mrn:
        existing.value = mrn
        existing.save()
    elif mrn and not existing:
        Identifier.objects.create(
            clinic_id=patient.clinic_id, patient=patient, system=MRN, value=mrn
        )


def index_names(patient):
    """Make the search index of one patient anew."""
    NameTail.objects.filter(patient=patient).delete()
    NameTail.objects.bulk_create(
        NameTail(clinic_id=patient.clinic_id, patient=patient, tail=tail)
        for tail in suffixes(f"{patient.given_names} {patient.family_name}")
    )


def save_relative(relative, *, patient, by):
    """Add or correct a member of the family; the row history keeps what stood there before."""
    return save_relatives([relative], patient=patient, by=by)[0]


@transaction.atomic
def save_relatives(relatives, *, patient, by):
    """Add and correct members of the family: one statement and their events, however many."""
    verbs = ["relative.edit" if relative.pk else "relative.add" for relative in relatives]
    for relative in relatives:
        relative.patient, relative.clinic_id = patient, patient.clinic_id
    for relative, key in zip(relatives, _upsert(relatives), strict=True):
        relative.pk = key
    for verb, relative in zip(verbs, relatives, strict=True):
        record(by, verb, clinic_id=patient.clinic_id, patient_id=patient.pk, relative=relative.pk)
    return relatives


def _upsert(relatives):
    """Insert the new ones and overwrite those that have a key; the keys of all, in their order."""
    meta = Relative._meta
    for relative in relatives:
        relative.pk = relative.pk or NextKey(meta.db_table)
    query = InsertQuery(
        Relative,
        on_conflict=OnConflict.UPDATE,
        update_fields=[meta.get_field(name) for name in RELATIVE_COLUMNS],
        unique_fields=[meta.pk],
    )
    query.insert_values(meta.concrete_fields, relatives)
    return [key for (key,) in query.get_compiler(connection=connection).execute_sql([meta.pk])]


class NextKey(Func):
    """The next number of a table's sequence of keys."""

    function, template = "pg_get_serial_sequence", "nextval(%(function)s(%(expressions)s, 'id'))"
    output_field = models.BigIntegerField()

    def __init__(self, table):
        super().__init__(Value(table))


def mark_viewed(patient, by, **about):
    """Log that somebody looked at a patient's record."""
    record(by, "patient.view", clinic_id=patient.clinic_id, patient_id=patient.pk, **about)
