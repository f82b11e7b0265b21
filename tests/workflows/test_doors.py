"""The doors in their order: what the service refuses in words, the database refuses again."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tests import make
from workflows import services
from workflows.models import Step


@pytest.fixture
def bloods(case, doctor):
    """Core bloods, ready because the history is on record."""
    make.reported(case.steps.get(code="tri_history"), doctor, {"hx.progression": "static"})
    return case.steps.get(code="tri_labs")


def now():
    return timezone.now()


def test_a_test_passes_its_five_doors(bloods, doctor, coordinator):
    today = timezone.localdate()
    services.order(bloods, by=doctor, at=now(), sent_to="City laboratory")
    services.book(bloods, booked_for=now() + timedelta(days=1), by=coordinator, at=now())
    services.perform(bloods, performed_on=today, by=coordinator, at=now())
    make.reported(bloods, coordinator, {"lab.ck.x_uln": 1.0})
    services.review(bloods, by=doctor, at=now(), note="nothing needed")
    services.tell(bloods, how="letter", by=doctor, at=now())
    bloods.refresh_from_db()
    assert (bloods.stage, bloods.is_open, bloods.door) == ("done", False, "")


@pytest.mark.parametrize(
    ("act", "values", "words"),
    [
        (services.book, {"booked_for": timezone.now() + timedelta(days=2)}, "Order this test"),
        (services.perform, {"performed_on": timezone.localdate()}, "Order this test"),
        (services.review, {}, "no report to review"),
        (services.tell, {"how": "phone"}, "Review the report"),
        (services.resume, {}, "not on hold"),
    ],
)
def test_no_door_is_jumped(bloods, doctor, act, values, words):
    with pytest.raises(ValidationError, match=words):
        act(bloods, by=doctor, at=now(), **values)
    before = bloods.version
    bloods.refresh_from_db()
    assert bloods.version == before


def test_a_door_is_passed_once(bloods, doctor):
    services.order(bloods, by=doctor, at=now())
    with pytest.raises(ValidationError, match="ordered already"):
        services.order(bloods, by=doctor, at=now())


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        ({"booked_for": timezone.now()}, "booked_after_order"),
        ({"performed_on": timezone.localdate()}, "performed_after_order"),
        ({"reported_at": timezone.now()}, "report_has_day"),
        (
            {"reported_at": timezone.now(), "reported_on": timezone.localdate()},
            "reported_after_performed",
        ),
        (
            {
                "ordered_at": timezone.now(),
                "performed_on": timezone.localdate(),
                "reported_at": timezone.now(),
                "reported_on": timezone.localdate() - timedelta(days=1),
            },
            "reported_on_after_performed",
        ),
        ({"reviewed_at": timezone.now()}, "reviewed_after_report"),
        ({"told_at": timezone.now()}, "told_after_review"),
        ({"result_status": "final"}, "final_is_reported"),
        ({"held_until": timezone.localdate()}, "hold_has_reason"),
        ({"ended": "cancelled"}, "ended_has_when"),
        ({"stage": "lost"}, "stage_known"),
        ({"is_open": True, "door": ""}, "open_has_door"),
        ({"ended": "answered", "ended_at": timezone.now()}, "answered_by_whom"),
    ],
)
def test_the_database_refuses_impossible_states(bloods, columns, constraint):
    with pytest.raises(Exception, match=constraint), transaction.atomic():
        Step.objects.filter(pk=bloods.pk).update(**columns)


def test_two_people_acting_on_one_view_of_a_step(bloods, doctor, coordinator):
    shown = bloods.version
    services.assign(bloods, to=doctor, by=coordinator, at=now(), version=shown)
    with pytest.raises(ValidationError) as refusal:
        services.order(bloods, by=doctor, at=now(), version=shown)
    assert refusal.value.code == "stale"


@pytest.mark.parametrize(
    ("until", "reason", "words"),
    [
        (None, "abroad", "needs a day"),
        (timezone.localdate(), "abroad", "day after today"),
        (timezone.localdate() + timedelta(days=9), " ", "Say why"),
    ],
)
def test_a_hold_has_an_end_and_a_reason(bloods, doctor, until, reason, words):
    with pytest.raises(ValidationError, match=words):
        services.hold(bloods, until=until, reason=reason, by=doctor, at=now())


def test_a_held_step_comes_back(bloods, doctor):
    until = timezone.localdate() + timedelta(days=9)
    services.hold(bloods, until=until, reason="abroad", by=doctor, at=now())
    bloods.refresh_from_db()
    assert bloods.stage == "on_hold"
    services.resume(bloods, by=doctor, at=now())
    bloods.refresh_from_db()
    assert bloods.stage == "to_order"


def test_a_failed_sample_is_asked_for_again(client, bloods, doctor):
    services.order(bloods, by=doctor, at=now())
    again = services.fail_and_repeat(bloods, reason="haemolysed", by=doctor, at=now())
    bloods.refresh_from_db()
    assert (bloods.stage, again.stage) == ("failed", "to_order")
    assert (again.code, again.repeat_of) == ("tri_labs.2", bloods)
    client.force_login(doctor)
    page = client.get(f"/steps/{bloods.pk}/").content.decode()
    assert "haemolysed" in page
    assert f'<a href="/steps/{again.pk}/">Asked for again</a>' in page
    assert f'<a href="/steps/{bloods.pk}/">the first one</a>' in (
        client.get(f"/steps/{again.pk}/").content.decode()
    )


def test_nobody_without_a_role_here_is_given_a_step(bloods, doctor):
    stranger = make.user(make.clinic("south"))
    with pytest.raises(ValidationError, match="no role in this clinic"):
        services.assign(bloods, to=stranger, by=doctor, at=now())


def test_whoever_was_given_the_booking_is_not_given_the_report(bloods, doctor, coordinator, clinic):
    services.order(bloods, by=doctor, at=now())
    services.assign(bloods, to=coordinator, by=doctor, at=now())
    bloods.refresh_from_db()
    assert (bloods.stage, bloods.owner) == ("to_book", coordinator)
    make.reported(bloods, doctor, {"lab.ck.x_uln": 1.0})
    bloods.refresh_from_db()
    assert (bloods.stage, bloods.owner) == ("to_review", doctor)
    with pytest.raises(ValidationError, match="is no clinician: this needs one"):
        services.assign(bloods, to=coordinator, by=doctor, at=now())
    colleague = make.user(clinic, "clinician")
    services.assign(bloods, to=colleague, by=doctor, at=now())
    services.review(bloods, by=colleague, at=now())
    bloods.refresh_from_db()
    assert (bloods.stage, bloods.owner) == ("to_tell", colleague)


def test_a_correction_opens_review_again_and_an_error_takes_the_facts_back(bloods, doctor):
    make.reported(bloods, doctor, {"lab.ck.x_uln": 4.0}, flag="abnormal")
    services.review(bloods, by=doctor, at=now())
    make.reported(bloods, doctor, {"lab.ck.x_uln": 1.0}, status="corrected")
    bloods.refresh_from_db()
    assert (bloods.stage, bloods.reviewed_at) == ("to_review", None)
    make.reported(bloods, doctor, {}, status="entered_in_error", flag="")
    bloods.refresh_from_db()
    bloods.case.refresh_from_db()
    assert bloods.stage == "awaiting_result"
    assert "lab.ck.x_uln" not in bloods.case.facts


def test_a_preliminary_report_speaks_but_opens_no_door(bloods, doctor):
    make.reported(bloods, doctor, {"lab.potassium.value": 2.1}, status="preliminary")
    bloods.refresh_from_db()
    assert (bloods.stage, bloods.reported_at) == ("awaiting_result", None)
    assert bloods.case.proposals.filter(rule="g_potassium", kind="alert").exists()


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (timezone.localdate() + timedelta(days=1), "future"),
        (timezone.localdate() - timedelta(days=36500), "birth"),
    ],
)
def test_a_test_is_not_done_in_the_future_nor_before_birth(bloods, doctor, day, words):
    services.order(bloods, by=doctor, at=now())
    with pytest.raises(ValidationError, match=words):
        services.perform(bloods, performed_on=day, by=doctor, at=now())


def test_an_order_and_telling_may_be_entered_some_days_later(client, case, doctor):
    asked = {"code": "ck_again", "label": "CK", "modality": "labs", "captures": ["lab:ck"]}
    step = services.add_step(case, **asked, profile="soon", days=14, by=doctor, at=now())
    client.force_login(doctor)
    today = timezone.localdate()
    for on, said in (
        (today + timedelta(days=1), "This day lies in the future."),
        (case.patient.birth_on - timedelta(days=1), "It cannot have been before 3 March 1968."),
        ("x", "Enter a valid date."),
    ):
        page = client.post(f"/steps/{step.pk}/order/", {"on": on, "version": step.version})
        assert said in page.content.decode()
    early = today - timedelta(days=5)
    client.post(f"/steps/{step.pk}/order/", {"on": early, "version": step.version})
    step.refresh_from_db()
    assert timezone.localdate(step.ordered_at) == early
    make.reported(step, doctor, {}, on=today - timedelta(days=3))
    services.review(Step.objects.get(pk=step.pk), by=doctor, at=now(), outcome="nothing")
    step.refresh_from_db()
    with pytest.raises(ValidationError, match="It cannot have been before"):
        services.tell(step, how="phone", on=early, by=doctor, at=now())
    services.tell(step, how="phone", on=today - timedelta(days=1), by=doctor, at=now())
    page = client.get(f"/steps/{step.pk}/").content.decode()
    assert f"recorded 5 d later by {doctor.get_full_name()}" in page
    assert f"recorded 1 d later by {doctor.get_full_name()}" in page
