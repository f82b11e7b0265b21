"""Free text of a list: which patients it names, and which tests."""

from accounts.planned import fetched
from patients.search import FOUND, meant_by

FEW_PATIENTS, FEW_LABELS = 500, 12  # up to here each is looked up; more are met soon in order
# it leaps from one name of an open step to the next: there are a hundred or two of them
ASKED = f"""
(SELECT DISTINCT patient_id, NULL FROM ({FOUND}) AS found LIMIT {FEW_PATIENTS + 1})
UNION ALL
SELECT DISTINCT NULL::bigint, label FROM (
  WITH RECURSIVE name (clinic_id, label) AS (
    SELECT clinic_id, (
      SELECT label FROM workflows_step AS step WHERE step.clinic_id = clinic.clinic_id
        AND is_open AND twin_of_id IS NULL ORDER BY label LIMIT 1
    ) FROM unnest(%(clinics)s::bigint[]) AS clinic (clinic_id)
    UNION ALL
    SELECT clinic_id, (
      SELECT label FROM workflows_step AS step WHERE step.clinic_id = name.clinic_id
        AND step.label > name.label AND is_open AND twin_of_id IS NULL ORDER BY label LIMIT 1
    ) FROM name WHERE label IS NOT NULL
  ) SELECT label FROM name
) AS known WHERE strpos(lower(label), lower(%(text)s::text)) > 0
"""  # noqa: S608 - our own words only


def named_by(clinics, text):
    """Values of a statement: keys of patients, names of tests, the beginnings that FOUND asks for.

    `is_many`: more patients are named than were fetched.
    """
    meant = meant_by(text)
    found = fetched(ASKED, meant | {"clinics": clinics, "text": text})
    patients = [patient for patient, _ in found if patient is not None]
    return meant | {
        "patients": patients[:FEW_PATIENTS],
        "labels": sorted(label for _, label in found if label is not None),
        "is_many": len(patients) > FEW_PATIENTS,
    }
