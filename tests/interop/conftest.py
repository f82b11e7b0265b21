"""Sample documents that lie beside the project; where they are absent the tests say so."""

import json
import os
from pathlib import Path

import pytest

from interop.models import ImportedDocument
from tests.interop.packets import take

DATA = Path(__file__).parents[3] / "shared" / "data"


def sample_files(folder="phenopackets"):
    return sorted((DATA / folder).rglob("*.json"))


@pytest.fixture(scope="session")
def samples():
    """{path below the data folder: bytes} of all sample phenopackets."""
    found = [*sample_files(), *sample_files("phenopackets-extra")]
    if not found:
        reason = "The sample phenopackets are not here (../shared/data)."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return {str(path.relative_to(DATA)): path.read_bytes() for path in found}


@pytest.fixture
def sample(samples):
    """Reads one sample by the end of its path: (bytes, parsed)."""

    def read(name):
        data = next(data for path, data in samples.items() if path.endswith(name))
        return data, json.loads(data)

    return read


@pytest.fixture
def bring(clinic):
    """Import a document, expect it to be taken, return its ImportedDocument."""

    def imported(document):
        outcome = take(document, clinic)
        assert outcome.status == "imported", outcome.reason
        return ImportedDocument.objects.get(case_id=outcome.case)

    return imported
