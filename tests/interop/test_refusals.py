"""Broken documents get a sentence and save nothing; no exception comes out of them."""

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interop.models import ImportedDocument
from patients.models import Patient
from tests import make
from tests.interop.packets import call, feature, interpretation, packet, take
from workflows.models import Case

BAD_TEXT = {
    "cut off": ('{"id": "P1", "subj', "Not valid JSON"),
    "empty": ("", "The file is empty."),
    "no JSON": ("PID|1||123", "Not valid JSON"),
    "NaN": ('{"id": "P1", "x": NaN}', "“NaN” is not a number"),
    "infinite": ('{"id": "P1", "x": 1e999}', "too large"),
    "digits": ('{"id": ' + "1" * 5000 + "}", "more than 40 digits"),
    "twice": ('{"id": "a", "id": "b"}', "The key “id” stands twice"),
    "nested": ('{"id": ' + "[" * 200 + "]" * 200 + "}", "nested deeper than 64"),
    "very deep": ("[" * 100_000, "nested deeper than 64"),
    "half a pair": (r'{"id": "\ud800"}', "cannot be stored"),
    "NUL": (r'{"id": "a\u0000b"}', "cannot be stored"),
    "a list": ("[]", "The file holds a list"),
    "a text": ('"hello"', "The file holds no object"),
    "cohort": ('{"id": "c", "members": []}', "This is a cohort"),
    "FHIR": ('{"resourceType": "Patient"}', "This is a FHIR resource"),
    "too large": (" " * 5_000_001, "larger than 5 MB"),
}
BAD_VALUES = {
    "no id": ({"id": None}, "has no id"),
    "blank id": ({"id": " "}, "has no id"),
    "long id": ({"id": "x" * 121}, "longer than 120"),
    "id is a number": ({"id": 5}, "phenopacket.id: a number stands where a text is expected."),
    "no subject": ({"subject": None}, "names no subject"),
    "subject is a text": (
        {"subject": "me"},
        "phenopacket.subject: a text stands where an object is expected.",
    ),
    "features are an object": (
        {"phenotypicFeatures": {}},
        "phenopacket.phenotypicFeatures: an object stands where a list is expected.",
    ),
    "excluded is a text": (
        {"phenotypicFeatures": [feature(excluded="yes")]},
        "phenopacket.phenotypicFeatures[1].excluded: a text stands where true or false",
    ),
    "unknown sex": ({"subject": {"id": "a", "sex": "BOTH"}}, "“BOTH” is not one of UNKNOWN_SEX"),
    "sex out of range": ({"subject": {"id": "a", "sex": 77}}, "“77” is not one of UNKNOWN_SEX"),
    "a mouse": ({"subject": {"id": "a", "taxonomy": {"id": "NCBITaxon:10090"}}}, "no person"),
    "no date": ({"subject": {"id": "a", "dateOfBirth": "yesterday"}}, "is not a date and time"),
    "no such day": ({"subject": {"id": "a", "dateOfBirth": "2001-02-30"}}, "is not a date"),
    "born tomorrow": ({"subject": {"id": "a", "dateOfBirth": "2999-01-01"}}, "in the future"),
    "born long ago": ({"subject": {"id": "a", "dateOfBirth": "1066-01-01"}}, "before 1900"),
    "hidden character": (
        {"phenotypicFeatures": [feature(label="weak\u202eness")]},
        "cannot be shown (U+202E)",
    ),
    "two moments": (
        {"phenotypicFeatures": [feature(onset={"timestamp": "2020-01-01", "age": {}})]},
        "only one of age and timestamp may be given",
    ),
    "position": (
        {"interpretations": [interpretation(call(vcfRecord={"pos": "chr1"}))]},
        "vcfRecord.pos: “chr1” is not a whole number.",
    ),
    "negative position": (
        {"interpretations": [interpretation(call(vcfRecord={"pos": -5}))]},
        "greater than or equal to 0",
    ),
    "unknown progress": (
        {"interpretations": [interpretation(progress="DONE")]},
        "“DONE” is not one of UNKNOWN_PROGRESS",
    ),
    "version 1": ({"metaData": {"phenopacketSchemaVersion": "1.0"}}, "Phenopacket version 1.0"),
    "both spellings": ({"meta_data": {}}, "“metaData” stands there in both spellings"),
    "onset tomorrow": (
        {"diseases": [{"term": {"id": "X:1"}, "onset": {"timestamp": "2999-01-01"}}]},
        "This onset lies in the future",
    ),
    "long subject id": ({"subject": {"id": "x" * 121}}, "longer than 120"),
}


def nothing_saved():
    return not (
        Patient.objects.exists() or Case.objects.exists() or ImportedDocument.objects.exists()
    )


@pytest.mark.parametrize("kind", BAD_TEXT)
def test_what_is_no_phenopacket_is_refused(clinic, kind):
    text, sentence = BAD_TEXT[kind]
    outcome = take(text, clinic)
    assert outcome.status == "refused"
    assert sentence in outcome.reason
    assert nothing_saved()


def test_bytes_that_are_no_text_are_refused(clinic):
    assert "not UTF-8" in take(b'{"id": "\xff"}', clinic).reason


def test_a_byte_order_mark_does_no_harm(clinic):
    assert take(b"\xef\xbb\xbf" + json.dumps(packet()).encode(), clinic).status == "imported"


@pytest.mark.parametrize("kind", BAD_VALUES)
def test_a_wrong_value_is_refused_with_its_place(clinic, kind):
    changes, sentence = BAD_VALUES[kind]
    outcome = take(packet(**changes), clinic)
    assert outcome.status == "refused"
    assert sentence in outcome.reason
    assert nothing_saved()


def test_the_same_id_with_other_content_is_refused_and_nothing_overwritten(clinic):
    first = take(packet(), clinic)
    other = take(packet(phenotypicFeatures=[]), clinic)
    assert other.status == "refused"
    assert "was imported before, with other content" in other.reason
    assert Case.objects.get().pk == first.case


def test_the_same_document_may_live_in_two_clinics(clinic):
    assert take(packet(), clinic).status == "imported"
    assert take(packet(), make.clinic("south")).status == "imported"


def spoiled():
    """A valid document in which one value was replaced by something else."""
    whole = packet(
        diseases=[
            {"term": {"id": "OMIM:181350", "label": "x"}, "onset": {"timestamp": "2001-01-01"}}
        ],
        interpretations=[interpretation(call(vcfRecord={"pos": 5, "ref": "A", "alt": "G"}))],
        measurements=[{"assay": {"id": "LOINC:1"}, "value": {"quantity": {"value": 5}}}],
    )
    values = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=30),
        st.just("x" * 10_000),
        st.just([]),
        st.just([[]]),
        st.just({}),
        st.just([{}]),
    )
    return st.builds(_replace, st.just(whole), st.sampled_from(list(_places(whole))), values)


def _places(value, path=()):
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield (*path, key)
        if isinstance(item, dict | list):
            yield from _places(item, (*path, key))


def _replace(whole, path, value):
    whole = copy.deepcopy(whole)
    *way, last = path
    place = whole
    for key in way:
        place = place[key]
    place[last] = value
    return whole


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(spoiled())
def test_any_spoiled_value_is_taken_or_refused_in_words(clinic, document):
    outcome = take(document, clinic)
    assert outcome.status in ("imported", "unchanged", "refused")
    if outcome.status == "refused":
        assert outcome.reason.endswith(".")
        assert len(outcome.reason) < 600
