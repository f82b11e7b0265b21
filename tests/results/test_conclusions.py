"""Lumbar puncture, meeting and disclosure as fields; a meeting leads to the criteria."""

import pytest
from django.utils import timezone

from results.other.models import OtherResult
from results.services import current_result
from tests import make
from tests.results import samples
from workflows import services as workflow

STEPS = {
    "lp": ["other:lumbar_puncture", "lab:panel_csf"],
    "meeting": ["other:mdt_review", "crit:gold_coast_2020", "crit:mcdonald_2017"],
    "told": ["other:patient_disclosure"],
    "cidp": ["crit:eanpns_cidp_2021_dx"],
}


@pytest.fixture
def step(case, doctor):
    def add(code):
        made = workflow.add_step(
            case,
            code=code,
            label="Test",
            modality="other",
            captures=STEPS[code],
            profile="soon",
            days=7,
            by=doctor,
            at=timezone.now(),
        )
        made.refresh_from_db()
        return made

    return add


def known(case, doctor, facts):
    make.reported(case.steps.get(code="tri_history"), doctor, facts, captures=["hx:onset"])


def opened(page, step):
    form = page.get(f"/results/record/{step.pk}/").context["form"]
    return [section.title for section, *_, is_open in form.sections() if is_open]


def record(page, step, **typed):
    sent = {"performed_on": samples.TODAY.isoformat(), "status": "final", "version": step.version}
    answer = page.post(f"/results/record/{step.pk}/", sent | typed)
    assert answer.status_code == 302, answer.context["form"].errors
    step.refresh_from_db()
    return current_result(step)


def test_a_lumbar_puncture_is_warned_of_and_recorded_with_its_tubes(page, case, doctor, step):
    known(case, doctor, {"hx.anticoagulation": "doac"})
    puncture = step("lp")
    shown = page.get(f"/results/record/{puncture.pk}/").content.decode()
    assert "Anticoagulation: yes, DOAC. Plan first." in shown
    assert "Cord compression: not yet known." in shown
    assert "Lumbar puncture" in opened(page, puncture)
    typed = {"opening_pressure_cmh2o": "18.5", "csf_appearance": "clear", "lab-csf_wbc-value": "3"}
    result = record(page, puncture, **typed)
    assert "Opening pressure 18.5 cmH₂O" in result.summary()
    assert {"other:lumbar_puncture", "lab:csf_wbc"} <= set(puncture.captured)
    told = page.get(f"/results/step/{puncture.pk}/").content.decode()
    assert "Opening pressure (cmH₂O)" in told


def test_a_meeting_leads_to_the_criteria_and_stores_none_of_them(page, case, doctor, step):
    meeting = step("meeting")
    shown = page.get(f"/results/record/{meeting.pk}/").content.decode()
    assert f'href="/cases/{case.pk}/#criteria"' in shown
    assert "McDonald criteria 2017" in shown
    assert {"Conclusion", "Meeting"} <= set(opened(page, meeting))
    result = record(page, meeting, participants="Neurology, genetics", next_steps="Panel")
    assert result.facts() == {}
    assert "other:mdt_review" in meeting.captured
    assert "Next: Panel" in meeting.summary


def test_the_motor_criteria_of_cidp_are_recorded_beside_the_diagnosis_that_rests_on_them(
    page, case, step
):
    cidp = step("cidp")
    result = record(page, cidp, **{"crit-eanpns_cidp_2021_motor-outcome": "strong"})
    assert result.facts() == {"crit.eanpns_cidp_2021_motor": "strong"}


def test_who_was_told_what_is_kept_field_by_field(page, case, step):
    told = step("told")
    assert "Told the patient" in opened(page, told)
    typed = {
        "told_by": "Dr Castell",
        "told_with": "her sister",
        "told_what": "Motor neurone disease is likely.",
        "wants_to_know": "What comes next, not how long.",
        "written_information": "MND leaflet",
        "follow_up_contact": "Specialist nurse",
    }
    result = record(page, told, **typed)
    assert {name: getattr(result, name) for name in typed} == typed
    assert "other:patient_disclosure" in told.captured
    assert OtherResult.objects.count() == 1
