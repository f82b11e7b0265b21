"""Find a patient by any part of her name or the beginning of her number; find likely doubles."""

from django.db.models import Q

from accounts.planned import columns, fetched, instance
from patients.models import MRN, Identifier, Patient, clinics_for
from patients.text import fold

SHORTEST, MOST = 2, 20
LAST = "\U0010ffff"
WHOSE = "(SELECT search_key FROM patients_patient WHERE id = name.patient_id)"
# the longest word narrows by index; the others are looked for in what is left
NAMED = f"""
  tail >= %(word)s AND tail < %(word)s || %(last)s AND (%(others)s::text[] = '{{}}' OR NOT EXISTS (
    SELECT FROM unnest(%(others)s::text[]) AS other (word) WHERE strpos({WHOSE}, other.word) = 0
  ))
"""
# keys of all patients of some clinics whom a text names
FOUND = f"""
SELECT patient_id FROM patients_identifier WHERE clinic_id = ANY(%(clinics)s::bigint[])
  AND value >= %(number)s AND value < %(number)s || %(last)s
UNION ALL
SELECT patient_id FROM patients_identifier WHERE clinic_id = ANY(%(clinics)s::bigint[])
  AND value >= %(capitals)s AND value < %(capitals)s || %(last)s
  AND %(capitals)s::text <> %(number)s::text
UNION ALL
SELECT patient_id FROM patients_nametail AS name
WHERE clinic_id = ANY(%(clinics)s::bigint[]) AND {NAMED}
"""  # noqa: S608
# the first of them, with the number of each
SEARCH = f"""
SELECT {columns(Patient, "patient")}, (
  SELECT value FROM patients_identifier
  WHERE patient_id = patient.id AND system = %(mrn)s ORDER BY id LIMIT 1
) FROM patients_patient AS patient WHERE id = ANY(ARRAY(
  SELECT patient_id FROM unnest(%(clinics)s::bigint[]) AS clinic (id) CROSS JOIN LATERAL (
    (SELECT patient_id FROM patients_identifier WHERE clinic_id = clinic.id
       AND value >= %(number)s AND value < %(number)s || %(last)s ORDER BY value LIMIT {MOST})
    UNION
    (SELECT patient_id FROM patients_nametail AS name
     WHERE clinic_id = clinic.id AND {NAMED} ORDER BY tail, patient_id LIMIT {MOST})
  ) AS found
)) ORDER BY search_key, id LIMIT {MOST}
"""  # noqa: S608


def search(user, text):
    """Up to MOST patients the user may see, by name part (blind to case and accents) or number.

    Each clinic is one index range, read in order; nothing is scanned. Fewer than two characters
    find nothing.
    """
    text = (text or "").strip()
    if len(fold(text).replace(" ", "")) < SHORTEST:
        return []
    values = meant_by(text) | {"mrn": MRN}
    found = []
    for row in fetched(SEARCH, values | {"clinics": clinics_for(user)}):
        patient = instance(Patient, row[:-1])
        patient.record_number = row[-1]
        found.append(patient)
    return found


def meant_by(text):
    """Values for FOUND: the beginnings that `text` stands for."""
    words = sorted(fold(text).split(), key=len, reverse=True)
    return {
        "number": text,
        "capitals": text.upper(),
        "word": words[0] if words else LAST,  # of punctuation alone no name begins
        "others": words[1:],
        "last": LAST,
    }


def likely_doubles(patient, mrn="", limit=5):
    """Patients of the same clinic that may be the same person: same number, or like name and birth.

    Same name; or same birth day and the same family name or first three letters of the given one.
    """
    same_clinic = Patient.objects.filter(clinic_id=patient.clinic_id).exclude(pk=patient.pk)
    key = fold(f"{patient.family_name} {patient.given_names}")
    like = Q(search_key=key) if key else Q(pk=None)
    if patient.birth_on:
        family, given = fold(patient.family_name), fold(patient.given_names)[:3]
        like |= Q(birth_on=patient.birth_on) & (
            Q(search_key__startswith=family + " ") | Q(search_key__contains=" " + given)
        )
    if mrn:
        like |= Q(
            pk__in=Identifier.objects.filter(clinic_id=patient.clinic_id, value=mrn).values(
                "patient_id"
            )
        )
    return list(same_clinic.filter(like).prefetch_related("identifiers")[:limit])
