"""The record, correct, detail and take-back pages, in through the URL."""

import re

import pytest
from django.utils import timezone

from audit.models import Event
from results.exam.models import ExamResult
from results.genetics.models import GeneticResult
from results.labs.models import LabResult
from results.services import current_result
from tests import make
from tests.results.posting import post, shown
from workflows import services as workflow

TODAY = timezone.localdate().isoformat()


@pytest.fixture
def labs(case):
    return case.steps.get(code="tri_labs")


@pytest.fixture
def exam(case):
    return case.steps.get(code="tri_exam")


@pytest.fixture
def gene(case, doctor):
    return workflow.add_step(
        case,
        code="gene",
        label="DMD deletion and duplication",
        modality="genetics",
        captures=["gen:dmd_mlpa"],
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )


def test_bloods_are_recorded_with_the_default_limits_of_sex_and_age(page, labs):
    form = page.get(f"/results/record/{labs.pk}/").context["form"]
    assert (form.initial["lab-ck-low"], form.initial["lab-ck-high"]) == (30, 170)
    answer = post(
        page, labs, **{"lab-ck-value": "15 000", "lab-ck-unit": "U/L", "lab-ck-high": "170"}
    )
    assert answer.status_code == 302
    assert labs.facts["lab.ck.value"] == 15_000
    assert (labs.flag, labs.stage) == ("critical", "to_review")


def test_offered_limits_follow_a_value_in_another_unit(page, labs):
    given = {"lab-ck-unit": "ukat/L", "lab-ck-low": "30", "lab-ck-high": "170"}
    post(page, labs, **{"lab-ck-value": "2.5"} | given)
    assert labs.facts["lab.ck.value"] == 150
    assert labs.facts["lab.ck.flag"] == "normal"


def test_a_test_that_nobody_asked_for_can_be_added(page, labs):
    post(page, labs, **{"lab-more-1-analyte": "ferritin", "lab-more-1-value": "3"})
    post(page, labs, **{"lab-more-1-analyte": "aldolase", "lab-more-1-value": "3.1"})
    assert labs.facts == {"lab.aldolase.value": 3.1}


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        ("lab-ck-value", "-412", "−412 is below 0. Did you mean 412?"),
        ("lab-ck-value", "12,5", "“12,5”: write decimals with a point."),
        ("lab-ck-value", "high", "“high” is not a number."),
        ("lab-ck-high", "1", "The lower limit lies above the upper one."),
        ("performed_on", "2999-01-01", "1 Jan 2999 has not happened yet."),
        ("lab-more-1-value", "7", "Choose which test this value is of."),
    ],
)
def test_a_refusal_is_said_at_its_field_and_nothing_typed_is_lost(
    page, labs, name, typed, sentence
):
    given = {"lab-ck-value": "200", "lab-ck-low": "30", "lab-ck-high": "170", "comment": "fasting"}
    answer = post(page, labs, **given | {name: typed})
    html = shown(answer)
    assert answer.status_code == 422
    assert sentence in html
    assert typed in html
    assert "fasting" in html
    assert not LabResult.objects.exists()


def test_an_exam_is_graded_by_movement_and_side(page, exam):
    cells = {"strength-hip_flexion-left": "4−", "strength-hip_flexion-right": "nt"}
    post(page, exam, **cells, **{"reflex-plantar-left": "extensor", "gowers_manoeuvre": "full"})
    result = current_result(exam)
    assert {(s.side, s.grade) for s in result.strengths.all()} == {("left", "4-"), ("right", "NT")}
    assert exam.facts == {"ph.babinski": "present", "ph.gowers": "present"}


def test_a_grade_that_is_none_is_refused_in_words(page, exam):
    answer = post(page, exam, **{"strength-hip_flexion-left": "6", "reflex-knee_reflex-left": "5"})
    html = shown(answer)
    assert "“6” is no MRC grade. Write 0 to 5, 4− or 4+, or NT." in html
    assert "5 is not on this scale (0–4)." in html
    assert not ExamResult.objects.exists()


