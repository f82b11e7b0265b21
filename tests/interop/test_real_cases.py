"""Every published case beside the project: what its file says is what is stored, read anew here."""

import json
from collections import Counter

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from accounts.models import ClinicModel
from accounts.rls import ALL, clinics
from audit.models import Event
from interop.models import ImportedDocument
from nmdtracker.embedded import testing
from results.genetics.models import GeneticResult, Variant
from results.history.models import HistoryResult, Symptom
from results.labs.models import LabValue
from tests import make
from tests.interop.conftest import DATA
from workflows.models import Diagnosis, Step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("imported", "rows")]
FOLDERS = [str(DATA / name) for name in ("phenopackets", "phenopackets-extra")]
ZYGOSITY = {
    "GENO:0000134": "hemizygous",
    "GENO:0000135": "heterozygous",
    "GENO:0000136": "homozygous",
}


@pytest.fixture(scope="module")
def imported(django_db_setup, django_db_blocker, samples, tmp_path_factory):
    """(report lines, {path: (parsed file, its ImportedDocument)}), imported once by the command.

    Committed, so that several processes can share the work; emptied at the end.
    """
    report = tmp_path_factory.mktemp("import") / "report.jsonl"
    files = {path: json.loads(data) for path, data in samples.items()}
    with django_db_blocker.unblock():
        with clinics(ALL):
            make.clinic("real")
        call_command("import_phenopackets", *FOLDERS, clinic="real", report=report)
        with clinics(ALL):
            documents = ImportedDocument.objects.select_related("patient", "case", "clinic")
            rows = {row.external_id: row for row in documents}
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    yield lines, {path: (file, rows.get(file["id"])) for path, file in files.items()}
    with django_db_blocker.unblock():
        testing.empty_tables(connection.settings_dict["NAME"])


@pytest.fixture(scope="module")
def cases(imported):
    """(path, parsed file, ImportedDocument) of each file."""
    return [(path, file, row) for path, (file, row) in imported[1].items()]


def test_every_file_is_imported_and_reported_in_a_line(imported, samples):
    lines, cases = imported
    assert Counter(line["status"] for line in lines) == {"imported": len(samples)}
    by_id = {line["id"]: line for line in lines}
    for file, row in cases.values():
        line = by_id[file["id"]]
        assert (line["patient"], line["case"]) == (row.patient_id, row.case_id)


def test_the_original_is_kept_to_the_letter(cases, samples):
    for path, _, row in cases:
        assert row.content.encode() == samples[path]


def test_every_feature_is_stored_as_given(cases):
    stored = {}
    for row in Symptom.objects.select_related("result__step").order_by("position"):
        stored.setdefault(row.result.step.case_id, []).append(row)
    for path, file, row in cases:
        given = file.get("phenotypicFeatures", [])
        found = stored.get(row.case_id, [])
        assert len(found) == len(given), path
        for symptom, feature in zip(found, given, strict=True):
            assert (symptom.hpo_id, symptom.label) == (
                feature["type"]["id"],
                feature["type"]["label"],
            )
            assert symptom.status == ("absent" if feature.get("excluded") else "present")
            assert symptom.extra.get("modifiers", []) == feature.get("modifiers", [])
            check_onset(symptom, feature.get("onset", {}), path)


def check_onset(symptom, onset, path):
    """Each kind of onset can be read back from the row."""
    term = onset.get("ontologyClass", {})
    assert symptom.onset_term_id == term.get("id", ""), path
    assert symptom.onset_term_label == term.get("label", ""), path
    if "age" in onset:
        assert symptom.onset_stated == onset["age"]["iso8601duration"], path
    elif "timestamp" in onset:
        assert symptom.onset_stated == onset["timestamp"], path
    elif onset and not term:
        assert symptom.extra["onset"] == onset, path
        assert symptom.onset_stated, path
    else:
        assert symptom.onset_stated == "", path


