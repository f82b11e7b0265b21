"""An examination in through its pages: what is stored, what it says, what a reader sees."""

import re

import pytest
from django.utils import timezone

from results.exam.models import ExamResult
from results.services import current_result
from tests.results.test_result_pages import post, shown
from workflows import services as workflow

WASTED_ARM = {
    "strength-shoulder_abduction-right": "3",
    "strength-finger_abduction-right": "4−",
    "bulk-shoulder-right": "moderate_wasting",
    "bulk-hand-right": "severe_wasting",
}
UPPER = {
    "reflex-knee_reflex-left": "4",
    "reflex-plantar-left": "extensor",
    "reflex-jaw_jerk-midline": "brisk",
    "tone-leg-right": "2",
}


@pytest.fixture
def exam(case):
    return case.steps.get(code="tri_exam")


def again(case, doctor):
    """A later examination of the same case."""
    return workflow.add_step(
        case,
        code="follow_up",
        label="Follow-up examination",
        modality="exam",
        captures=["exam:mrc_set_core"],
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )


def detail(page, step):
    return shown(page.get(f"/results/step/{step.pk}/"))


def test_tone_bulk_and_fasciculations_are_stored_read_and_become_signs(page, exam):
    post(page, exam, **WASTED_ARM, **UPPER, **{"bulk-trunk-midline_twitch": "yes"})
    facts = exam.facts
    assert facts["ph.atrophy"] == "present"
    assert facts["ph.fasciculation"] == "present"
    assert facts["ph.spasticity"] == "present"
    assert "ex.umn_regions" not in facts  # a hint is no result
    assert "wasted shoulder girdle, right, hand, right" in exam.summary
    html = detail(page, exam)
    for words in ("Shoulder girdle, right", "severe wasting", "Ashworth 2", "fasciculations"):
        assert words in html


def test_signs_are_absent_only_where_all_was_looked_at(page, exam):
    limbs = {f"tone-{limb}-{side}": "0" for limb in ("arm", "leg") for side in ("right", "left")}
    post(page, exam, **limbs, **{"bulk-hand-right": "normal", "bulk-hand-right_twitch": "no"})
    assert exam.facts == {"ph.spasticity": "absent"}


def test_what_was_said_of_a_sign_wins_over_what_follows(page, exam):
    post(page, exam, **{"tone-arm-right": "1", "ph-spasticity-status": "absent"})
    assert exam.facts["ph.spasticity"] == "absent"


def test_regions_are_proposed_with_what_they_rest_on_and_nothing_is_stored(page, exam):
    answer = page.post(f"/results/reading/{exam.pk}/", {**WASTED_ARM, **UPPER})
    html = shown(answer)
    assert 'data-nt-take="umn_regions" data-regions="bulbar lumbosacral"' in html
    assert 'data-nt-take="lmn_regions" data-regions="cervical"' in html
    assert "jaw jerk brisk" in html
    assert "finger abduction right weak, hand wasted" in html
    assert "Gold Coast criteria 2020" in html
    assert not ExamResult.objects.exists()


def test_an_unfinished_or_wrong_form_is_read_as_far_as_it_goes(page, exam):
    typed = {"strength-hip_flexion-left": "6", "performed_on": "", **UPPER}
    answer = page.post(f"/results/reading/{exam.pk}/", typed)
    assert answer.status_code == 200
    assert "lumbosacral" in shown(answer)
    assert page.post(f"/results/reading/{exam.pk}/", {}).status_code == 200


def test_a_step_without_such_a_reading_has_none(page, case):
    labs = case.steps.get(code="tri_labs")
    assert page.post(f"/results/reading/{labs.pk}/", {}).status_code == 404


def test_a_reason_belongs_to_what_was_not_testable(page, exam):
    cells = {"strength-hip_flexion-left": "4", "strength-hip_flexion-left_why": "pain"}
    answer = post(page, exam, **cells)
    assert "Only what was not testable (NT) has a reason." in shown(answer)
    post(page, exam, **cells | {"strength-hip_flexion-left": "NT"})
    assert "NT (pain)" in current_result(exam).strengths.get().told
    assert "pain" in detail(page, exam)


def test_a_second_examination_says_what_changed(page, case, exam, doctor):
    grades = {"hip_flexion-left": "4", "hip_flexion-right": "4", "knee_extension-left": "3"}
    post(page, exam, **{f"strength-{place}": grade for place, grade in grades.items()})
    later = again(case, doctor)
    assert ">4</td>" in shown(page.get(f"/results/record/{later.pk}/"))
    grades |= {"hip_flexion-left": "3", "hip_flexion-right": "4+"}
    post(page, later, **{f"strength-{place}": grade for place, grade in grades.items()})
    assert "worse in 1, better in 1 since" in later.summary
    html = detail(page, later)
    assert "▼ worse, was 4" in html
    assert "▲ better, was 4" in html
    assert "since the" not in detail(page, exam)


def test_the_report_shows_the_map_and_the_same_grades_as_a_table(page, exam):
    cells = {"strength-hip_flexion-left": "2", "strength-neck_flexion-midline": "4−"}
    post(page, exam, **cells, **{"reflex-knee_reflex-left": "0", "reflex-ankle_clonus-left": "99"})
    html = detail(page, exam)
    assert re.search(r'<path class="m" data-m="hip_flexion" data-side="left" data-g="2"', html)
    assert html.count("<svg") >= 1
    row = re.search(r'<th scope="row">Hip flexion.*?</tr>', html).group()
    assert 'data-g="2">2</span>' in row
    assert "sustained" in html


def test_a_correction_keeps_tone_and_bulk(page, exam):
    post(page, exam, **WASTED_ARM, **UPPER)
    form = page.get(f"/results/correct/{exam.pk}/").context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value()}
    before = exam.facts
    post(page, exam, "correct", **typed | {"correction_reason": "a look again"})
    assert (exam.result_status, exam.facts) == ("corrected", before)
    kept = current_result(exam)
    assert {(row.part, row.bulk) for row in kept.bulks.all()} == {
        ("shoulder", "moderate_wasting"),
        ("hand", "severe_wasting"),
    }
    assert kept.tones.get().grade == "2"
