"""Reminders reach a real SMTP server, once; what cannot be delivered says so."""

from datetime import timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Membership
from audit.models import Event
from tests import make
from tests.mailbox import Mailbox
from tests.workflows.reminding import reminder, step
from workflows import services
from workflows.models import Reminder, Step
from workflows.reminders import claims
from workflows.reminders.deliver import deliver_due


@pytest.fixture
def mailbox(settings):
    with Mailbox() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        settings.NMD_REMINDER_QUIET_HOURS = False
        yield box


@pytest.fixture
def late(case, doctor):
    """A step that is late, and nothing else that anybody is owed now."""
    Reminder.objects.filter(state="planned").update(state="withdrawn")
    Step.objects.filter(case=case).update(is_open=False, stage="done")
    return step(case, owner=doctor)


def test_a_due_reminder_is_sent_and_recorded(mailbox, late, doctor, patient):
    row = reminder(late, doctor)
    assert deliver_due() == {"sent": 1}
    row.refresh_from_db()
    assert (row.state, row.attempts, row.uncertain) == ("sent", 1, 0)
    event = Event.objects.get(verb="reminder.sent")
    assert (event.step_id, event.clinic_id) == (late.pk, late.clinic_id)
    [mail] = mailbox.messages
    assert (mail["To"], mail["Message-ID"]) == (doctor.email, row.message_id)
    assert mail["Subject"] == "NMD Tracker: a test order is overdue"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<http://127.0.0.1:8000/preferences/>"
    assert mail["Date"].datetime
    assert deliver_due() == {}


def test_the_mail_has_its_link_and_nothing_about_the_patient(mailbox, late, doctor, patient):
    reminder(late, doctor)
    deliver_due()
    [mail] = mailbox.messages
    text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    link = f"http://127.0.0.1:8000/steps/{late.pk}/"
    for part in (text, html):
        assert part.count(link) == 1
        assert part.count("http") == 2, "and one to her preferences"
        assert "http://127.0.0.1:8000/preferences/" in part
        assert "by 7 days" in part.lower()
        assert "Responsible: you" in part
    told = mailbox.raw[0].decode() + text + html
    known = [patient.given_names, patient.family_name, "1968-03", "0047-2291"]
    known += [late.label, late.code]
    assert [each for each in known if each.lower() in told.lower()] == []


@pytest.mark.parametrize(
    ("fields", "subject"),
    [
        ({"door": "reported"}, "a test report is overdue"),
        ({"door": "reviewed", "days": 0}, "the review of a report is due today"),
        ({"door": "told", "days": 3}, "telling a patient a result is due soon"),
        ({"due_on": None, "kind": "no_date"}, "a test order waits without a date"),
    ],
)
def test_the_subject_says_what_waits(mailbox, late, coordinator, fields, subject):
    kind = fields.pop("kind", "overdue")
    if "days" in fields:
        fields["due_on"] = timezone.localdate() + timedelta(days=fields.pop("days"))
    Step.objects.filter(pk=late.pk).update(**fields)
    late.refresh_from_db()
    reminder(late, coordinator, kind=kind)
    deliver_due(batch=1)
    [mail] = mailbox.messages
    assert mail["Subject"] == f"NMD Tracker: {subject}"
    assert "Responsible: Dr Miriam Castell." in mail.get_body(["plain"]).get_content()


def test_an_overdue_step_is_chased_again(mailbox, late, doctor):
    reminder(late, doctor)
    deliver_due()
    [following] = late.reminders.filter(state="planned", kind="overdue")
    assert following.due_at > timezone.now()
    assert following.recipient == doctor


def test_a_step_that_moved_on_sends_nothing(mailbox, late, doctor):
    row = reminder(late, doctor)
    Step.objects.filter(pk=late.pk).update(door="performed")
    assert deliver_due(batch=1) == {"withdrawn": 1}
    row.refresh_from_db()
    assert (row.state, mailbox.raw) == ("withdrawn", [])


def test_a_claim_asks_no_more_for_many_rows_than_for_one(late, clinic, django_assert_num_queries):
    people = [make.user(clinic) for _ in range(3)]
    for person in people:
        reminder(late, person)
    # two and how they are planned, the savepoint, and the scope of before and after
    with django_assert_num_queries(8):
        rows, _, now = claims.claim(8)
    assert [row.recipient for row in rows] == people
    assert abs(now - timezone.now()) < timedelta(minutes=1)


def test_an_act_withdraws_what_a_worker_has_claimed(late, case, doctor):
    blood = services.add_step(
        case,
        code="ck_again",
        label="CK",
        modality="labs",
        captures=["lab:ck"],
        profile="urgent",
        days=14,
        by=doctor,
        at=timezone.now(),
    )
    due = Reminder.objects.filter(step=blood, door="ordered", kind="before_due")
    due.update(next_attempt_at=timezone.now())
    rows, token, _ = claims.claim(8)
    assert [row.step_id for row in rows] == [blood.pk]
    services.order(blood, by=doctor, at=timezone.now())
    assert claims.mark_sending(rows, token) == set()
    assert due.get().state == "withdrawn"


