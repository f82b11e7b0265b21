"""Free text of a list: which patients it names, and which tests."""

from accounts.planned import fetched
from patients.search import FOUND, meant_by

FEW_PATIENTS, FEW_LABELS = 150, 12  # up to here each is looked up; more are met soon in order
NAMES = """
SELECT DISTINCT name FROM workflows_stepname
WHERE clinic_id = ANY(%(clinics)s::bigint[]) AND strpos(lower(name), lower(%(q)s::text)) > 0
"""
ASKED = f"""
(SELECT patient_id, NULL FROM ({FOUND}) AS found LIMIT {FEW_PATIENTS + 1})
UNION ALL
SELECT NULL, name FROM ({NAMES}) AS name
"""  # noqa: S608 - our own words only


def named_by(clinics, text):
    """Values of a statement: keys of patients, names of tests, the beginnings that FOUND asks for.

    `has_many`: patients are named more often than was fetched. `is_many`: patients or tests are.
    """
    meant = meant_by(text)
    found = fetched(ASKED, meant | {"clinics": clinics, "q": text})
    patients = [patient for patient, _ in found if patient is not None]
    labels = sorted(label for _, label in found if label is not None)
    has_many = len(patients) > FEW_PATIENTS
    return meant | {
        "patients": list({*patients}),
        "labels": labels,
        "has_many": has_many,
        "is_many": has_many or len(labels) > FEW_LABELS,
    }
