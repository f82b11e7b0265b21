"""A step as a FHIR R4 Task: flat values in, a dictionary out.

References and codes alone: neither names of patients nor what people wrote leave this way.
"""

from datetime import UTC

from clinical.vocabulary import vocabulary
from interop.fhir import names
from workflows import look
from workflows.clock import is_overdue

TOGETHER = "together"  # open, and done by another step: whose turn and when stands there
STATUS = {  # stage: Task.status
    "inactive": "draft",
    "waiting": "draft",
    TOGETHER: "draft",
    "to_order": "requested",
    "to_book": "ready",
    "booked": "ready",
    "awaiting_result": "in-progress",
    "to_review": "in-progress",
    "to_tell": "in-progress",
    "on_hold": "on-hold",
    "done": "completed",
    "not_needed": "cancelled",
    "cancelled": "cancelled",
    "declined": "rejected",
    "failed": "failed",
}
PRIORITY = {"emergency": "stat", "urgent": "urgent", "soon": "routine", "routine": "routine"}
POOLS = {"clinician": "Clinicians", "coordinator": "Coordinators"}
STAGE_WORDS = {stage: word for stage, (word, _) in look.STAGES.items()} | {
    TOGETHER: "Done together with another step"
}
COLUMNS = [  # of a step; `modified` is annotated
    "id",
    "clinic_id",
    "case_id",
    "patient_id",
    "code",
    "label",
    "modality",
    "captures",
    "stage",
    "is_open",
    "twin_of_id",
    "due_on",
    "sort_on",
    "urgency",
    "owner_id",
    "owner__title",
    "owner__given_name",
    "owner__family_name",
    "owner_role",
    "activated_on",
    "ordered_at",
    "modified",
]


def task(row, on):
    """row: attributes named as COLUMNS; on: the day it is for the reader."""
    together = bool(row.is_open and row.twin_of_id)
    stage = TOGETHER if together else row.stage
    found = {
        "resourceType": "Task",
        "id": str(row.id),
        "meta": row.modified and {"lastUpdated": _instant(row.modified)},
        "extension": [
            {"url": names.OVERDUE, "valueBoolean": is_overdue(row, on)},
            {"url": names.MODALITY, "valueCode": row.modality},
        ],
        "identifier": [{"system": names.STEP_KEYS, "value": str(row.id)}],
        "groupIdentifier": {"system": names.CASE_KEYS, "value": str(row.case_id)},
        "partOf": together and [_reference("Task", row.twin_of_id)],
        "status": STATUS[stage],
        "businessStatus": _concept(names.STAGES, stage, STAGE_WORDS[stage]),
        "intent": "order",
        "priority": PRIORITY[row.urgency],
        "code": _code(row),
        "for": _reference("Patient", row.patient_id),
        "authoredOn": _authored(row),
        "lastModified": row.modified and _instant(row.modified),
    }
    if row.is_open and not together:
        found |= _turn(row)
    return {name: value for name, value in found.items() if value}


def _turn(row):
    """Whose turn it is, and by when; `due_on` of a step that waits is what is aimed at."""
    pool = row.owner_role and [_concept(names.POOLS, row.owner_role, POOLS[row.owner_role])]
    due = row.due_on and {"period": {"end": row.due_on.isoformat()}}
    return {"owner": row.owner_id and _owner(row), "performerType": pool, "restriction": due}


def _owner(row):
    parts = (row.owner__title, row.owner__given_name, row.owner__family_name)
    name = " ".join(filter(None, parts))
    return _reference("Practitioner", row.owner_id) | ({"display": name} if name else {})


def _code(row):
    """Our code, and LOINC's where the step is one laboratory test."""
    concept = _concept(names.STEP_CODES, row.code, row.label)
    if loinc := _loinc(row.captures):
        concept["coding"].append({"system": names.LOINC, "code": loinc})
    return concept


def _loinc(captures):
    atoms = {atom for each in captures for atom in vocabulary().expand_capture(each)}
    return getattr(vocabulary().captured(atoms.pop()), "loinc", "") if len(atoms) == 1 else ""


def _concept(system, code, words):
    return {"coding": [{"system": system, "code": code, "display": words}], "text": words}


def _reference(kind, key):
    return {"reference": f"{kind}/{key}", "type": kind}


def _authored(row):
    """When it was first asked for."""
    if row.activated_on:
        return row.activated_on.isoformat()
    return _instant(row.ordered_at) if row.ordered_at else ""


def _instant(at):
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
