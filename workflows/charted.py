"""What a chart shows of a case, in three statements, each planned once a session.

The first brings the case with all that is short, as lists of JSON; the second its steps; the third
the people whom both name.
"""

from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models import DateField

from accounts.models import Clinic, User
from accounts.planned import columns, fetched, instance
from audit.models import Event
from patients.models import MRN, Patient, Relative, clinics_for
from workflows.look import DOORS
from workflows.models import Case, CasePathway, Diagnosis, Proposal, Step

ACTS = 200  # that no column of a step remembers, the newest
AS_DOORS = ("step.order", "step.book", "step.perform", "step.review", "step.tell")
AS_ROWS = (
    "case.open",
    "diagnosis.set",
    "diagnosis.tell",
    "step.not_needed",
    "step.declined",
    "step.cancelled",
    "step.failed",
)
# {name: rows of the case `held`, or of what `happened` to it}; rooms above add what they tell, for
# %(user)s alone if need be
LISTS = {
    "pathways": "SELECT * FROM workflows_casepathway WHERE case_id = held.id",
    "proposals": """
      SELECT * FROM workflows_proposal WHERE case_id = held.id AND state = 'open'
      ORDER BY raised_at, id
    """,
    "diagnoses": "SELECT * FROM workflows_diagnosis WHERE case_id = held.id ORDER BY set_at DESC",
    "relatives": "SELECT * FROM patients_relative WHERE patient_id = held.patient_id ORDER BY id",
    "stops": """
      SELECT starts_on AS start, ends_on AS end, why, note FROM workflows_pause
      WHERE case_id = held.id
    """,
    # what is shown from the columns of steps and diagnoses is not shown again from its event
    "acts": """
      SELECT * FROM happened WHERE verb <> ALL(%(known)s::text[])
        AND NOT (verb = 'step.report' AND coalesce(detail ->> 'status', '') = 'final')
      ORDER BY at DESC, id DESC LIMIT %(acts)s
    """,
    # the first act that named the day of a test
    "entered": """
      SELECT DISTINCT ON (step_id) step_id, at FROM happened
      WHERE verb IN ('step.perform', 'step.report') ORDER BY step_id, id
    """,
}
# what was looked at is most of what happened, and has no place in this index
CASE = """
WITH happened AS MATERIALIZED (
  SELECT * FROM audit_event
  WHERE case_id = %(case)s AND verb NOT LIKE '%%.view' AND verb NOT LIKE 'reminder.%%'
)
SELECT {columns}, (
  SELECT value FROM patients_identifier
  WHERE patient_id = held.patient_id AND system = %(mrn)s ORDER BY id LIMIT 1
), (
  SELECT actor_id FROM happened WHERE verb = 'case.open' ORDER BY id LIMIT 1
), {lists}
FROM workflows_case AS held
JOIN patients_patient AS patient ON patient.id = held.patient_id
JOIN accounts_clinic AS clinic ON clinic.id = held.clinic_id
WHERE held.id = %(case)s AND patient.clinic_id = ANY(%(clinics)s::bigint[])
"""
STEPS = f"""
SELECT {columns(Step)} FROM workflows_step WHERE case_id = %s ORDER BY sort_on, id
"""  # noqa: S608 - our own words
NAMES = ["id", "title", "given_name", "family_name"]
PEOPLE = f"SELECT {', '.join(NAMES)} FROM accounts_user WHERE id = ANY(%s::bigint[])"  # noqa: S608
OF_CASE = len(Case._meta.concrete_fields)
OF_PATIENT = OF_CASE + len(Patient._meta.concrete_fields)
OF_CLINIC = OF_PATIENT + len(Clinic._meta.concrete_fields)


def charted(user, pk) -> Case | None:
    """A case that the user may see, with its patient, clinic, `lists` and `every_step`; or None."""
    found = fetched(
        _statement(),
        {
            **{"case": pk, "clinics": clinics_for(user), "user": user.pk, "mrn": MRN},
            **{"known": [*AS_DOORS, *AS_ROWS], "acts": ACTS},
        },
    )
    return _with_steps(_case(*found)) if found else None


@cache
def _statement():
    """Once all rooms have said what they tell."""
    read = [columns(Case, "held"), columns(Patient, "patient"), columns(Clinic, "clinic")]
    lists = [f"(SELECT json_agg(each) FROM ({rows}) AS each)" for rows in LISTS.values()]  # noqa: S608
    return CASE.format(columns=", ".join(read), lists=", ".join(lists))


def _case(row):
    case = instance(Case, row[:OF_CASE])
    case.patient = instance(Patient, row[OF_CASE:OF_PATIENT])
    case.clinic = case.patient.clinic = instance(Clinic, row[OF_PATIENT:OF_CLINIC])
    case.patient.record_number, case.opened_by_id, *lists = row[OF_CLINIC:]
    case.lists = dict(zip(LISTS, (rows or [] for rows in lists), strict=True))
    case.stops = case.lists["stops"]
    kinds = {"pathways": CasePathway, "proposals": Proposal, "diagnoses": Diagnosis}
    for name, model in (kinds | {"relatives": Relative, "acts": Event}).items():
        case.lists[name] = [_from_json(model, each) for each in case.lists[name]]
    return case


def _from_json(model, row):
    values = [convert(row[column]) for column, convert in _converters(model)]
    return model.from_db(connection.alias, [f.attname for f in model._meta.concrete_fields], values)


@cache
def _converters(model):
    """Days and instants are text in JSON; all else is what it is."""
    return [
        (field.column, field.to_python if isinstance(field, DateField) else _as_it_is)
        for field in model._meta.concrete_fields
    ]


def _as_it_is(value):
    return value


def _with_steps(case):
    """All that was read names people by their keys: here they are given."""
    case.every_step = [instance(Step, row) for row in fetched(STEPS, [case.pk])]
    entered = {row["step_id"]: row["at"] for row in case.lists["entered"]}
    acts, diagnoses = case.lists["acts"], case.lists["diagnoses"]
    case.people = people = _people(case, case.every_step, diagnoses, acts)
    case.clinician = people.get(case.clinician_id)
    case.coordinator = people.get(case.coordinator_id)
    for step in case.every_step:
        step.owner = people.get(step.owner_id)
        at = entered.get(step.pk)
        step.recorded_at = at and datetime.fromisoformat(at)
    for each in diagnoses:
        each.set_by = people.get(each.set_by_id)
    for act in acts:
        act.actor = people.get(act.actor_id)
    return case


def _people(case, steps, diagnoses, acts):
    by = ["owner_id", "ended_by_id", *(f"{door}_by_id" for door in DOORS)]
    keys = {case.clinician_id, case.coordinator_id, case.opened_by_id}
    keys |= {getattr(step, column) for step in steps for column in by}
    keys |= {key for each in diagnoses for key in (each.set_by_id, each.told_by_id)}
    keys |= {act.actor_id for act in acts}
    rows = fetched(PEOPLE, [sorted(keys - {None})])
    return {row[0]: User.from_db(connection.alias, NAMES, row) for row in rows}
