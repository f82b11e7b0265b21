"""Same as last visit: what was seen is taken over and marked, what was measured is asked again."""

import pytest
from django.utils import timezone

from results.registry import MODALITIES
from results.services import model_for
from tests.results import samples
from workflows import services as workflow


def again(step, by):
    """The same test asked for a second time."""
    later = workflow.add_step(
        step.case,
        code=f"{step.code}_again",
        label=step.label,
        modality=step.modality,
        captures=step.captures,
        profile="soon",
        days=7,
        by=by,
        at=timezone.now(),
    )
    later.refresh_from_db()
    return later


def recorded(page, case, doctor, modality, **more):
    step = samples.step_for(case, modality, doctor)
    answer = page.post(f"/results/record/{step.pk}/", samples.fields(step, **more))
    assert answer.status_code == 302, answer.context["form"].errors
    return step


def test_an_examination_begins_as_the_last_one_ended(page, case, doctor):
    first = recorded(page, case, doctor, "exam", tug_s="9", comment="cold room")
    later = again(first, doctor)
    empty = page.get(f"/results/record/{later.pk}/")
    assert "Same as last visit" in empty.content.decode()
    assert empty.context["form"]["strength-hip_flexion-left"].value() in (None, "")
    answer = page.get(f"/results/record/{later.pk}/?from=last")
    form = answer.context["form"]
    assert form["strength-hip_flexion-left"].value() == "4−"
    assert form["gowers_manoeuvre"].value() == "partial"
    assert form["tug_s"].value() in (None, "")
    assert form["comment"].value() in (None, "")
    html = answer.content.decode()
    assert "Nothing is saved yet" in html
    assert "nt-taken" in str(form["strength-hip_flexion-left"])
    assert "nt-taken" not in str(form["tug_s"])
    assert "nt-taken" not in str(form["strength-hip_extension-left"])
    assert model_for(later).objects.filter(step=later).count() == 0


@pytest.mark.parametrize("modality", MODALITIES)
def test_no_modality_carries_a_measure_or_a_conclusion_to_another_day(page, case, doctor, modality):
    later = again(recorded(page, case, doctor, modality), doctor)
    answer = page.get(f"/results/record/{later.pk}/?from=last")
    form = answer.context["form"]
    measured = {"lab-ck-value", "fvc_upright_pct", "pr_ms", "lvef_pct", "conclusion"}
    measured |= {"sensory-sural_s-left-any-amplitude_uv", "finding-periventricular_lesion-amount"}
    for name in measured & set(form.fields):
        assert form[name].value() in (None, ""), name


def test_a_report_in_error_and_a_preliminary_one_are_not_offered(page, case, doctor):
    first = recorded(page, case, doctor, "history", status="preliminary")
    later = again(first, doctor)
    assert "Same as last visit" not in page.get(f"/results/record/{later.pk}/").content.decode()


def test_what_is_taken_over_can_be_saved_as_it_is(page, case, doctor):
    later = again(recorded(page, case, doctor, "history"), doctor)
    form = page.get(f"/results/record/{later.pk}/?from=last").context["form"]
    typed = {bound.html_name: bound.value() for bound in form}
    typed = {name: value for name, value in typed.items() if value not in (None, "", [])}
    assert page.post(f"/results/record/{later.pk}/", typed).status_code == 302
    later.refresh_from_db()
    assert later.facts["ph.weakness"] == "present"
