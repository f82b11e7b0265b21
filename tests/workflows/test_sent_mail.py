"""Messages that were given up are seen by admins and sent again on their word."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from tests import make
from tests.workflows import reminding
from workflows.models import Reminder
from workflows.reminders import volume
from workflows.templatetags import nt

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(clinic):
    return make.user(clinic, "admin")


@pytest.fixture
def dead(case):
    row = Reminder.objects.filter(step__case=case, state="planned").first()
    row.state, row.last_error, row.attempts = "dead", "550 no such user", 12
    row.save()
    return row


def text(answer):
    return answer.content.decode()


def test_a_given_up_message_is_seen_and_sent_again(client, admin, dead):
    client.force_login(admin)
    assert "1 message given up" in text(client.get("/"))
    page = text(client.get("/messages/"))
    assert "550 no such user" in page
    assert "Vasquez" not in page, "no message names a patient"
    client.post("/messages/again/", {"message": dead.pk})
    before = dead.message_id
    dead.refresh_from_db()
    assert (dead.state, dead.attempts, dead.message_id) == ("planned", 0, before)
    assert dead.next_attempt_at <= timezone.now()
    assert Event.objects.filter(verb="reminder.again", actor=admin).count() == 1
    assert "given up." not in text(client.get("/"))


def test_a_step_says_when_a_message_was_due_and_when_it_left(client, case, doctor):
    row = Reminder.objects.filter(step__case=case, state="planned").first()
    row.due_at = datetime(2026, 3, 5, 8, tzinfo=UTC)
    row.state, row.sent_at = "sent", row.due_at + timedelta(hours=27)
    row.save()
    client.force_login(doctor)
    said = f"{nt.when(row.due_at)} · sent {nt.when(row.sent_at)}"
    assert said.startswith("5 Mar")
    assert said in text(client.get(f"/steps/{row.step_id}/"))


def test_nothing_ticked_nonsense_and_others(client, admin, dead, doctor):
    client.force_login(admin)
    for ticked in ([], ["x"], ["9" * 30]):
        answer = client.post("/messages/again/", {"message": ticked}, follow=True)
        assert "Tick what is to be sent again" in text(answer)
    client.force_login(make.user(make.clinic("south"), "admin"))
    client.post("/messages/again/", {"message": dead.pk})
    assert "550" not in text(client.get("/messages/"))
    client.force_login(doctor)
    assert client.post("/messages/again/", {"message": dead.pk}).status_code == 404
    dead.refresh_from_db()
    assert dead.state == "dead"


def test_each_tab_costs_the_same(client, admin, dead, django_assert_max_num_queries):
    client.force_login(admin)
    for tab in ("dead", "planned", "sent", "withdrawn", "nonsense"):
        with django_assert_max_num_queries(12):
            assert client.get(f"/messages/?tab={tab}").status_code == 200


def test_messages_that_do_not_leave_are_said_on_the_day_of_an_admin(client, admin, doctor, case):
    now = timezone.now()
    client.force_login(admin)
    assert "due and not sent" not in text(client.get("/"))
    rows = Reminder.objects.filter(step__case=case, state="planned")
    rows.update(next_attempt_at=now - timedelta(minutes=5))
    assert "due and not sent" not in text(client.get("/")), "a worker may be on its way"
    rows.filter(pk=rows.first().pk).update(next_attempt_at=now - timedelta(minutes=11))
    page = text(client.get("/"))
    assert "1 message due and not sent" in page
    assert "is one running?" in page
    rows.update(next_attempt_at=now + timedelta(minutes=1), last_error="ConnectionRefusedError")
    page = text(client.get("/"))
    assert f"{rows.count()} messages due and not sent" in page
    assert "ConnectionRefusedError" in page
    client.force_login(doctor)
    assert "due and not sent" not in text(client.get("/"))


def test_everybody_sees_her_own_messages_and_no_others(client, admin, case, doctor, coordinator):
    row = Reminder.objects.filter(step__case=case, recipient=doctor, state="planned").first()
    other = make.user(case.clinic)
    client.force_login(other)
    assert row.step.label not in text(client.get("/messages/"))
    client.force_login(doctor)
    assert row.step.label in text(client.get("/messages/"))
    client.force_login(admin)
    assert row.step.label in text(client.get("/messages/?tab=planned"))
    assert row.step.label not in text(client.get("/messages/?tab=planned&of=me"))


def test_admins_see_how_much_each_person_is_told_and_what_came_of_it(client, admin, case, doctor):
    client.force_login(admin)
    at = timezone.now() - timedelta(days=3)
    steps = [reminding.step(case, f"s{n}", stage="to_book", door="performed") for n in range(4)]
    daily = Reminder.objects.create(
        clinic=case.clinic, kind="digest", due_at=at, next_attempt_at=at, recipient=doctor,
        state="sent", sent_at=at,
    )  # fmt: skip
    for step in steps:
        reminding.reminder(step, doctor, state="sent", sent_at=at, digest=daily)
    reminding.reminder(steps[3], doctor, kind="due", state="sent", sent_at=at)
    old = {"state": "sent", "sent_at": at - timedelta(days=30)}
    reminding.reminder(steps[3], doctor, kind="escalation", **old)
    for hours, (step, verb) in enumerate(
        [(steps[0], "step.hold"), (steps[1], "step.acknowledge"), (steps[1], "step.hold")], start=5
    ):
        Event.objects.create(
            clinic=case.clinic, verb=verb, step_id=step.pk, at=at + timedelta(hours=hours)
        )
    [row] = volume.volumes([case.clinic_id])
    assert row.name == doctor.get_full_name()
    assert (row.messages, row.lines, row.done, row.put_off, row.nothing_yet) == (2, 5, 1, 1, 3)
    assert row.takes == "5 hours"
    page = text(client.get("/messages/"))
    assert "How much each person is told" in page
    assert "5 hours" in page
    client.force_login(doctor)
    assert "How much each person" not in text(client.get("/messages/"))
    assert volume.volumes([make.clinic("south").pk]) == []
