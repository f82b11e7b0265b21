"""The command: what it takes, prints, reports, and how much it asks the database."""

import json
import os
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.rls import ALL, clinics
from audit.models import Event
from interop import batch
from interop.models import ImportedDocument
from interop.sources import Source
from tests import make
from tests.interop.packets import call, feature, interpretation, packet, take
from workflows.models import Step


def run(*paths, clinic="north", **options):
    """(last line, what went to stderr) of the command, in this process."""
    out, err = StringIO(), StringIO()
    options = {"jobs": 1} | options
    call_command(
        "import_phenopackets", *map(str, paths), clinic=clinic, stdout=out, stderr=err, **options
    )
    return out.getvalue().strip().splitlines()[-1], err.getvalue()


def write(folder, name, document):
    text = document if isinstance(document, str) else json.dumps(document)
    (folder / name).write_text(text)


@pytest.mark.usefixtures("clinic")
def test_it_counts_says_why_and_reports_each_file(tmp_path):
    write(tmp_path, "1.json", packet("P1"))
    write(tmp_path, "2.json", packet("P1"))
    write(tmp_path, "3.json", "{")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("a/4.json", json.dumps(packet("P4")))
    report = tmp_path / "report.jsonl"
    closing, errors = run(tmp_path, tmp_path / "more.zip", report=report)
    assert closing.startswith("4 documents: 2 imported, 1 unchanged, 1 refused (")
    assert "3.json: Not valid JSON" in errors
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert [line["status"] for line in lines] == ["imported", "unchanged", "refused", "imported"]
    assert lines[0]["case"] == lines[1]["case"]
    assert lines[2] == {
        "path": str(tmp_path / "3.json"),
        "id": "",
        "status": "refused",
        "reason": lines[2]["reason"],
        "patient": None,
        "case": None,
        "notes": [],
    }
    assert lines[3]["path"] == f"{tmp_path}/more.zip!a/4.json"


@pytest.mark.usefixtures("clinic")
def test_a_file_name_that_is_no_text_does_no_harm(tmp_path):
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.json"))).write_text(json.dumps(packet()))
    report = tmp_path / "report"
    closing, _ = run(tmp_path, report=report)
    assert closing.startswith("1 documents: 1 imported")
    assert r"\udcff.json" in report.read_text()


@pytest.mark.usefixtures("clinic")
def test_an_unknown_clinic_is_named_with_those_that_exist(tmp_path):
    with pytest.raises(CommandError, match=r"There is no clinic “nowhere”\. Known: north\."):
        run(tmp_path, clinic="nowhere")


@pytest.mark.usefixtures("clinic")
def test_a_path_that_is_not_there_is_named_before_anything_is_imported(tmp_path):
    write(tmp_path, "1.json", packet())
    with pytest.raises(CommandError, match=r"There is no file or folder .*gone"):
        run(tmp_path, tmp_path / "gone")
    assert not ImportedDocument.objects.exists()


@pytest.mark.usefixtures("clinic")
def test_a_report_that_cannot_be_written_stops_it_at_once(tmp_path):
    write(tmp_path, "1.json", packet())
    with pytest.raises(CommandError, match="The report cannot be written"):
        run(tmp_path, report=tmp_path / "no" / "report")


def test_a_person_who_imports_is_named_and_must_work_there(tmp_path, doctor):
    write(tmp_path, "1.json", packet())
    with pytest.raises(CommandError, match="Nobody with this e-mail"):
        run(tmp_path, by="stranger@example.org")
    run(tmp_path, by=doctor.email)
    assert ImportedDocument.objects.get().imported_by == doctor
    assert set(Event.objects.exclude(case_id=None).values_list("actor", flat=True)) == {doctor.pk}


def test_a_fault_of_our_own_is_told_by_its_place_and_does_not_stop_the_others(clinic):
    good = Source("2.json", json.dumps(packet()).encode())
    found = [
        outcome
        for where in (None, clinic)  # without a clinic our code stumbles
        for _, outcome in batch.outcomes([good], clinic=where, by=None, jobs=1)
    ]
    assert [outcome.status for outcome in found] == ["fault", "imported"]
    assert found[0].reason.startswith("A fault of this program, please report it: AttributeError")


def test_few_documents_are_not_worth_a_second_process():
    assert batch.jobs_for(3) == 1
    assert 1 <= batch.jobs_for(None) <= batch.MOST_JOBS


def queries(document, clinic):
    with CaptureQueriesContext(connection) as asked:
        assert take(document, clinic).status == "imported"
    return len(asked)


def test_a_long_case_asks_no_more_of_the_database_than_a_short_one(clinic):
    short = packet("P1", interpretations=[interpretation(call())])
    features = [feature(f"HP:{number:07}", f"finding {number}") for number in range(200)]
    long = packet("P2", phenotypicFeatures=features)
    long["interpretations"] = [interpretation(*[call(label=f"v{n}") for n in range(20)])]
    take(packet("P0"), clinic)  # what is read once a process
    assert queries(short, clinic) == queries(long, clinic)


def test_a_gene_test_of_the_pathway_takes_the_variants(clinic):
    outcome = take(packet(interpretations=[interpretation(call())]), clinic)
    done = Step.objects.get(case_id=outcome.case, modality="genetics", result_status="final")
    assert done.code == "md_panel"
    assert done.facts["gen.panel_summary"] == "diagnostic"
    assert done.captured == []  # the source does not say which test was done


def test_a_gene_that_no_test_of_the_pathway_covers_gets_a_step_of_its_own(clinic):
    given = call(geneContext={"valueId": "HGNC:1", "symbol": "NEWGENE"})
    outcome = take(packet(interpretations=[interpretation(given)]), clinic)
    done = Step.objects.get(case_id=outcome.case, result_status="final", modality="genetics")
    assert (done.code, done.stage) == ("imported_genetics", "to_tell")


def test_an_import_leaves_its_event(clinic):
    outcome = take(packet(), clinic)
    event = Event.objects.get(verb="case.import")
    document = ImportedDocument.objects.get()
    assert (event.case_id, event.detail["document"]) == (outcome.case, document.pk)
    assert "patient" not in json.dumps(event.detail)


@pytest.mark.django_db(transaction=True)
def test_several_processes_share_the_work_and_keep_the_order(tmp_path):
    make.clinic()
    for number in range(9):
        write(tmp_path, f"{number}.json", packet(f"P{number % 8}"))  # the last is the first again
    report = tmp_path / "report.jsonl"
    closing, _ = run(tmp_path, report=report, jobs=2)
    assert closing.startswith("9 documents: 8 imported, 1 unchanged, 0 refused")
    lines = [json.loads(line) for line in report.read_text().splitlines()]
    assert [line["id"] for line in lines] == [f"P{number % 8}" for number in range(9)]
    with clinics(ALL):
        assert ImportedDocument.objects.count() == 8