def test_the_report_deletion_of_exons_45_to_50_becomes_facts(page, gene):
    post(
        page, gene, dmd_del_dup="deletion", dmd_exon_start="45", dmd_exon_end="50", tests="dmd_mlpa"
    )
    assert gene.facts == {
        "gen.dmd_del_dup": "deletion",
        "gen.dmd_exon_start": 45,
        "gen.dmd_exon_end": 50,
    }
    assert gene.summary == "DMD deletion, exons 45–50"
    assert gene.captured == ["gen:dmd_mlpa"]


def test_an_empty_report_is_refused(page, gene):
    answer = post(page, gene, tests="dmd_mlpa")
    assert "Nothing is filled in yet" in shown(answer)
    assert not GeneticResult.objects.exists()


def test_a_correction_starts_from_what_stands_and_shows_both(page, gene):
    post(page, gene, dmd_del_dup="deletion", dmd_exon_start="45", dmd_exon_end="50")
    assert page.get(f"/results/record/{gene.pk}/").url == f"/results/correct/{gene.pk}/"
    form = page.get(f"/results/correct/{gene.pk}/").context["form"]
    assert form["dmd_exon_end"].value() == "50"
    refused = post(page, gene, "correct", dmd_del_dup="deletion", dmd_exon_start="45")
    assert "correction_reason" in refused.context["form"].errors
    post(
        page,
        gene,
        "correct",
        dmd_del_dup="deletion",
        dmd_exon_start="45",
        dmd_exon_end="52",
        correction_reason="Second probe set",
    )
    assert (gene.facts["gen.dmd_exon_end"], gene.stage) == (52, "to_review")
    html = shown(page.get(f"/results/step/{gene.pk}/"))
    assert "Second probe set" in html
    assert "<td>50</td><td>52</td>" in html


def test_whoever_comes_second_sees_both_versions_and_keeps_what_she_typed(page, gene):
    old = gene.version
    post(page, gene, dmd_del_dup="deletion", dmd_exon_start="45", dmd_exon_end="50")
    answer = post(page, gene, dmd_del_dup="duplication", comment="phoned through", version=old)
    html = shown(answer)
    assert answer.status_code == 409
    assert "Dr Miriam Castell saved at" in html
    assert "<td>Deletion</td><td>Duplication</td>" in html
    assert "phoned through" in html
    assert gene.facts["gen.dmd_del_dup"] == "deletion"


def test_a_report_is_taken_back_with_a_reason(page, labs):
    post(page, labs, **{"lab-ck-value": "300"})
    assert "Say why" in shown(post(page, labs, "retract"))
    post(page, labs, "retract", correction_reason="Sample of another patient")
    assert (labs.result_status, labs.facts) == ("entered_in_error", {})
    assert "Sample of another patient" in shown(page.get(f"/results/step/{labs.pk}/"))


def test_correcting_an_untouched_form_changes_no_fact(page, exam):
    cells = {
        "strength-hip_flexion-left": "4−",
        "ph-ptosis-status": "present",
        "umn_regions": "none",
    }
    post(page, exam, **cells, weakness_pattern=["proximal"], bilateral_weakness="false")
    before = exam.facts
    form = page.get(f"/results/correct/{exam.pk}/").context["form"]
    again = {}
    for field in form:
        value = field.value()
        if value not in (None, "", []):
            again[field.html_name] = value
    post(page, exam, "correct", **again | {"correction_reason": "read again"})
    assert exam.facts == before
    assert exam.result_status == "corrected"


