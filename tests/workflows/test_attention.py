"""Acknowledged is not done, snoozed is not for ever, and a late urgent step is offered on."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import make
from tests.workflows.reminding import planned, reminder, step
from workflows import services
from workflows.models import Offer, Reminder, Step
from workflows.reminders.sweep import plan_missing

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(case, doctor):
    """A test, due more than a week ago, whatever the weekday, and never ordered."""
    asked = {"code": "ck_again", "label": "CK", "modality": "labs", "captures": ["lab:ck"]}
    at = timezone.now() - timedelta(days=25)
    made = services.add_step(case, **asked, profile="soon", days=14, by=doctor, at=at)
    services.resettle(case, at=timezone.now())
    made.refresh_from_db()
    return made


def kinds(row):
    return {kind for kind, *_ in planned(row)}


def test_acknowledged_is_said_and_changes_nothing_else(client, late, doctor, coordinator):
    owed, due = planned(late), late.due_on
    services.acknowledge(late, by=coordinator, at=timezone.now())
    late.refresh_from_db()
    assert (late.seen_by, late.is_open, late.due_on) == (coordinator, True, due)
    assert planned(late) == owed
    with pytest.raises(ValidationError, match="acknowledged this already"):
        services.acknowledge(late, by=coordinator, at=timezone.now())
    client.force_login(doctor)
    page = client.get(f"/steps/{late.pk}/").content.decode()
    assert f"Acknowledged by {coordinator.get_full_name()}" in page
    assert "not done yet" in page


def test_a_snoozed_step_is_silent_to_its_owner_until_the_day_and_escalates_as_ever(
    late, doctor, case
):
    assert kinds(late) == {"overdue", "escalation"}
    until = timezone.localdate() + timedelta(days=20)
    services.snooze(late, until=until, reason="On holiday", by=doctor, at=timezone.now())
    late.refresh_from_db()
    assert kinds(late) == {"escalation"}, "a second person is told as ever"
    assert Step.objects.overdue(timezone.localdate()).filter(pk=late.pk).exists()
    plan_missing(make.at(until))
    assert "overdue" in kinds(late)


def test_a_rest_that_is_over_is_not_said_any_more(client, late, doctor):
    client.force_login(doctor)
    today = timezone.localdate()
    for until, said in ((today + timedelta(days=1), True), (today, False)):
        Step.objects.filter(pk=late.pk).update(snoozed_until=until, snooze_reason="On holiday")
        for address in (f"/steps/{late.pk}/", f"/steps/{late.pk}/peek/"):
            page = client.get(address).content.decode()
            assert ("is not reminded before" in page) is said


def test_waking_and_the_next_door_end_the_rest(late, doctor):
    until = timezone.localdate() + timedelta(days=20)
    rest = {"until": until, "reason": "On holiday", "by": doctor, "at": timezone.now()}
    services.snooze(late, **rest)
    services.wake(late, by=doctor, at=timezone.now())
    assert "overdue" in kinds(late)
    with pytest.raises(ValidationError, match="do not rest"):
        services.wake(late, by=doctor, at=timezone.now())
    services.snooze(late, **rest)
    services.acknowledge(late, by=doctor, at=timezone.now())
    services.order(late, by=doctor, at=timezone.now())
    late.refresh_from_db()
    assert (late.snoozed_until, late.snooze_reason, late.seen_at) == (None, "", None)


@pytest.mark.parametrize(
    ("days", "reason", "said"),
    [
        (None, "why", "its reminders do not rest for ever"),
        (0, "why", "Choose a day after today"),
        (31, "why", "rest for at most 30 days"),
        (9000, "why", "rest for at most 30 days"),
        (5, " ", "Say why its reminders rest"),
    ],
)
def test_a_rest_without_day_or_reason_or_end_is_refused(late, doctor, days, reason, said):
    until = None if days is None else timezone.localdate() + timedelta(days=days)
    with pytest.raises(ValidationError, match=said):
        services.snooze(late, until=until, reason=reason, by=doctor, at=timezone.now())


def test_emergencies_and_critical_values_do_not_rest(case, late, doctor):
    rest = {"until": timezone.localdate() + timedelta(days=1), "reason": "x", "by": doctor}
    at_once = step(case, "now", urgency="emergency")
    with pytest.raises(ValidationError, match="emergency"):
        services.snooze(at_once, at=timezone.now(), **rest)
    Step.objects.filter(pk=late.pk).update(flag="critical")
    with pytest.raises(ValidationError, match="review it first"):
        services.snooze(late, at=timezone.now(), **rest)


def test_snoozed_in_bulk_each_row_says_why_not_and_the_rest_is_done(client, case, late, doctor):
    client.force_login(doctor)
    asked = {"code": "now", "label": "Bloods now", "modality": "labs", "profile": "emergency"}
    at_once = services.add_step(case, **asked, days=0, by=doctor, at=timezone.now())
    late.refresh_from_db()
    ticked = [f"{late.pk}:{late.version}", f"{at_once.pk}:{at_once.version}"]
    until = timezone.localdate() + timedelta(days=5)
    asked = {"step": ticked, "go": "1", "until": until, "reason": "On holiday"}
    page = client.post("/worklist/bulk/snooze/", asked).content.decode()
    assert "its reminders cannot rest" in page
    late.refresh_from_db()
    assert (late.snoozed_until, late.snooze_reason) == (until, "On holiday")
    at_once.refresh_from_db()
    assert at_once.snoozed_until is None


def test_a_late_urgent_step_is_offered_to_whom_it_was_escalated(client, case, doctor, clinic):
    second = make.user(clinic, "clinician")
    urgent, soon = step(case, "u", owner=doctor, urgency="urgent"), step(case, "s", owner=doctor)
    for each in (urgent, soon):
        reminder(each, second, kind="escalation", state="sent", sent_at=timezone.now())
    for _ in range(2):  # asked once for each escalation
        services.offer_escalated(clinic)
    made = Offer.objects.get()
    assert (made.step, made.from_user, made.to_user, made.asked_by) == (
        *(urgent, doctor, second),
        None,
    )
    urgent.refresh_from_db()
    assert urgent.owner == doctor, "nothing moves before she accepts"
    client.force_login(second)
    assert "Asked because it stayed late" in client.get("/hand-overs/").content.decode()
    assert "because it stayed late" in client.get(f"/steps/{urgent.pk}/").content.decode()
    services.decline_offer(made, by=second, at=timezone.now(), reason="Not mine")
    assert services.offer_escalated(clinic) == 0
    later = timezone.now() + timedelta(days=5)
    more = {"due_at": later, "state": "sent", "sent_at": later}
    reminder(urgent, second, kind="escalation", **more)
    assert services.offer_escalated(clinic, later + timedelta(hours=1)) == 1


def test_a_critical_value_is_told_by_the_hour_to_one_more_person_each_time(case, doctor, clinic):
    admin, others = make.user(clinic, "admin"), make.user(clinic, "clinician")
    second = case.coordinator
    Step.objects.filter(case=case).update(is_open=False, stage="done")
    Reminder.objects.update(state="withdrawn")
    came = make.at("2026-03-02", hour=22)
    row = step(
        case, "ck", owner=doctor, urgency="urgent", flag="critical", reported_at=came,
        reported_on=came.date(),
        performed_on=came.date(), ordered_at=came, stage="to_review", door="reviewed",
        due_on=came.date() + timedelta(days=2), door_open_since=came.date(),
        result_status="final",
    )  # fmt: skip

    def told(hours):
        plan_missing(came + timedelta(hours=hours, minutes=1))
        due = Reminder.objects.filter(step=row, kind="critical", state="planned")
        return set(
            due.filter(due_at=came + timedelta(hours=hours)).values_list("recipient", flat=True)
        )

    assert told(0) == {doctor.pk}
    assert told(1) == {doctor.pk, second.pk}
    assert told(2) == {doctor.pk, second.pk, admin.pk}
    assert told(30) == {doctor.pk, second.pk, admin.pk}
    assert others.pk not in told(31)
    Step.objects.filter(pk=row.pk).update(reviewed_at=came, door="told", stage="to_tell")
    assert told(32) == set()


def test_a_note_stands_in_the_list_and_its_earlier_words_are_kept(client, late, doctor):
    client.force_login(doctor)
    address = f"/steps/{late.pk}/note/"
    client.post(address, {"text": "Rang twice, no answer", "version": late.version})
    late.refresh_from_db()
    again = {"text": "Rang twice, no answer", "version": late.version}
    assert "stands there already" in client.post(address, again).content.decode()
    client.post(address, {"text": "Comes on Friday", "version": late.version})
    row = client.get("/worklist/?tab=open").content.decode()
    assert "Comes on Friday" in row
    assert "Rang twice" not in row
    assert ("Rang twice, no answer",) in late.events.values_list("note")
    until = timezone.localdate() + timedelta(days=3)
    services.acknowledge(late, by=doctor, at=timezone.now())
    assert "seen, not done" in client.get("/worklist/?tab=open").content.decode()
    services.snooze(late, until=until, reason="x", by=doctor, at=timezone.now())
    assert "reminders rest until" in client.get("/worklist/?tab=open").content.decode()
