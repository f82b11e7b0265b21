"""The person of a phenopacket, as a patient without a name; her family, where one is given."""

from datetime import date

from interop.phenopackets.times import day_of, is_duration, moment
from interop.refused import Refused
from interop.strictjson import shown
from patients.models import Patient, Relative, Sex, VitalStatus

SEXES = {"FEMALE": Sex.FEMALE, "MALE": Sex.MALE}
VITAL = {"ALIVE": VitalStatus.ALIVE, "DECEASED": VitalStatus.DECEASED}
HUMAN = "NCBITaxon:9606"
EARLIEST = date(1900, 1, 1)
SYSTEM = "phenopacket"
LONGEST = {"system": 60, "value": 120}


def patient_of(subject, clinic, notes):
    """An unsaved Patient. An age becomes a stated age, never a birth date."""
    _refuse_animals(subject)
    vital = subject.get("vitalStatus", {})
    row = Patient(
        clinic=clinic,
        sex=SEXES.get(subject.get("sex"), Sex.UNKNOWN),
        vital_status=VITAL.get(vital.get("status"), VitalStatus.UNKNOWN),
    )
    if born := subject.get("dateOfBirth"):
        row.birth_on, row.birth_precision = day_of(born), "day"
        if row.birth_on < EARLIEST:
            raise Refused(f"The birth date {born[:10]} is before 1900.")
    _state_age(row, subject, notes)
    _point_out(subject, vital, notes)
    return row


def _refuse_animals(subject):
    taxonomy = subject.get("taxonomy", {})
    if taxonomy.get("id", HUMAN) != HUMAN:
        raise Refused(f"The subject is no person (taxonomy {shown(taxonomy['id'])}).")


def _state_age(row, subject, notes):
    seen = moment(subject.get("timeAtLastEncounter"))
    duration = seen.given.get("age", {}).get("iso8601duration", "")
    if is_duration(duration) and len(duration) <= 20:
        row.stated_age = duration
    elif seen and not seen.day:
        notes.add(f"Age at the last encounter, kept in the original only: {shown(seen.in_words)}.")


def _point_out(subject, vital, notes):
    if subject.get("sex") == "OTHER_SEX":
        notes.add("The sex is given as OTHER_SEX; it is stored as unknown.")
    if vital.get("status") == "DECEASED":
        notes.add("The patient has died; what is open waits for a person to end it.")
    kept = [name for name in ("timeOfDeath", "causeOfDeath", "survivalTimeInDays") if name in vital]
    kept += [name for name in ("karyotypicSex", "gender") if subject.get(name)]
    if kept:
        notes.add(f"Kept in the original only: {', '.join(kept)}.")


def identifiers_of(packet):
    """[(system, value)]: the document's own key, and the subject's within its publication.

    subject.id is unique inside its publication at best, so its system ends in ".subject", which
    nothing is matched by.
    """
    subject, source = packet.get("subject", {}), _publication(packet) or SYSTEM
    found = [(SYSTEM, packet["id"])]
    names = [subject.get("id", ""), *subject.get("alternateIds", ())]
    found += [(f"{source}.subject", name) for name in dict.fromkeys(names) if name.strip()]
    for _, value in found:
        if len(value) > LONGEST["value"]:
            raise Refused(f"The identifier {shown(value)} is longer than {LONGEST['value']}.")
    return found


def _publication(packet):
    """ "PMID:24951643", where the document names one that fits."""
    references = packet.get("metaData", {}).get("externalReferences", ())
    keys = [reference.get("id", "") for reference in references]
    room = LONGEST["system"] - len(".subject")
    return next((key for key in keys if key.isprintable() and 0 < len(key) <= room), "")


def relatives_of(family, notes):
    """Unsaved Relative rows from the pedigree and the phenopackets of a family."""
    me = family.get("proband", {}).get("subject", {}).get("id", "")
    persons = {
        person["individualId"]: person
        for person in family.get("pedigree", {}).get("persons", ())
        if person.get("individualId")
    }
    packets = {
        packet.get("subject", {}).get("id", ""): packet for packet in family.get("relatives", ())
    }
    if me not in persons and persons:
        notes.add("The pedigree does not name the proband; relations are not known.")
    others = [key for key in {**persons, **packets} if key and key != me]
    return [_relative(key, me, persons, packets.get(key, {})) for key in others]


def _relative(key, me, persons, packet):
    person, subject = persons.get(key, {}), packet.get("subject", {})
    sex = SEXES.get(person.get("sex") or subject.get("sex"), Sex.UNKNOWN)
    named = [
        disease.get("term", {}).get("label", "")
        for disease in packet.get("diseases", ())
        if not disease.get("excluded")
    ]
    affected = {"AFFECTED": "yes", "UNAFFECTED": "no"}.get(person.get("affectedStatus"))
    vital = subject.get("vitalStatus", {}).get("status")
    return Relative(
        relation=_relation(key, me, persons, sex),
        sex=sex,
        affected=affected or ("yes" if named else "unknown"),
        condition="; ".join(filter(None, named))[:200],
        deceased=vital == "DECEASED",
        note=f"In the source: {key}"[:300],
    )


def _relation(key, me, persons, sex):
    """Read from the pedigree: parents, children, siblings; "relative" for everybody else."""
    own, other = persons.get(me, {}), persons.get(key, {})
    if key == own.get("paternalId"):
        return "father"
    if key == own.get("maternalId"):
        return "mother"
    if me and me in (other.get("paternalId"), other.get("maternalId")):
        return {"female": "daughter", "male": "son"}.get(sex, "child")
    parents = [
        (own.get(side), other.get(side)) for side in ("paternalId", "maternalId") if own.get(side)
    ]
    shared = [mine for mine, theirs in parents if mine == theirs and mine != "0"]
    if len(shared) == 2:
        return {"female": "sister", "male": "brother"}.get(sex, "sibling")
    half = {"female": "half-sister", "male": "half-brother"}.get(sex, "half-sibling")
    return half if shared else "relative"