def test_known_features_are_facts_of_the_case(cases):
    checked = 0
    for path, file, row in cases:
        for feature in file.get("phenotypicFeatures", []):
            if feature["type"]["id"] == "HP:0001324":  # muscle weakness
                expected = "absent" if feature.get("excluded") else "present"
                assert row.case.facts["ph.weakness"] == expected, path
                checked += 1
    assert checked > 20


def test_every_expression_of_every_variant_is_stored(cases):
    stored = {}
    for variant in Variant.objects.select_related("result__step").order_by("position"):
        stored.setdefault(variant.result.step.case_id, []).append(variant)
    for path, file, row in cases:
        calls = [
            call
            for interpretation in file.get("interpretations", [])
            for call in interpretation["diagnosis"]["genomicInterpretations"]
        ]
        found = stored.get(row.case_id, [])
        assert len(found) == len(calls), path
        for variant, call in zip(found, calls, strict=True):
            check_variant(variant, call, path)


def check_variant(variant, call, path):
    given = call["variantInterpretation"]["variationDescriptor"]
    texts = {each["syntax"]: each["value"] for each in given.get("expressions", [])}
    assert (variant.hgvs_c, variant.hgvs_g, variant.hgvs_p) == tuple(
        texts.get(syntax, "") for syntax in ("hgvs.c", "hgvs.g", "hgvs.p")
    ), path
    assert variant.external_id == given["id"], path
    assert variant.gene_symbol == given["geneContext"]["symbol"], path
    assert variant.hgnc_id == given["geneContext"]["valueId"], path
    assert variant.label == given.get("label", ""), path
    assert variant.zygosity_term_id == given["allelicState"]["id"], path
    assert variant.zygosity == ZYGOSITY[given["allelicState"]["id"]], path
    kind, vcf = given.get("structuralType", {}), given.get("vcfRecord", {})
    assert (variant.structural_term_id, variant.structural_type) == (
        kind.get("id", ""),
        kind.get("label", ""),
    ), path
    assert (variant.chromosome, variant.vcf_ref, variant.vcf_alt, variant.genome_build) == tuple(
        vcf.get(key, "") for key in ("chrom", "ref", "alt", "genomeAssembly")
    ), path
    assert str(variant.vcf_position or "") == str(vcf.get("pos", "")), path
    assert variant.interpretation == call["interpretationStatus"].lower(), path
    acmg = call["variantInterpretation"].get("acmgPathogenicityClassification")
    assert variant.acmg == {"PATHOGENIC": "P", None: ""}[acmg], path


def test_variants_are_a_final_and_reviewed_report_that_nobody_told_yet(cases):
    for path, file, row in cases:
        steps = list(Step.objects.filter(case=row.case, modality="genetics", result_status="final"))
        assert len(steps) == (1 if file.get("interpretations") else 0), path
        for step in steps:
            assert step.reviewed_at, path
            assert (step.stage, step.door) == ("to_tell", "told"), path


def test_every_disease_is_a_diagnosis_with_its_onset(cases):
    for path, file, row in cases:
        found = {d.external_id: d for d in Diagnosis.objects.filter(case=row.case)}
        assert set(found) == {disease["term"]["id"] for disease in file["diseases"]}, path
        for disease in file["diseases"]:
            diagnosis = found[disease["term"]["id"]]
            assert diagnosis.label == disease["term"]["label"], path
            assert diagnosis.certainty == certainty_in(file, disease), path
            onset = disease.get("onset", {})
            term = onset.get("ontologyClass", {})
            given = onset.get("age", {}).get("iso8601duration") or onset.get("timestamp", "")
            said = f"{term['label']} ({term['id']})" if term else given
            assert diagnosis.onset_text == said, path


def certainty_in(file, disease):
    if disease.get("excluded"):
        return "excluded"
    interpreted = any(
        interpretation["progressStatus"] == "SOLVED"
        and interpretation["diagnosis"]["disease"]["id"] == disease["term"]["id"]
        for interpretation in file.get("interpretations", [])
    )
    return "confirmed" if interpreted else "suspected"


