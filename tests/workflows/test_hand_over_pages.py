"""The pages of hand-over, absence and pause: what is asked, answered, refused, and seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from workflows import services
from workflows.models import Absence, Offer

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(clinic):
    return make.user(clinic, "clinician", given_name="Jonas", family_name="Lindqvist")


@pytest.fixture
def signed_in(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def text(answer):
    return answer.content.decode()


def test_asking_and_accepting(case, doctor, colleague, signed_in):
    step = case.steps.get(code="tri_history")
    page = signed_in(doctor)
    refused = page.post(f"/steps/{step.pk}/offer/", {"note": "please"})
    assert "Choose somebody." in text(refused)
    page.post(f"/steps/{step.pk}/offer/", {"to": colleague.pk, "note": "please"})
    [made] = Offer.objects.all()
    assert "Jonas Lindqvist to take this over" in text(page.get(f"/steps/{step.pk}/"))
    page = signed_in(colleague)
    assert "1 hand-over for you to answer" in text(page.get("/"))
    assert "please" in text(page.get("/hand-overs/"))
    page.post("/hand-overs/answer/", {"answer": "accept", "offer": made.pk})
    step.refresh_from_db()
    assert step.owner == colleague


def test_declining_needs_why_and_comes_back(case, doctor, colleague, signed_in):
    step = case.steps.get(code="tri_history")
    made = services.offer(step, to=colleague, by=doctor, at=timezone.now())
    page = signed_in(colleague)
    answer = page.post("/hand-overs/answer/", {"answer": "decline", "offer": made.pk}, follow=True)
    assert "Say why you do not take it" in text(answer)
    page.post("/hand-overs/answer/", {"answer": "decline", "offer": made.pk, "reason": "away"})
    page = signed_in(made.from_user)
    assert "1 came back to you" in text(page.get("/"))
    assert "“away”" in text(page.get("/hand-overs/"))
    page.post("/hand-overs/answer/", {"answer": "keep", "offer": made.pk})
    assert "Came back" not in text(page.get("/hand-overs/"))


def test_nobody_answers_for_another(case, doctor, colleague, coordinator, signed_in):
    step = case.steps.get(code="tri_history")
    made = services.offer(step, to=colleague, by=doctor, at=timezone.now())
    page = signed_in(coordinator)
    answer = page.post("/hand-overs/answer/", {"answer": "accept", "offer": made.pk}, follow=True)
    assert "Tick what your answer is for" in text(answer)
    made.refresh_from_db()
    assert made.state == "asked"


def test_a_colleague_leaves(case, clinic, doctor, colleague, coordinator, signed_in):
    page = signed_in(coordinator)
    url = f"/hand-overs/all/{clinic.code}/"
    same = page.post(url, {"person": doctor.pk, "to": doctor.pk})
    assert "Choose somebody else than the one who leaves" in text(same)
    done = page.post(url, {"person": doctor.pk, "to": colleague.pk}, follow=True)
    assert "1 hand-overs wait for the answer of Jonas Lindqvist" in text(done)


def test_an_absence_is_entered_and_cancelled(case, clinic, doctor, colleague, signed_in):
    today = timezone.localdate()
    page = signed_in(doctor)
    fields = {"user": doctor.pk, "deputy": colleague.pk, "starts_on": today}
    refused = page.post("/absences/", fields | {"ends_on": today - timedelta(days=1)})
    assert "The last day cannot be before the first" in text(refused)
    done = page.post("/absences/", fields | {"ends_on": today + timedelta(days=3)}, follow=True)
    assert "Jonas Lindqvist stands in" in text(done)
    assert case.steps.filter(owner=colleague).exists()
    page.post(f"/absences/{Absence.objects.get().pk}/cancel/")
    assert not case.steps.filter(owner=colleague).exists()


def test_a_case_is_paused_and_goes_on(case, doctor, signed_in):
    page, today = signed_in(doctor), timezone.localdate()
    url = f"/cases/{case.pk}/pause/"
    refused = page.post(url, {"why": "consent", "until": today})
    assert "Choose a day after today" in text(refused)
    page.post(url, {"why": "consent", "until": today + timedelta(days=9), "note": "father abroad"})
    chart = text(page.get(f"/cases/{case.pk}/"))
    assert "Paused: awaiting consent (father abroad)" in chart
    page.post(f"/cases/{case.pk}/go-on/")
    assert "Paused:" not in text(page.get(f"/cases/{case.pk}/"))


def test_a_long_list_of_offers_costs_no_more(
    case, doctor, colleague, signed_in, django_assert_max_num_queries
):
    steps = case.steps.filter(is_open=True, owner_role="clinician", twin_of=None)
    for step in steps:
        services.offer(step, to=colleague, by=doctor, at=timezone.now())
    page = signed_in(colleague)
    page.get("/hand-overs/")
    with django_assert_max_num_queries(14):
        page.get("/hand-overs/")
