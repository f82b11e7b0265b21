"""One message a day with all that can wait: gathered, worded and marked as one."""

from datetime import time, timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, Preferences
from audit.models import Event
from tests import make
from tests.mailbox import Mailbox
from tests.workflows.reminding import reminder, step
from workflows import services
from workflows.models import Reminder, Step
from workflows.reminders import claims
from workflows.reminders.again import send_again
from workflows.reminders.deliver import deliver_due
from workflows.reminders.gather import gather, look_again
from workflows.reminders.sweep import plan_missing


@pytest.fixture
def any_hour(settings):
    settings.NMD_REMINDER_QUIET_HOURS = False


@pytest.fixture
def mailbox(settings, any_hour):
    with Mailbox() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        yield box


@pytest.fixture
def nothing(case, settings):
    """Nobody is owed anything yet; what is owed may leave now, be it Sunday or night."""
    settings.NMD_REMINDER_QUIET_HOURS = False
    Reminder.objects.update(state="withdrawn")
    Step.objects.filter(case=case).update(is_open=False, stage="done")


def line(case, code, to, **fields):
    return reminder(step(case, code, owner=to, **fields), to, in_digest=True)


@pytest.fixture
def three(nothing, case, clinic, doctor):
    """Three things that can wait, about two patients."""
    other = make.case(make.patient(clinic, doctor, family_name="Second"), doctor)
    Step.objects.filter(case=other).update(is_open=False, stage="done")
    Reminder.objects.update(state="withdrawn")
    return [
        line(case, "first", doctor),
        line(case, "second", doctor, due_on=timezone.localdate() - timedelta(days=1)),
        line(other, "third", doctor, due_on=timezone.localdate()),
    ]


def test_what_can_wait_is_one_message_by_patient_with_a_link_for_each(
    mailbox, three, doctor, patient
):
    assert deliver_due() == {"sent": 1}
    [mail] = mailbox.messages
    assert mail["Subject"] == "NMD Tracker: 3 steps of 2 patients wait for you"
    assert mail["List-Unsubscribe"] == "<http://127.0.0.1:8000/preferences/>"
    text, html = (mail.get_body([kind]).get_content() for kind in ("plain", "html"))
    for part in (text, html):
        places = [part.index(f"/steps/{row.step_id}/") for row in three]
        assert places == sorted(places), "the longest overdue one first, a patient's together"
        assert part.count("Patient 1 of 2") == part.count("Patient 2 of 2") == 1
        assert part.index("Patient 1 of 2") < places[1] < part.index("Patient 2 of 2") < places[2]
        assert "by 7 days" in part.lower()
        assert "http://127.0.0.1:8000/preferences/" in part
    told = mailbox.raw[0].decode() + text + html
    known = [patient.given_names, patient.family_name, "Second", "1968-03"]
    known += ["0047-2291", "Core bloods"]
    assert [each for each in known if each.lower() in told.lower()] == []
    rows = Reminder.objects.filter(state="sent")
    digest = rows.get(kind="digest")
    assert mail["Message-ID"] == digest.message_id
    assert set(rows.filter(digest=digest)) == set(three)
    events = Event.objects.filter(verb="reminder.sent")
    assert {each.step_id for each in events} == {row.step_id for row in three}
    assert {each.detail["digest"] for each in events} == {digest.pk}
    assert deliver_due() == {}


def test_it_says_what_is_true_when_it_leaves_and_nothing_at_all_is_not_sent(mailbox, three, doctor):
    gather(timezone.now())
    Step.objects.filter(pk=three[0].step_id).update(door="performed")
    Step.objects.filter(pk=three[1].step_id).update(is_open=False, stage="done")
    assert deliver_due() == {"sent": 1}
    [mail] = mailbox.messages
    assert mail["Subject"] == "NMD Tracker: 1 step of 1 patient waits for you"
    states = [Reminder.objects.get(pk=row.pk).state for row in three]
    assert states == ["withdrawn", "withdrawn", "sent"]
    Reminder.objects.update(state="withdrawn")
    late = line(three[0].step.case, "late", make.user(three[0].clinic))
    gather(timezone.now())
    Step.objects.filter(pk=late.step_id).update(is_open=False, stage="done")
    assert deliver_due() == {"withdrawn": 1}
    assert len(mailbox.raw) == 1


