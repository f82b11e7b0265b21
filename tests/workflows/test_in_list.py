"""An act beside the list: the same forms and services, what others did is told, nothing is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from tests import make
from workflows import services
from workflows.models import Step

TODAY = timezone.localdate()
IN_PANEL = {"HX-Request": "true", "HX-Target": "peek"}


@pytest.fixture
def step(case, doctor):
    made = services.order(case.steps.get(code="tri_resp"), by=doctor, at=timezone.now())
    return Step.objects.get(pk=made.pk)


@pytest.fixture
def ask(client, coordinator, step):
    """GET, or POST where there is something to send, as the panel of the list does."""
    client.force_login(coordinator)

    def asked(verb, seen=None, **fields):
        url = f"/steps/{step.pk}/{verb}/"
        if fields:
            return client.post(url, fields, headers=IN_PANEL)
        return client.get(url, {"seen": seen} if seen else {}, headers=IN_PANEL, follow=True)

    return asked


def text(answer):
    return answer.content.decode()


def test_the_form_is_asked_for_and_sent_without_leaving(
    ask, step, coordinator, django_assert_max_num_queries
):
    page = text(ask("book"))
    assert "<html" not in page
    assert f'name="version" value="{step.version}"' in page
    assert Event.objects.filter(verb="step.view", actor=coordinator, step_id=step.pk).exists()
    with django_assert_max_num_queries(23):  # another day has other messages
        answer = ask("book", version=step.version, day=TODAY + timedelta(days=9))
    assert answer["HX-Retarget"] == "#said"
    assert str(step.pk) in answer["HX-Trigger"]
    assert "Booked for" in text(answer)
    step.refresh_from_db()
    assert step.stage == "booked"
    undone = ask("unbook", version=step.version)
    assert "Appointment taken back" in text(undone)


def test_bad_input_is_told_beside_its_field_and_kept(ask, step):
    page = text(ask("hold", version=step.version, until=TODAY, reason="abroad"))
    assert "Choose a day after today" in page
    assert 'value="abroad"' in page
    assert "is-invalid" in page
    page = text(ask("book", version=step.version, day=TODAY - timedelta(days=1)))
    assert page.count("This day is over") == 1, "once, beside the day"


def test_two_people_at_one_row(ask, client, step):
    """Neither overwrites the other: who was slower reads what happened, and decides again."""
    colleague = make.user(step.clinic, "coordinator", given_name="Ada", family_name="Brandt")
    services.hold(
        step, until=TODAY + timedelta(days=5), reason="abroad", by=colleague, at=timezone.now()
    )
    assert "Put on hold until" in text(ask("book", seen=step.version)), "told before she types"
    day = TODAY + timedelta(days=9)
    answer = ask("book", version=step.version, day=day)
    assert answer["HX-Trigger"] == '{"nt:changed": {}}', "the list shows the row anew"
    page = text(answer)
    assert "Nothing was saved" in page
    assert "Ada Brandt" in page
    assert f'value="{day}"' in page, "what she typed is still there"
    assert Step.objects.get(pk=step.pk).booked_for is None
    assert f'name="version" value="{step.version + 1}"' in page, "she has seen it now"
    fields = {"version": step.version, "day": day}
    assert client.post(f"/steps/{step.pk}/book/", fields).status_code == 409
    assert ask("book", version=step.version + 1, day=day)["HX-Retarget"] == "#said"


@pytest.mark.parametrize(
    ("role", "stage", "form"),
    [
        ("coordinator", "to_book", "Book"),
        ("coordinator", "booked", "Test was done"),
        ("coordinator", "to_order", "Remind now"),
        ("clinician", "to_order", "Order"),
    ],
)
def test_the_next_act_is_what_the_stage_and_the_role_allow(
    client, case, step, doctor, coordinator, role, stage, form
):
    client.force_login(coordinator if role == "coordinator" else doctor)
    if stage == "to_order":
        fields = {"code": "emg2", "label": "Nerve study", "modality": "emg", "profile": "soon"}
        step = services.add_step(case, **fields, days=7, by=doctor, at=timezone.now())
    if stage == "booked":
        services.book(
            step, booked_for=timezone.now() + timedelta(days=2), by=doctor, at=timezone.now()
        )
    page = client.get(f"/steps/{step.pk}/next/", headers=IN_PANEL, follow=True)
    assert f"{form}: {step.label}" in text(page)


def test_a_target_names_its_source_in_words(ask):
    page = text(ask("peek"))
    assert "Target: " in page
    assert "clinic_default" not in page
