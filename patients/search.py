"""Find a patient by any part of her name or the beginning of her number; find likely doubles."""

from django.db.models import Q

from patients.models import Identifier, NameTail, Patient, clinics_for, record_number
from patients.text import fold

SHORTEST = 2
LAST = "\U0010ffff"
# keys of all patients of some clinics whom a text names, as `search` finds twenty of them
FOUND = """
SELECT patient_id FROM patients_identifier, unnest(%(numbers)s::text[]) AS asked (number)
WHERE clinic_id = ANY(%(clinics)s::bigint[]) AND value >= number AND value < number || %(last)s
UNION ALL
SELECT patient_id FROM patients_nametail AS name
WHERE clinic_id = ANY(%(clinics)s::bigint[]) AND tail >= %(word)s AND tail < %(word)s || %(last)s
  AND (%(others)s::text[] = '{}' OR EXISTS (
    SELECT FROM patients_patient WHERE id = name.patient_id
      AND NOT EXISTS (SELECT FROM unnest(%(others)s::text[]) AS other (word)
        WHERE strpos(search_key, other.word) = 0)
  ))
"""


def search(user, text, limit=20):
    """Up to `limit` patients the user may see, by name part (blind to case and accents) or number.

    Each clinic is one index range, read in order; nothing is scanned. Fewer than two characters
    find nothing.
    """
    text = (text or "").strip()
    words = fold(text).split()
    if len("".join(words)) < SHORTEST:
        return []
    ranges = [
        found
        for clinic_id in clinics_for(user)
        for found in (_by_number(clinic_id, text, limit), _by_name(clinic_id, words, limit))
    ]
    if not ranges:
        return []
    first, *others = ranges
    found = Patient.objects.for_user(user).filter(pk__in=first.union(*others))
    found = found.annotate(record_number=record_number())
    return list(found.order_by("search_key", "pk")[:limit])


def _by_number(clinic_id, text, limit):
    return (
        _numbered([clinic_id], text).order_by("value").values_list("patient_id", flat=True)[:limit]
    )


def _by_name(clinic_id, words, limit):
    found = _named([clinic_id], words).order_by("tail", "patient_id")
    return found.values_list("patient_id", flat=True)[:limit]


def _numbered(clinics, text):
    return Identifier.objects.filter(clinic_id__in=clinics, value__gte=text, value__lt=text + LAST)


def _named(clinics, words):
    """The longest word narrows by index; the others are looked for in what is left."""
    longest = max(words, key=len)
    tails = NameTail.objects.filter(
        clinic_id__in=clinics, tail__gte=longest, tail__lt=longest + LAST
    )
    for word in words:
        if word is not longest:
            tails = tails.filter(patient__search_key__contains=word)
    return tails


def meant_by(text):
    """Values for FOUND: the beginnings that `text` stands for."""
    words = sorted(fold(text).split(), key=len, reverse=True)
    return {
        "numbers": sorted({text, text.upper()}),
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
