"""What real documents are like: each oddity has its test."""

from decimal import Decimal

import pytest

from patients.models import Identifier, Patient
from results.genetics.models import Variant
from results.history.models import HistoryResult, Symptom
from results.labs.models import LabResult
from tests.interop.packets import (
    feature,
    packet,
    snake,
    take,
)
from workflows.models import Case, Diagnosis, Step


def test_two_cases_with_the_same_subject_id_are_two_people(bring):
    first, second = bring(packet("P1")), bring(packet("P2"))
    assert first.patient_id != second.patient_id
    subjects = Identifier.objects.filter(system="phenopacket.subject")
    assert [row.value for row in subjects] == ["patient", "patient"]


@pytest.mark.parametrize("name", ["Patient 1", "II:3", "F1/II-2", "twin, first", " x "])
def test_a_subject_id_of_any_shape_is_kept(bring, name):
    row = bring(packet(subject={"id": name}))
    assert row.patient.identifiers.get(system__endswith=".subject").value == name


def test_an_unknown_sex_stays_unknown(bring):
    assert bring(packet(subject={"id": "a", "sex": "UNKNOWN_SEX"})).patient.sex == "unknown"
    other = bring(packet("P2", subject={"id": "b", "sex": "OTHER_SEX"}))
    assert other.patient.sex == "unknown"
    assert "The sex is given as OTHER_SEX; it is stored as unknown." in other.notes


def test_without_a_vital_status_nobody_is_said_to_live(bring):
    assert bring(packet()).patient.vital_status == "unknown"


def test_a_death_is_stored_and_pointed_out(bring):
    status = {"status": "DECEASED", "timeOfDeath": {"timestamp": "2020-03-28T00:00:00Z"}}
    row = bring(packet(subject={"id": "a", "vitalStatus": status}))
    assert row.patient.vital_status == "deceased"
    assert "Kept in the original only: timeOfDeath." in row.notes


@pytest.mark.parametrize("age", ["P5Y", "P8M", "P1Y6M", "P12D", "P2M10D"])
def test_an_age_is_no_birth_date(bring, age):
    seen = {"age": {"iso8601duration": age}}
    patient = bring(packet(subject={"id": "a", "timeAtLastEncounter": seen})).patient
    assert (patient.stated_age, patient.birth_on) == (age, None)
    assert patient.age_years(None) > 0


def test_an_age_that_is_none_is_kept_and_pointed_out(bring):
    seen = {"age": {"iso8601duration": "47 years"}}
    row = bring(packet(subject={"id": "a", "timeAtLastEncounter": seen}))
    assert row.patient.stated_age == ""
    assert "Age at the last encounter, kept in the original only: 47 years." in row.notes


def test_a_real_birth_date_is_taken(bring):
    row = bring(packet(subject={"id": "a", "dateOfBirth": "1998-04-02T00:00:00Z"}))
    assert str(row.patient.birth) == "1998-04-02"


ONSETS = {
    "age": ({"age": {"iso8601duration": "P4Y"}}, "P4Y", ""),
    "range": (
        {"ageRange": {"start": {"iso8601duration": "P1Y"}, "end": {"iso8601duration": "P2Y"}}},
        "age P1Y–P2Y",
        "",
    ),
    "class": (
        {"ontologyClass": {"id": "HP:0003577", "label": "Congenital onset"}},
        "",
        "HP:0003577",
    ),
    "gestation": ({"gestationalAge": {"weeks": 30, "days": 4}}, "30 weeks 4 days of gestation", ""),
    "weeks only": ({"gestationalAge": {"weeks": 30}}, "30 weeks of gestation", ""),
    "timestamp": ({"timestamp": "2020-03-17T00:00:00Z"}, "2020-03-17T00:00:00Z", ""),
    "interval": (
        {"interval": {"start": "2020-03-18T00:00:00Z", "end": "2020-03-20T00:00:00Z"}},
        "2020-03-18 to 2020-03-20",
        "",
    ),
}


@pytest.mark.parametrize("kind", ONSETS)
def test_each_kind_of_onset_is_kept(bring, kind):
    given, stated, term = ONSETS[kind]
    bring(packet(phenotypicFeatures=[feature(onset=given)]))
    row = Symptom.objects.get()
    assert (row.onset_stated, row.onset_term_id) == (stated, term)
    assert row.extra.get("onset", given) == given


def test_onset_of_a_disease_given_as_a_day_is_the_onset_of_the_case(bring):
    onset = {"timestamp": "2020-03-17T00:00:00Z"}
    row = bring(packet(diseases=[{"term": {"id": "X:1", "label": "x"}, "onset": onset}]))
    assert str(row.case.onset) == "2020-03-17"


