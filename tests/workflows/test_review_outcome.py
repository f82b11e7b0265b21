"""To have looked is not enough: a review says what follows, and a new step is there at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import make
from workflows import services
from workflows.clock import calendar_of
from workflows.models import Step
from workflows.services.additions import addable

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(case, doctor):
    """An abnormal report that waits for its review."""
    asked = {"code": "ck_again", "label": "CK", "modality": "labs", "captures": ["lab:ck"]}
    step = services.add_step(case, **asked, profile="soon", days=14, by=doctor, at=timezone.now())
    services.order(step, by=doctor, at=timezone.now())
    make.reported(step, doctor, {}, flag="abnormal")
    step.refresh_from_db()
    assert step.stage == "to_review"
    return step


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "This field is required."),
        ({"outcome": "shrug"}, "shrug is not one of the available choices"),
        ({"outcome": "action"}, "Say what was done."),
        ({"outcome": "nothing"}, "The result is not normal: say why nothing is needed."),
        ({"outcome": "steps"}, "Choose the step that follows, or say below what does."),
        ({"outcome": "steps", "what": "x"}, "x is not one of the available choices"),
        ({"outcome": "steps", "what": "mnd_emg", "days": "soon"}, "Enter a whole number."),
        ({"outcome": "steps", "what": "mnd_emg", "days": ""}, "Say in how many days it is due."),
        ({"outcome": "steps", "what": "mnd_emg", "days": "5000"}, "Choose from 0 to 366 days."),
        ({"outcome": "nothing", "note": "mild", "what": "mnd_emg"}, "A step is chosen: choose"),
    ],
)
def test_a_review_that_decides_nothing_is_refused_beside_its_field(
    client, read, doctor, typed, said
):
    client.force_login(doctor)
    if "what" in typed and typed["what"] != "x":
        typed = typed | {"what": some("emg")}
    page = text(
        client.post(f"/steps/{read.pk}/review/", {"days": 14, "version": read.version} | typed)
    )
    assert said in page
    read.refresh_from_db()
    assert read.reviewed_at is None


def some(modality):
    return next(code for code, step in addable().items() if step.modality == modality)


def test_a_new_step_that_follows_is_there_with_owner_door_and_day(client, read, doctor, case):
    client.force_login(doctor)
    what = some("emg")
    asked = {"outcome": "steps", "what": what, "days": 5, "version": read.version}
    client.post(f"/steps/{read.pk}/review/", asked)
    read.refresh_from_db()
    assert (read.review_outcome, read.stage) == ("steps", "to_tell")
    new = case.steps.get(code=f"add_{what}")
    assert (new.stage, new.owner, new.is_open) == ("to_order", doctor, True)
    in_five_days = timezone.localdate() + timedelta(days=5)
    assert new.due_on == calendar_of(case.clinic).next_working(in_five_days)
    page = text(client.get(f"/steps/{read.pk}/"))
    assert "Reviewed: a new step follows" in page
    with pytest.raises(ValidationError, match="is open in this case already"):
        services.ask_for(case, what, urgency="soon", days=5, by=doctor, at=timezone.now())


def test_a_corrected_report_asks_again_and_keeps_what_was_decided(read, doctor):
    services.review(read, outcome="action", note="Statin stopped", by=doctor, at=timezone.now())
    make.reported(Step.objects.get(pk=read.pk), doctor, {}, flag="abnormal", status="corrected")
    read.refresh_from_db()
    assert (read.stage, read.review_outcome, read.review_note) == ("to_review", "", "")
    kept = read.events.values_list("review_outcome", "review_note")
    assert ("action", "Statin stopped") in kept


def test_a_test_is_asked_for_without_a_pathway(client, case, doctor):
    client.force_login(doctor)
    assert "Ask for a test…" in text(client.get(f"/cases/{case.pk}/"))
    what = some("mri")
    address = f"/cases/{case.pk}/steps/new/"
    for typed, said in (
        ({"what": "", "urgency": "soon", "days": 3}, "This field is required."),
        ({"what": what, "urgency": "never", "days": 3}, "never is not one of the available"),
        ({"what": what, "urgency": "soon", "days": -1}, "greater than or equal to 0"),
        ({"what": what, "urgency": "soon", "days": 400}, "Choose from 0 to 366 days."),
    ):
        assert said in text(client.post(address, typed))
    client.post(address, {"what": what, "urgency": "urgent", "days": 3})
    new = case.steps.get(code=f"add_{what}")
    assert (new.urgency, new.stage) == ("urgent", "to_order")


def test_the_list_of_tests_names_each_once():
    labels = [step.label for step in addable().values()]
    assert len(labels) > 30
    assert all(step.captures for step in addable().values())
