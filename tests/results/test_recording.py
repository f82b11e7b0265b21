"""Record, correct and take back through the services."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from results import versions
from results.genetics.models import GeneticResult, Variant
from results.history.models import HistoryResult, Symptom
from results.labs.models import LabResult, LabValue
from results.services import (
    correct_result,
    current_result,
    mark_entered_in_error,
    record_result,
)
from tests.results.posting import post, shown
from workflows import services as workflow

TODAY = timezone.localdate()


def fresh(step):
    step.refresh_from_db()
    return step


def history(*symptoms, **fields):
    return HistoryResult(performed_on=timezone.localdate(), **fields).with_rows(symptoms=symptoms)


def bloods(ck, **fields):
    value = LabValue(analyte="ck", value_num=ck, unit="U/L", low=40, high=200)
    result = LabResult(**{"performed_on": TODAY} | fields)
    return result.with_rows(values=[value])


def save(step, draft, by):
    return record_result(step, draft, by=by, at=timezone.now(), version=fresh(step).version)


@pytest.fixture
def labs(case):
    return case.steps.get(code="tri_labs")


def test_a_clinicians_history_gives_its_facts_and_is_reviewed_at_once(case, doctor):
    step = case.steps.get(code="tri_history")
    symptoms = [Symptom.of("dysphagia", "present"), Symptom.of("cramps", "absent")]
    save(step, history(*symptoms, progression="subacute"), doctor)
    assert fresh(step).facts == {
        "hx.progression": "subacute",
        "ph.dysphagia": "present",
        "ph.cramps": "absent",
    }
    assert (step.result_status, step.stage) == ("final", "done")
    assert [s.code for s in current_result(step).symptoms.all()] == ["dysphagia", "cramps"]


def test_a_coordinators_history_waits_for_a_clinicians_review(case, coordinator):
    step = case.steps.get(code="tri_history")
    save(step, history(progression="acute"), coordinator)
    assert fresh(step).stage == "to_review"


def test_a_preliminary_report_is_replaced_by_the_final_one(labs, doctor):
    save(labs, bloods(300, status="preliminary"), doctor)
    assert (fresh(labs).result_status, labs.reported_at) == ("preliminary", None)
    save(labs, bloods(15_000), doctor)
    assert (fresh(labs).stage, labs.flag) == ("to_review", "critical")
    final = current_result(labs)
    assert (final.status, final.replaces.status) == ("final", "preliminary")


def test_a_correction_keeps_the_earlier_values_and_reopens_the_review(labs, doctor):
    save(labs, bloods(15_000), doctor)
    workflow.review(fresh(labs), by=doctor, at=timezone.now())
    workflow.tell(fresh(labs), how="phone", by=doctor, at=timezone.now())
    correct_result(
        fresh(labs),
        bloods(150),
        by=doctor,
        at=timezone.now(),
        version=labs.version,
        reason="Decimal point misread",
    )
    assert (fresh(labs).stage, labs.result_status) == ("to_review", "corrected")
    assert labs.facts["lab.ck.value"] == 150
    found = versions.all_of(labs)
    (change,) = versions.changes(found)
    (pair,) = [p for p in change.pairs if p.label == "Creatine kinase"]
    assert pair.old.startswith("15\u2009000 U/L")
    assert pair.new.startswith("150 U/L")
    assert (found[0].correction_reason, found[1].status) == ("Decimal point misread", "final")


def test_a_report_taken_back_no_longer_counts_and_can_be_recorded_again(labs, doctor):
    save(labs, bloods(15_000), doctor)
    mark_entered_in_error(
        fresh(labs), by=doctor, at=timezone.now(), version=labs.version, reason="Other patient"
    )
    assert (fresh(labs).facts, labs.result_status) == ({}, "entered_in_error")
    assert LabResult.objects.get().values.get().value_num == 15_000
    save(labs, bloods(120), doctor)
    assert fresh(labs).facts["lab.ck.value"] == 120


def test_the_second_of_two_savers_is_told_and_writes_nothing(labs, doctor):
    shown = labs.version
    save(labs, bloods(300), doctor)
    late = {"by": doctor, "at": timezone.now(), "version": shown}
    with pytest.raises(ValidationError) as refusal:
        record_result(fresh(labs), bloods(400), **late)
    assert refusal.value.code == "stale"
    with pytest.raises(ValidationError) as refusal:
        correct_result(labs, bloods(400), reason="typing error", **late)
    assert refusal.value.code == "stale"
    assert [float(value.value_num) for value in LabValue.objects.all()] == [300]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (bloods(-412), "value_num"),
        (HistoryResult(performed_on=timezone.localdate(), attacks_count=-1), "attacks_count"),
        (GeneticResult(performed_on=timezone.localdate(), dmd_exon_end=90), "dmd_exon_end"),
        (GeneticResult(performed_on=timezone.localdate(), tests=["tea_leaves"]), "tests"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_saves_nothing(case, doctor, draft, field):
    codes = {LabResult: "tri_labs", HistoryResult: "tri_history"}
    step = case.steps.get(code=codes.get(type(draft), "tri_labs"))
    with pytest.raises(ValidationError) as refusal:
        save(step, draft, doctor)
    assert field in refusal.value.message_dict
    assert not type(draft).objects.exists()
    assert fresh(step).result_status == ""


def test_a_result_is_saved_with_as_many_queries_however_many_rows(case, doctor):
    step = case.steps.get(code="tri_history")
    codes = ["cramps", "myalgia", "pain", "numbness", "tingling", "falls", "fatigue"]
    with CaptureQueriesContext(connection) as few:
        save(step, history(Symptom.of("cramps", "present")), doctor)
    many_symptoms = [Symptom.of(code, "absent") for code in codes * 5]
    with CaptureQueriesContext(connection) as many:
        correct_result(
            fresh(step),
            history(*many_symptoms),
            by=doctor,
            at=timezone.now(),
            version=step.version,
            reason="asked again",
        )
    domain = [q for q in few if "SAVEPOINT" not in q["sql"]]
    assert len(domain) <= 18  # three are ours, the rest is the case settling
    assert len(many) <= len(few) + 2


REFUSED = {  # what raw SQL may not do either
    "a grade outside MRC": "UPDATE results_labvalue SET value_num = -1",
    "limits in the wrong order": "UPDATE results_labvalue SET low = 300",
    "a status nobody knows": "UPDATE results_labresult SET status = 'lost'",
    "a correction without reason": "UPDATE results_labresult SET status = 'corrected'",
    "a value that says nothing": "UPDATE results_labvalue SET value_num = NULL",
    "a row thrown away": "DELETE FROM results_labvalue",
    "a report thrown away": "DELETE FROM results_labresult",
    "a row of another clinic's report": "UPDATE results_labvalue SET result_id = 999999",
}


@pytest.mark.parametrize("sql", REFUSED.values(), ids=REFUSED)
def test_the_database_refuses_what_cannot_be(labs, doctor, sql):
    save(labs, bloods(300), doctor)
    with pytest.raises(DatabaseError), transaction.atomic():
        run(sql, "SET CONSTRAINTS ALL IMMEDIATE")


def run(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_every_row_leaves_its_history(labs, doctor):
    save(labs, bloods(300), doctor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label, value_num FROM results_labvalueevent")
        assert cursor.fetchall() == [("insert", 300)]


def test_a_variant_keeps_what_the_source_said(case, doctor):
    step = case.steps.filter(modality="genetics").first() or workflow.add_step(
        case,
        code="gene",
        label="Gene test",
        modality="genetics",
        captures=["gen:mito_blood"],
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )
    variant = Variant(
        gene_symbol="MT-TV",
        hgvs_c="m.1661A>G",
        hgvs_g="m.1616A>G",
        is_mitochondrial=True,
        acmg="P",
        discrepancy="c and g name different positions",
        extra={"moleculeContext": "genomic"},
    )
    result = GeneticResult(performed_on=timezone.localdate(), result_summary="diagnostic")
    save(step, result.with_rows(variants=[variant]), doctor)
    stored = Variant.objects.get()
    assert (stored.extra, stored.short) == ({"moleculeContext": "genomic"}, "MT-TV m.1661A>G")
    assert fresh(step).facts == {"gen.panel_summary": "diagnostic"}


def test_each_version_of_a_report_has_a_date_of_its_own(page, labs, doctor):
    tested, drawn = (TODAY - timedelta(days=n) for n in (4, 7))
    ck = {"lab-ck-value": "300", "performed_on": drawn.isoformat()}
    post(page, labs, reported_on=tested.isoformat(), status="preliminary", **ck)
    assert (current_result(labs).reported_on, labs.reported_on) == (tested, None)
    assert "The earlier report: " in shown(page.get(f"/results/record/{labs.pk}/"))
    post(page, labs, **ck)
    assert (current_result(labs).reported_on, labs.reported_on) == (None, TODAY), "not typed"
    issued = TODAY - timedelta(days=1)
    why = {"correction_reason": "Haemolysed", "reported_on": issued.isoformat()}
    post(page, labs, "correct", **ck | {"lab-ck-value": "200"} | why)
    assert (labs.reported_on, timezone.localdate(labs.reported_at)) == (issued, TODAY)
    assert f"Report’s own date</th><td>{issued:%-d %b %Y}" in shown(
        page.get(f"/results/step/{labs.pk}/")
    )
    mark_entered_in_error(
        labs, by=doctor, at=timezone.now(), version=labs.version, reason="wrong patient"
    )
    assert fresh(labs).reported_on is None


def test_a_wrong_date_of_a_report_is_refused_beside_its_field(page, labs, case, doctor):
    drawn = TODAY - timedelta(days=7)
    ck = {"lab-ck-value": "300", "performed_on": drawn.isoformat()}
    for day, said in (
        (TODAY + timedelta(days=1), "has not happened yet"),
        (drawn - timedelta(days=1), f"The test it reports was done on {drawn:%-d %B %Y}."),
        (case.patient.birth_on - timedelta(days=1), "before the patient was born"),
    ):
        answer = post(page, labs, reported_on=day.isoformat(), **ck)
        assert answer.status_code == 422
        assert said in answer.context["form"].errors["reported_on"][0]
        with pytest.raises(ValidationError):  # nor by another way in
            save(labs, bloods(300, performed_on=drawn, reported_on=day), doctor)
    assert LabResult.objects.count() == 0
    seen = page.get(f"/results/record/{case.steps.get(code='tri_history').pk}/")
    assert "reported_on" not in seen.context["form"].fields, "who takes a history reports it"
