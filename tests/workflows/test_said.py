"""What the page of a step, its panel and its path say of it, in words that are true."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests import make
from workflows import services
from workflows.models import Step
from workflows.say import fact_value

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def step(case, doctor):
    made = services.order(case.steps.get(code="tri_resp"), by=doctor, at=timezone.now())
    return Step.objects.get(pk=made.pk)


@pytest.fixture
def page(client, doctor):
    client.force_login(doctor)
    return client


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_why_a_step_is_held_stands_on_its_page_and_in_the_panel(page, step):
    until = TODAY + timedelta(days=9)
    sent = {"version": step.version, "until": until, "reason": 'abroad, it\'s "50 %"'}
    answer = page.post(f"/steps/{step.pk}/hold/", sent, follow=True)
    assert "put on hold until" in text(answer), "what was done, not the word of the button"
    for url in (f"/steps/{step.pk}/", f"/steps/{step.pk}/peek/"):
        assert "abroad, it&#x27;s &quot;50 %&quot;" in text(page.get(url))


def test_a_reminder_asked_for_is_what_is_said(page, step):
    services.book(step, booked_for=timezone.now(), by=step.ordered_by, at=timezone.now())
    in_panel = {"HX-Request": "true", "HX-Target": "peek"}
    answer = page.post(f"/steps/{step.pk}/chase/", {"version": step.version + 1}, headers=in_panel)
    assert "Owner reminded" in text(answer)
    assert "Booked for" not in text(answer)


@pytest.mark.parametrize(("hour", "said"), [(time(0), False), (time(23, 30), True)])
def test_an_appointment_has_an_hour_only_where_it_is_known(page, step, doctor, hour, said):
    at = datetime.combine(TODAY, hour, ZoneInfo(step.clinic.time_zone))
    services.book(step, booked_for=at, by=doctor, at=timezone.now())
    seen = [text(page.get(url)) for url in (f"/steps/{step.pk}/", f"/steps/{step.pk}/peek/")]
    seen.append(text(page.get("/worklist/?tab=booked")))
    assert all("today" in each for each in seen)
    assert [f"{hour:%H:%M}" in each for each in seen] == [said] * 3


def test_a_correction_says_that_review_and_telling_begin_again(page, step, doctor):
    make.reported(step, doctor, {}, flag="normal")
    services.review(Step.objects.get(pk=step.pk), by=doctor, at=timezone.now())
    assert "was corrected" not in text(page.get(f"/steps/{step.pk}/"))
    make.reported(step, doctor, {}, flag="abnormal", status="corrected")
    assert "has to be reviewed, and the patient told of it" in text(page.get(f"/steps/{step.pk}/"))


def test_a_waiting_step_has_a_target_and_nothing_due(page, case):
    waiting = case.steps.filter(stage="waiting").exclude(due_on=None).first()
    seen = text(page.get(f"/steps/{waiting.pk}/"))
    assert "target" in seen
    assert " due " not in seen


def test_a_quotient_is_said_with_three_figures_and_what_was_measured_with_all():
    assert fact_value("lab.ck.x_uln", 55.528) == "55.5 × the upper limit"
    assert fact_value("lab.ck", 10328).startswith("10328")
