"""One phenopacket becomes one patient with one case: all of it, or nothing and a reason."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.rls import clinics
from interop import strictjson
from interop.models import ImportedDocument, Kind
from interop.phenopackets.message import Reader, canonical
from interop.phenopackets.saving import save
from interop.refused import Refused, sentence_of
from interop.strictjson import shown

LONGEST_ID = 120
UNKNOWN_SHOWN = 5


class Notes(list):
    """Sentences about what was odd, each once, in the order in which it was met."""

    def add(self, sentence):
        if sentence not in self:
            self.append(sentence)


@dataclass(frozen=True)
class Outcome:
    """What became of one document: imported, unchanged or refused (with the reason)."""

    status: str
    id: str = ""
    reason: str = ""
    patient: int | None = None
    case: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document that was read: `packet` is the case, `whole` the family around it, if any."""

    kind: str
    packet: dict
    whole: dict
    text: str
    notes: Notes

    @property
    def id(self):
        return self.packet["id"]


def import_document(data, *, clinic, by, at):
    """Import the bytes of one JSON document into a clinic. Returns an Outcome, never raises

    for what stands in the document.
    """
    known = ""
    try:
        document = read(data)
        known = document.id
        return _import(document, clinic, by, at)
    except Refused as refusal:
        return Outcome("refused", known, str(refusal))
    except ValidationError as error:
        return Outcome("refused", known, sentence_of(error))


def _import(document, clinic, by, at):
    sha256 = canonical(document.whole)
    try:
        with clinics([clinic.pk]):
            earlier = _earlier(clinic, document)
            if earlier is None:
                row = save(document, sha256, clinic=clinic, by=by, at=at)
                return _outcome("imported", row, document.notes)
    except IntegrityError:  # somebody imported the same document at the same moment
        with clinics([clinic.pk]):
            earlier = _earlier(clinic, document)
        if earlier is None:
            raise
    if earlier.sha256 == sha256:
        return _outcome("unchanged", earlier, earlier.notes)
    raise Refused(
        f"“{shown(document.id)}” was imported before, with other content. Nothing was changed: "
        "correct the case by hand, or import the new version under an identifier of its own."
    )


def _earlier(clinic, document):
    found = ImportedDocument.objects.filter(clinic=clinic, external_id=document.id)
    return found.defer("content").first()


def _outcome(status, row, notes):
    return Outcome(status, row.external_id, "", row.patient_id, row.case_id, tuple(notes))


def read(data):
    """A Document from bytes. Raises Refused when it is no phenopacket v2 about one person."""
    value, text = strictjson.read(data)
    _check_kind(value)
    notes, reader = Notes(), Reader()
    if "proband" in value:
        kind, whole = Kind.FAMILY, reader.message("Family", value, "family")
        packet = whole["proband"]
        packet.setdefault("id", whole.get("id", ""))
        packet.setdefault("metaData", whole.get("metaData", {}))
    else:
        kind, whole = Kind.PHENOPACKET, reader.message("Phenopacket", value, "phenopacket")
        packet = whole
    _check_packet(packet)
    _name_unknown(reader.unknown, notes)
    return Document(kind, packet, whole, text, notes)


def _check_kind(value):
    if isinstance(value, list):
        raise Refused("The file holds a list; one phenopacket (an object) is expected.")
    if not isinstance(value, dict):
        raise Refused("The file holds no object; one phenopacket is expected.")
    if "members" in value:
        raise Refused("This is a cohort. Import its phenopackets one by one.")
    if "resourceType" in value:
        raise Refused("This is a FHIR resource, not a phenopacket.")
    meta = value.get("metaData", value.get("meta_data"))
    meta = meta if isinstance(meta, dict) else {}
    version = meta.get("phenopacketSchemaVersion", meta.get("phenopacket_schema_version", ""))
    if str(version).startswith("1"):
        raise Refused(f"Phenopacket version {shown(version)} is not read, only version 2.")


def _check_packet(packet):
    identifier = packet.get("id", "")
    if not identifier.strip():
        raise Refused("The phenopacket has no id, by which it would be recognised again.")
    if len(identifier) > LONGEST_ID:
        raise Refused(f"The id of the phenopacket is longer than {LONGEST_ID} characters.")
    if not packet.get("subject"):
        raise Refused("The phenopacket names no subject: whose case it is cannot be told.")


def _name_unknown(paths, notes):
    if paths:
        more = f" and {len(paths) - UNKNOWN_SHOWN} more" if len(paths) > UNKNOWN_SHOWN else ""
        named = ", ".join(paths[:UNKNOWN_SHOWN])
        notes.add(f"Fields that version 2 does not know, kept in the original only: {named}{more}.")
