"""Small phenopackets for tests, valid unless a test spoils them."""

import json
import re

from django.utils import timezone

from interop.phenopackets.importing import import_document


def feature(identifier="HP:0001324", label="Muscle weakness", **more):
    return {"type": {"id": identifier, "label": label}, **more}


def call(status="CAUSATIVE", acmg="PATHOGENIC", subject="patient", **descriptor):
    """A genomic interpretation; keywords are fields of its variation descriptor."""
    gene = {"valueId": "HGNC:6636", "symbol": "LMNA"}
    return {
        "subjectOrBiosampleId": subject,
        "interpretationStatus": status,
        "variantInterpretation": {
            "acmgPathogenicityClassification": acmg,
            "variationDescriptor": {"id": "v1", "geneContext": gene} | descriptor,
        },
    }


def expressions(**values):
    """hgvs_c="…" as the list that a descriptor holds."""
    return [{"syntax": name.replace("_", "."), "value": text} for name, text in values.items()]


EDMD = {"id": "OMIM:181350", "label": "Emery-Dreifuss muscular dystrophy 2, autosomal dominant"}


def interpretation(*calls, progress="SOLVED", disease=EDMD):
    return {
        "id": "i1",
        "progressStatus": progress,
        "diagnosis": {"disease": disease, "genomicInterpretations": list(calls)},
    }


def packet(identifier="P1", **more):
    """A phenopacket about one person with one finding; keywords replace or add fields."""
    return {
        "id": identifier,
        "subject": {"id": "patient", "sex": "FEMALE"},
        "phenotypicFeatures": [feature()],
        "metaData": {"phenopacketSchemaVersion": "2.0.2"},
    } | more


def take(document, clinic, by=None):
    """Import a dict, a text or bytes."""
    if isinstance(document, dict):
        document = json.dumps(document)
    data = document.encode() if isinstance(document, str) else document
    return import_document(data, clinic=clinic, by=by, at=timezone.now())


def snake(value):
    """The same document in the other spelling of keys."""
    if isinstance(value, list):
        return [snake(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {re.sub(r"(?<=[a-z])([A-Z])", r"_\1", key).lower(): snake(v) for key, v in value.items()}