def test_onset_of_the_disease_is_that_of_case_and_history(cases):
    histories = {row.step.case_id: row for row in HistoryResult.objects.select_related("step")}
    for path, file, row in cases:
        onset = next((d["onset"] for d in file["diseases"] if d.get("onset")), {})
        duration = onset.get("age", {}).get("iso8601duration", "")
        term = onset.get("ontologyClass", {})
        history = histories[row.case_id]
        assert history.onset_term_id == term.get("id", ""), path
        assert bool(row.case.onset_text) == bool(onset), path
        if duration:
            assert history.onset_stated == row.case.onset_text == duration, path
            assert history.onset_age_years is not None, path
        else:
            assert history.onset_age_years is None, path


def test_the_person_has_no_name_and_no_invented_birth_date(cases):
    sexes = {"MALE": "male", "FEMALE": "female"}
    for path, file, row in cases:
        patient, subject = row.patient, file["subject"]
        age = subject.get("timeAtLastEncounter", {}).get("age", {}).get("iso8601duration", "")
        vital = subject.get("vitalStatus", {}).get("status", "unknown").lower()
        assert patient.full_name == f"Unnamed patient {patient.pk}", path
        assert (patient.birth_on, patient.birth_precision) == (None, "unknown"), path
        assert patient.stated_age == age, path
        assert patient.sex == sexes.get(subject["sex"], "unknown"), path
        assert patient.vital_status == vital, path


def test_a_subject_is_one_person_in_its_document_only(cases):
    assert len({row.patient_id for _, _, row in cases}) == len(cases)
    for path, file, row in cases:
        numbers = {number.system: number.value for number in row.patient.identifiers.all()}
        publication = file["metaData"]["externalReferences"][0]["id"]
        assert numbers == {
            "phenopacket": file["id"],
            f"{publication}.subject": file["subject"]["id"],
        }, path


def test_the_work_goes_on_from_the_list(cases):
    """Each case runs on a pathway that knows what is still to do, one owner and door each."""
    for path, _, row in cases:
        pathways = [each.pathway for each in row.case.pathways.all()]
        assert pathways, path
        still = Step.objects.filter(case=row.case, is_open=True)
        assert still.exists(), path
        assert all(step.door and step.owner_role for step in still), path


def test_contradictions_are_pointed_out(cases):
    told = {path for path, _, row in cases if any("different changes" in n for n in row.notes)}
    assert told == {path for path, _, _ in cases if "/MTTV/" in path}
    assert len(told) == 10


def test_nothing_is_left_out_without_a_word(cases):
    for path, file, row in cases:
        for field in ("medicalActions", "biosamples", "files"):
            count = len(file.get(field, []))
            noted = any(str(count) in n and "original only" in n for n in row.notes)
            assert not count or noted, f"{path}: {field}"


def test_every_measurement_is_a_laboratory_value(cases):
    for path, file, row in cases:
        stored = LabValue.objects.filter(result__step__case=row.case)
        given = Counter(
            (m["assay"]["id"], m["assay"]["label"], m["value"]["quantity"]["value"])
            for m in file.get("measurements", [])
        )
        found = Counter((v.code_as_given, v.name_as_given, float(v.value_num)) for v in stored)
        assert found == given, path


def test_importing_again_changes_nothing(imported, tmp_path):
    before, report = stock(), tmp_path / "again.jsonl"
    call_command("import_phenopackets", *FOLDERS, clinic="real", report=report, jobs=1)
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert {line["status"] for line in lines} == {"unchanged"}
    assert [(line["patient"], line["case"]) for line in lines] == [
        (line["patient"], line["case"]) for line in imported[0]
    ]
    assert stock() == before


def stock():
    """Rows of every clinical table, its history, and the events."""
    kept = [model for model in apps.get_models() if issubclass(model, ClinicModel)]
    history = [model.events.rel.related_model for model in kept if hasattr(model, "events")]
    return {model.__name__: model.objects.count() for model in [*kept, *history, Event]}


def test_reports_name_the_genes(cases):
    assert GeneticResult.objects.filter(result_summary="diagnostic").count() == sum(
        bool(file.get("interpretations")) for _, file, _ in cases
    )