MINIMAL = {  # modality → (captures, what is typed, a fact)
    "mri": (["mri:brain_ms"], {"finding-cord_lesion-amount": "2"}, ("mri.cord_lesion_count", 2)),
    "emg": (
        ["ncs:set_als", "emg:set_als_four_region"],
        {"sensory-sural_s-left-any-amplitude_uv": "absent", "needle-tongue-right-fib": "2+"},
        ("ncs.snap_normal", False),
    ),
    "biopsy": (["bx:muscle"], {"muscle_findings": "cores"}, ("bx.muscle_findings", ["cores"])),
    "respiratory": (
        ["resp:fvc_upright_pct"],
        {"fvc_upright_pct": "49"},
        ("resp.fvc_upright_pct", 49),
    ),
    "cardiac": (["card:ecg", "lab:troponin_i"], {"ecg": "normal"}, ("card.ecg_abnormal", False)),
    "other": (
        ["crit:gold_coast_2020", "other:patient_disclosure"],
        {"crit-gold_coast_2020-outcome": "met"},
        ("crit.gold_coast_2020", "met"),
    ),
}


@pytest.mark.parametrize("modality", MINIMAL)
def test_each_further_modality_is_recorded_and_read_by_the_same_pages(page, case, doctor, modality):
    captures, typed, (path, value) = MINIMAL[modality]
    step = workflow.add_step(
        case,
        code="more",
        label="Another test",
        modality=modality,
        captures=captures,
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )
    assert post(page, step, **typed).status_code == 302
    assert step.facts[path] == value
    assert step.summary in page.get(f"/results/step/{step.pk}/").content.decode()
    assert page.get(f"/results/correct/{step.pk}/").status_code == 200


def test_cells_that_were_assumed_to_be_full_stay_marked(page, exam):
    cells = {"strength-hip_flexion-left": "5", "strength-hip_flexion-right": "5"}
    post(page, exam, **cells, **{"strength-assumed": "strength-hip_flexion-left"})
    marked = {row.side: row.assumed for row in current_result(exam).strengths.all()}
    assert marked == {"left": True, "right": False}


def test_none_is_an_answer_and_nothing_ticked_is_not(page, case, exam):
    history = case.steps.get(code="tri_history")
    post(page, history, toxic_exposure="none", mri_contraindication="none")
    assert history.facts == {"hx.toxic_exposure": [], "hx.mri_contraindication": ["none"]}
    post(page, exam, umn_regions="none", tug_s="9")
    assert exam.facts == {"ex.umn_regions": 0, "ex.umn_in": []}


def test_a_stranger_finds_nothing_and_a_look_is_on_record(page, client, labs, patient):
    page.get(f"/results/record/{labs.pk}/")
    assert Event.objects.filter(verb="result.view", step_id=labs.pk).count() == 1
    client.force_login(make.user(make.clinic("south")))
    for act in ("record", "correct", "retract", "step"):
        assert client.get(f"/results/{act}/{labs.pk}/").status_code == 404
    assert client.post(f"/results/record/{labs.pk}/", {}).status_code == 404


def test_an_admin_may_read_a_report_and_not_write_one(page, client, labs, clinic):
    post(page, labs, **{"lab-ck-value": "300"})
    client.force_login(make.user(clinic, "admin"))
    assert client.get(f"/results/step/{labs.pk}/").status_code == 200
    assert client.get(f"/results/correct/{labs.pk}/").status_code == 404


def test_htmx_gets_the_form_alone(page, labs):
    answer = page.get(f"/results/record/{labs.pk}/", headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert b'name="lab-ck-value"' in answer.content


def test_no_page_has_inline_style_or_script(page, exam, labs, gene):
    for step in (exam, labs, gene):
        html = page.get(f"/results/record/{step.pk}/").content.decode()
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)", html)


def test_the_page_of_a_report_asks_no_more_for_more_rows(page, exam, django_assert_max_num_queries):
    sides = ("left", "right")
    few = {"strength-hip_flexion-left": "4"}
    post(page, exam, **few)
    many = {
        f"strength-{movement}-{side}": "4"
        for movement in ("hip_flexion", "knee_extension", "elbow_flexion", "wrist_extension")
        for side in sides
    }
    post(page, exam, "correct", **many, correction_reason="complete")
    with django_assert_max_num_queries(26):
        assert page.get(f"/results/step/{exam.pk}/").status_code == 200