def test_an_excluded_finding_is_an_answer(bring):
    row = bring(packet(phenotypicFeatures=[feature(excluded=True)]))
    assert Symptom.objects.get().status == "absent"
    assert row.case.facts["ph.weakness"] == "absent"
    assert "ph:weakness" in Step.objects.get(case=row.case, modality="history").captured


def test_a_finding_said_to_be_present_and_absent_is_kept_twice(bring):
    row = bring(packet(phenotypicFeatures=[feature(), feature(excluded=True)]))
    assert [s.status for s in Symptom.objects.order_by("position")] == ["present", "absent"]
    assert "HP:0001324 is said to be both present and absent; both are kept." in row.notes


def test_a_case_without_findings_leaves_the_history_to_be_taken(bring):
    row = bring(packet(phenotypicFeatures=[]))
    assert not HistoryResult.objects.exists()
    assert Step.objects.get(case=row.case, modality="history").stage == "to_book"


def test_a_term_that_our_ontology_does_not_know_is_kept_as_given(bring):
    row = bring(packet(phenotypicFeatures=[feature("HP:9999999", "A finding of tomorrow ")]))
    symptom = Symptom.objects.get()
    assert (symptom.hpo_id, symptom.label) == ("HP:9999999", "A finding of tomorrow ")
    assert symptom.code == ""
    assert not any(path.startswith("ph.") for path in row.case.facts)


def test_an_identifier_too_long_for_its_column_is_kept_whole(bring):
    long = "http://snomed.info/id/" + "9" * 18
    bring(packet(phenotypicFeatures=[feature(long, "Weak")]))
    symptom = Symptom.objects.get()
    assert symptom.hpo_id == ""
    assert symptom.extra["type"]["id"] == long


def test_severity_side_and_resolution_of_a_finding_are_stored(bring):
    more = {
        "severity": {"id": "HP:0012828", "label": "Severe"},
        "modifiers": [{"id": "HP:0012835", "label": "Left"}],
        "resolution": {"age": {"iso8601duration": "P9Y"}},
        "description": "worse in the evening",
        "evidence": [{"evidenceCode": {"id": "ECO:0000033", "label": "author statement"}}],
    }
    bring(packet(phenotypicFeatures=[feature(**more)]))
    row = Symptom.objects.get()
    assert (row.severity, row.severity_term_id, row.side) == ("Severe", "HP:0012828", "left")
    assert (row.resolved, row.resolution_stated) == (True, "P9Y")
    assert row.description == "worse in the evening"
    assert row.extra["evidence"] == more["evidence"]


def test_a_modifier_with_id_and_label_swapped_is_pointed_out(bring):
    swapped = [{"id": "Triggered by cold", "label": "HP:0025206"}]
    row = bring(packet(phenotypicFeatures=[feature(modifiers=swapped)]))
    assert Symptom.objects.get().extra["modifiers"] == swapped
    assert any("swapped" in note for note in row.notes)


def test_an_excluded_disease_is_excluded_and_starts_no_pathway(bring):
    disease = {"term": {"id": "OMIM:181350", "label": "EDMD2"}, "excluded": True}
    row = bring(packet(diseases=[disease]))
    assert Diagnosis.objects.get(case=row.case).certainty == "excluded"
    assert [each.pathway for each in row.case.pathways.all()] == ["undifferentiated"]


def test_a_disease_that_is_only_listed_is_suspected(bring):
    row = bring(packet(diseases=[{"term": {"id": "OMIM:181350", "label": "EDMD2 "}}]))
    diagnosis = Diagnosis.objects.get(case=row.case)
    assert (diagnosis.certainty, diagnosis.code) == ("suspected", "edmd2")
    assert diagnosis.label == "EDMD2 "


def test_the_same_disease_by_two_identifiers_is_two_lines_of_one_code(bring):
    terms = [{"id": "OMIM:181350", "label": "a"}, {"id": "MONDO:0021569", "label": "b"}]
    row = bring(packet(diseases=[{"term": term} for term in terms]))
    found = Diagnosis.objects.filter(case=row.case, replaced_by=None).order_by("pk")
    assert [(d.code, d.external_id) for d in found] == [
        ("edmd2", "OMIM:181350"),
        ("", "MONDO:0021569"),
    ]


def test_treatments_are_named_and_kept(bring, sample):
    data, _ = sample("schema__covid19.json")
    row = bring(data)
    assert any("6 medical actions" in note for note in row.notes)
    assert row.content.encode() == data
    certainty = {d.label: d.certainty for d in Diagnosis.objects.filter(case=row.case)}
    assert certainty["diabetes mellitus"] == "excluded"