def test_a_dead_address_is_given_up_and_the_others_arrive(mailbox, late, clinic, doctor):
    dead = make.user(clinic, email="dead.box@example.org")
    lost = reminder(late, dead)
    sent = reminder(late, doctor)
    assert deliver_due() == {"sent": 1, "dead": 1}
    lost.refresh_from_db()
    sent.refresh_from_db()
    assert (lost.state, sent.state) == ("dead", "sent")
    assert lost.last_error.startswith("550")
    assert Event.objects.get(verb="reminder.dead").step_id == late.pk


def test_a_busy_server_is_tried_later_and_longer_each_time(mailbox, late, clinic):
    row = reminder(late, make.user(clinic, email="busy.box@example.org"))
    waits = []
    for _ in range(12):
        deliver_due(batch=1)
        row.refresh_from_db()
        waits.append(round((row.next_attempt_at - timezone.now()).total_seconds() / 60))
        if row.state == "planned":
            Reminder.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now())
    for expected, waited in zip([1, 5, 15, 60, 240, 240], waits, strict=False):
        assert 0.8 * expected - 1 <= waited <= 1.2 * expected + 1
    assert (row.state, row.attempts, row.uncertain) == ("dead", 12, 0)


def test_after_a_day_it_is_given_up(mailbox, late, clinic):
    row = reminder(late, make.user(clinic, email="busy.box@example.org"))
    Reminder.objects.filter(pk=row.pk).update(
        attempts=3, first_attempt_at=timezone.now() - timedelta(hours=25)
    )
    assert deliver_due(batch=1) == {"dead": 1}


def test_a_lost_answer_is_marked_and_sent_again_as_the_same_message(mailbox, late, clinic):
    row = reminder(late, make.user(clinic, email="gone.box@example.org"))
    assert deliver_due() == {"uncertain": 1}
    Reminder.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now())
    assert deliver_due(batch=1) == {"sent": 1}
    row.refresh_from_db()
    assert (row.state, row.uncertain) == ("sent", 1)
    assert mailbox.ids == [row.message_id] * 2


def test_without_a_mail_server_nothing_is_used_up(settings, mailbox, late, doctor):
    row = reminder(late, doctor)
    settings.EMAIL_PORT = 9  # nobody listens
    assert deliver_due() == {"no_server": 1}
    row.refresh_from_db()
    assert (row.state, row.attempts, row.first_attempt_at) == ("planned", 0, None)


def test_who_left_gets_nothing_and_the_role_does(mailbox, late, clinic, doctor):
    stays = make.user(clinic, "clinician")
    row = reminder(late, doctor)
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=doctor).update(ends_on=yesterday)
    assert deliver_due()["withdrawn"] == 1
    deliver_due()
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert stays.email in {mail["To"] for mail in mailbox.messages}
    assert doctor.email not in {mail["To"] for mail in mailbox.messages}


def test_at_night_only_emergencies_leave(settings, mailbox, late, case, doctor):
    settings.NMD_REMINDER_QUIET_HOURS = True
    clinic, now = case.clinic, timezone.now()
    zones = ["Pacific/Auckland", "Asia/Tokyo", "Europe/London", "America/Los_Angeles"]
    clinic.time_zone = next(zone for zone in zones if _asleep(zone, now))
    clinic.save()
    quiet = reminder(late, doctor)
    urgent = reminder(step(case, "urgent", owner=doctor, urgency="emergency"), doctor)
    assert deliver_due(batch=1) == {"later": 1}
    quiet.refresh_from_db()
    assert (quiet.state, quiet.attempts) == ("planned", 0)
    assert quiet.next_attempt_at > now
    assert deliver_due(batch=1) == {"sent": 1}
    urgent.refresh_from_db()
    assert urgent.state == "sent"


def _asleep(zone, now):
    return not 8 <= now.astimezone(ZoneInfo(zone)).hour < 18


def test_what_a_crash_left_behind_is_claimed_alone_and_dies_in_the_end(late, doctor, coordinator):
    first, second = reminder(late, doctor), reminder(late, coordinator)
    Reminder.objects.filter(step=late).update(
        state="sending",
        lease_token="0" * 32,
        lease_until=timezone.now() - timedelta(seconds=1),
        attempts=12,
    )
    assert deliver_due()["dead"] == 2  # from eight on the plan owes others, too
    for row in (first, second):
        row.refresh_from_db()
        assert (row.state, row.uncertain) == ("dead", 1)


def test_a_worker_paused_beyond_its_lease_sends_nothing(settings, late, doctor):
    settings.NMD_REMINDER_LEASE_SECONDS = 0
    reminder(late, doctor)
    rows, token, _ = claims.claim(8)
    assert claims.mark_sending(rows, token) == set()
    again, other, _ = claims.claim(8)
    assert [row.pk for row in again] == [row.pk for row in rows]
    assert other != token


def test_the_command_plans_and_sends_without_a_broker(mailbox, late, doctor):
    said = StringIO()
    call_command("deliver", stdout=said)
    assert "sent" in said.getvalue()
    assert {mail["To"] for mail in mailbox.messages} == {doctor.email}