def test_a_step_that_is_done_while_the_mail_is_under_way_stops_it(any_hour, nothing, case, doctor):
    row = line(case, "only", doctor)
    gather(timezone.now())
    rows, token, _ = claims.claim(8)
    assert [[each.pk for each in found.lines] for found in rows] == [[row.pk]]
    Step.objects.filter(pk=row.step_id).update(is_open=False, stage="done")
    assert claims.mark_sending(rows, token) == set()


def test_urgent_things_are_not_kept_until_morning(nothing, case, doctor):
    asked = {"modality": "labs", "days": 2, "by": doctor, "at": timezone.now()}
    services.add_step(case, code="a", label="A", profile="urgent", **asked)
    services.add_step(case, code="b", label="B", profile="soon", **asked)
    rows = Reminder.objects.filter(state="planned", step__code__in="ab")
    assert {(row.step.code, row.in_digest) for row in rows} == {("a", False), ("b", True)}


def test_one_a_day_and_what_comes_later_is_in_the_next(mailbox, three, case, doctor):
    assert deliver_due() == {"sent": 1}
    row = line(case, "later", doctor)
    assert deliver_due() == {}
    row.refresh_from_db()
    assert row.state == "planned"
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert timezone.localdate(row.next_attempt_at) >= tomorrow
    assert timezone.localtime(row.next_attempt_at, make.LONDON).time() == time(8)


def test_two_workers_gather_into_one(any_hour, three, doctor):
    now = timezone.now()
    assert gather(now) == 1
    assert gather(now) == 0
    assert Reminder.objects.filter(kind="digest").count() == 1


def test_after_a_lost_answer_the_copy_says_no_more_than_the_first(mailbox, nothing, case, clinic):
    person = make.user(clinic, email="gone.box@example.org")
    first = line(case, "first", person)
    assert deliver_due() == {"uncertain": 1}
    line(case, "second", person)
    Reminder.objects.filter(kind="digest").update(next_attempt_at=timezone.now())
    assert deliver_due() == {"sent": 1}
    assert mailbox.ids == [Reminder.objects.get(kind="digest").message_id] * 2
    assert [mail["Subject"] for mail in mailbox.messages] == [
        "NMD Tracker: 1 step of 1 patient waits for you"
    ] * 2
    first.refresh_from_db()
    assert first.state == "sent"


def test_a_dead_address_takes_its_lines_along_and_an_admin_sends_all_again(
    mailbox, nothing, case, clinic, doctor
):
    person = make.user(clinic, email="dead.box@example.org")
    row = line(case, "first", person)
    assert deliver_due() == {"dead": 1}
    row.refresh_from_db()
    assert (row.state, row.last_error[:3]) == ("dead", "550")
    person.email = "mended@example.org"
    person.save()
    dead = Reminder.objects.filter(state="dead", digest=None)
    assert send_again(dead, by=doctor, at=timezone.now()) == 1
    assert deliver_due()["sent"] == 1
    row.refresh_from_db()
    assert row.state == "sent"
    assert [mail["To"] for mail in mailbox.messages] == ["mended@example.org"]


def test_who_left_gets_no_line_of_that_clinic(mailbox, three, doctor):
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=doctor).update(ends_on=yesterday)
    assert deliver_due()["withdrawn"] == 1
    assert doctor.email not in {mail["To"] for mail in mailbox.messages}


def test_it_comes_at_the_hour_and_by_the_clock_that_its_reader_wishes(
    settings, nothing, case, doctor
):
    settings.NMD_REMINDER_QUIET_HOURS = True
    wishes = Preferences.objects.create(user=doctor, digest_at=time(16, 30))
    monday = make.at("2026-03-02", hour=9)
    due = {"due_on": monday.date() - timedelta(days=30), "door_open_since": monday.date()}
    row = step(case, "bloods", owner=doctor, **due)
    plan_missing(monday)
    found = Reminder.objects.get(step=row, kind="overdue", state="planned", due_at__lte=monday)
    assert found.next_attempt_at == make.at("2026-03-02", hour=16, minute=30)
    wishes.digest_at, wishes.time_zone = time(8, 30), "America/New_York"
    wishes.save()
    doctor.refresh_from_db()
    look_again(doctor, monday)
    found.refresh_from_db()
    assert found.next_attempt_at == make.at("2026-03-02", hour=13, minute=30)
    assert gather(make.at("2026-03-02", hour=13)) == 0
    assert gather(make.at("2026-03-02", hour=14)) == 1