def test_measurements_are_reports_of_their_moments(bring, sample):
    row = bring(sample("schema__covid19.json")[0])
    interval, day = LabResult.objects.filter(step__case=row.case).order_by("pk")
    assert (interval.performed_on, str(day.performed_on)) == (None, "2020-03-20")
    (early,), (late,) = interval.values.all(), day.values.all()
    assert early.note == "2019-09-01 to 2020-03-01"
    assert (early.value_num, early.low, early.high) == (Decimal("1.4"), 1, Decimal("4.5"))
    assert (late.code_as_given, late.name_as_given) == (
        "LOINC:26474-7",
        "Lymphocytes [#/volume] in Blood",
    )


def measured(value, unit="UCUM:U/L", assay="LOINC:2157-6", **more):
    quantity = {"unit": {"id": unit}, "value": value} | more
    return {"assay": {"id": assay, "label": "CK"}, "value": {"quantity": quantity}}


def test_a_creatine_kinase_is_a_fact_that_waits_for_review(bring):
    limits = {"unit": {"id": "UCUM:U/L"}, "low": 40, "high": "200"}
    row = bring(packet(measurements=[measured("15000", referenceRange=limits)]))
    assert row.case.facts["lab.ck.x_uln"] == 75
    step = Step.objects.get(case=row.case, code="imported_labs")
    assert (step.stage, step.captured) == ("to_review", ["lab:ck"])


@pytest.mark.parametrize(
    "odd",
    [
        measured(-5),
        measured(0.00000001),
        measured(5, unit="UCUM:kg"),
        measured(1e20),
        measured(5, referenceRange={"unit": {"id": "UCUM:kat/L"}, "low": 1}),
        {"assay": {"id": None}, "value": {"quantity": {"value": 5}}},
        {"assay": {"id": "X:1"}, "complexValue": {"typedQuantities": []}},
    ],
)
def test_a_measurement_that_fits_no_column_is_named(bring, odd):
    row = bring(packet(measurements=[odd]))
    assert "Kept in the original only: 1 measurements." in row.notes
    assert not LabResult.objects.exists()


def test_fields_that_the_schema_does_not_know_are_named(bring):
    row = bring(packet(phenotypicFeature=[feature()]))
    assert any("phenopacket.phenotypicFeature" in note for note in row.notes)


def test_both_spellings_of_keys_give_the_same_rows(clinic, sample):
    _, file = sample("AGRN/PMID_24951643_Kinship_1_Patient_1.json")
    first = take(file, clinic)
    assert take(snake(file), clinic).status == "unchanged"
    second = take(snake(file | {"id": "other"}), clinic)
    assert second.status == "imported"
    old, new = (rows_of(Case.objects.get(pk=outcome.case)) for outcome in (first, second))
    assert old[0]
    assert old[1]
    assert old == new


def rows_of(case):
    """What was stored of a case, without keys."""
    keys = {"id", "clinic_id", "result_id", "step_id", "case_id", "patient_id", "_state"}

    def plain(rows):
        return [{k: v for k, v in vars(row).items() if k not in keys} for row in rows]

    return (
        plain(Symptom.objects.filter(result__step__case=case).order_by("position")),
        plain(Variant.objects.filter(result__step__case=case).order_by("position")),
        [(d.code, d.label, d.certainty, d.onset_text) for d in case.diagnoses.order_by("pk")],
        case.facts,
    )


def test_relatives_come_from_pedigree_and_phenopackets(bring):
    dead = {"status": "DECEASED"}
    father = packet("F", subject={"id": "dad", "sex": "MALE", "vitalStatus": dead})
    father["diseases"] = [{"term": {"id": "OMIM:181350", "label": "EDMD2"}}]
    persons = [
        {"individualId": "patient", "paternalId": "dad", "maternalId": "mum", "sex": "FEMALE"},
        {"individualId": "dad", "sex": "MALE", "affectedStatus": "AFFECTED"},
        {"individualId": "mum", "sex": "FEMALE", "affectedStatus": "UNAFFECTED"},
        {"individualId": "sib", "paternalId": "dad", "maternalId": "mum", "sex": "MALE"},
        {"individualId": "half", "paternalId": "dad", "maternalId": "x", "sex": "FEMALE"},
        {"individualId": "kid", "paternalId": "z", "maternalId": "patient", "sex": "MALE"},
        {"individualId": "aunt", "sex": "FEMALE"},
    ]
    pedigree = {"persons": persons}
    row = bring({"id": "F1", "proband": packet(), "relatives": [father], "pedigree": pedigree})
    found = {r.note.removeprefix("In the source: "): r for r in row.patient.relatives.all()}
    assert {key: r.relation for key, r in found.items()} == {
        "dad": "father",
        "mum": "mother",
        "sib": "brother",
        "half": "half-sister",
        "kid": "son",
        "aunt": "relative",
    }
    dad = found["dad"]
    assert (dad.affected, dad.condition, dad.deceased) == ("yes", "EDMD2", True)
    assert found["mum"].affected == "no"
    assert Patient.objects.count() == 1
