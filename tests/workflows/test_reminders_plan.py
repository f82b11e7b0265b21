"""Which messages a step owes, to whom and when."""

from datetime import UTC, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Clinic, Membership
from clinical.engine import Stage
from tests import make
from tests.workflows.reminding import day, planned, reminder, step
from workflows import services
from workflows.clock import calendar_of
from workflows.models import Reminder, Step
from workflows.reminders.moments import moments
from workflows.reminders.plan import plan_cases, plan_reminders
from workflows.reminders.sweep import plan_missing

CLINIC = Clinic(code="north", country="GB", time_zone="Europe/London")


def seen(at, due="2026-03-20", urgency="soon", since="2026-01-05", stage=Stage.TO_ORDER, **more):
    """What a step owes at an instant: (kind, local time, "late" where it is past)."""
    fields = {"flag": "", "reviewed_at": None, "reported_at": None, "performed_on": None}
    fields |= {"snoozed_until": None}
    fields |= {"is_open": True, "twin_of_id": None, "stage": stage, "urgency": urgency}
    row = SimpleNamespace(
        due_on=due and day(due), door_open_since=since and day(since), **fields | more
    )
    return [
        f"{each.kind} {each.due_at.astimezone(make.LONDON):%m-%d %H:%M}{' late' * each.late}"
        for each in moments(row, CLINIC, at)
    ]


def blood(case, doctor):
    """A test that can be ordered at once."""
    asked = {"code": "ck_again", "label": "CK", "modality": "labs", "captures": ["lab:ck"]}
    return services.add_step(case, **asked, profile="soon", days=14, by=doctor, at=timezone.now())


@pytest.mark.parametrize(
    ("on", "owed"),
    [  # soon: 7 days before, again every 7 days, a second person after 14
        ("2026-03-02", ["before_due 03-13 08:00", "escalation 04-06 08:00"]),
        ("2026-03-13", ["before_due 03-13 08:00 late", "due 03-20 08:00"]),
        ("2026-03-21", ["due 03-20 08:00 late", "overdue 03-27 08:00"]),
        ("2026-03-30", ["overdue 03-27 08:00 late", "overdue 04-06 08:00"]),  # past Good Friday
        ("2026-04-30", ["overdue 04-24 08:00 late", "overdue 05-01 08:00"]),
    ],
)
def test_an_owner_is_warned_then_told_then_chased_again_and_again(on, owed):
    found = seen(make.at(on))
    assert found[: len(owed)] == owed


def test_a_second_person_is_told_after_the_grace_and_again():
    assert seen(make.at("2026-04-02"))[2:] == ["escalation 04-06 08:00"]
    assert seen(make.at("2026-04-07"))[2:] == [
        "escalation 04-06 08:00 late",
        "escalation 04-17 08:00",
    ]


def test_the_grace_begins_when_the_step_can_be_acted_on():
    found = seen(make.at("2026-05-20", hour=10), since="2026-05-20")
    assert found[-1] == "escalation 06-03 08:00"
    assert found[0].endswith("late"), "but its owner is told at once"


def test_who_opened_the_door_that_day_is_not_warned_of_the_date():
    found = seen(make.at("2026-03-13", hour=10), since="2026-03-13")
    assert found[0] == "due 03-20 08:00"


def test_a_warning_for_a_weekend_comes_before_it():
    assert seen(make.at("2026-03-02"), due="2026-03-23", urgency="urgent")[0] == (
        "before_due 03-20 08:00"  # two days before a Monday
    )


def test_an_emergency_waits_for_no_morning():
    saturday = make.at("2026-03-21", hour=3)
    found = seen(saturday, due="2026-03-21", urgency="emergency")
    assert found == [
        "due 03-21 00:00 late",
        "overdue 03-22 00:00",
        "escalation 03-22 00:00",
    ]


@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
@pytest.mark.parametrize(("urgency", "clock"), [("emergency", "00:00"), ("urgent", "08:00")])
def test_clocks_that_change_move_no_moment_and_double_none(change, urgency, clock):
    """Whatever hour before or after the change plans, it means the same instants."""
    due, instants = f"{day(change) - timedelta(days=1)}", {}
    for hours in range(-48, 96):
        at = make.at(change).astimezone(UTC) + timedelta(hours=hours)
        for each in seen(at, due=due, urgency=urgency):
            kind, on, shown, *_ = each.split()
            instants.setdefault((kind, on), set()).add(shown)
    assert len(instants) > 3
    assert set(map(tuple, instants.values())) == {(clock,)}


def test_what_cannot_be_acted_on_owes_nothing():
    at = make.at("2026-04-02")
    assert seen(at, stage=Stage.WAITING) == []
    assert seen(at, is_open=False) == []
    assert seen(at, twin_of_id=7) == []


def test_a_step_without_a_date_comes_back_at_the_interval_of_its_profile():
    found = seen(make.at("2026-01-20"), due=None, stage=Stage.ON_HOLD)
    assert found == ["no_date 01-19 08:00 late", "no_date 01-26 08:00"]


def test_planning_twice_adds_nothing_and_costs_one_query(case):
    now = timezone.now()
    steps = list(case.steps.select_related("case__clinic"))
    before = list(Reminder.objects.order_by("pk").values())
    assert before
    with CaptureQueriesContext(
        connection,
    ) as queries:
        plan_reminders(case, steps, now)
    assert len(queries) == 1
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_an_act_on_a_case_takes_few_queries_for_reminders(case, doctor):
    make.reported(case.steps.get(code="tri_history"), doctor, {})
    other = make.user(case.clinic, "clinician")
    with CaptureQueriesContext(connection) as queries:
        services.assign_case(case, clinician=other, coordinator=None, by=doctor, at=timezone.now())
    about = [each for each in queries if "workflows_reminder" in each["sql"]]
    assert len(about) == 2


def test_the_owner_of_each_door_is_reminded(case, doctor, coordinator):
    at = timezone.now()
    labs = blood(case, doctor)
    assert {who for kind, _, who in planned(labs) if kind != "escalation"} == {doctor.pk}
    services.order(labs, by=doctor, at=at)
    assert {who for kind, _, who in planned(labs) if kind != "escalation"} == {coordinator.pk}
    old = Reminder.objects.filter(step=labs, door="ordered")
    assert {row.state for row in old} == {"withdrawn"}


def test_an_appointment_that_nobody_kept_is_late_on_the_next_day(case, doctor, coordinator):
    labs, now, today = blood(case, doctor), timezone.now(), timezone.localdate()
    services.order(labs, by=doctor, at=now)
    services.book(labs, booked_for=now, by=coordinator, at=now)
    labs.refresh_from_db()
    due = calendar_of(case.clinic).next_working(today)
    assert labs.due_on == due < labs.activated_on + timedelta(days=14)
    assert labs in Step.objects.overdue(due + timedelta(days=1))
    kinds = {(kind, who) for kind, on, who in planned(labs) if on >= due}
    assert ("due", coordinator.pk) in kinds or ("overdue", coordinator.pk) in kinds
    services.book(labs, booked_for=now + timedelta(days=60), by=coordinator, at=now)
    labs.refresh_from_db()
    assert labs.due_on >= labs.activated_on + timedelta(days=14), "the target stays"


def test_nobody_is_the_second_person_of_himself(case, doctor, coordinator):
    late = step(case, owner=doctor)
    booked = step(case, code="booked", owner=coordinator, owner_role="coordinator")
    plan_cases(case.clinic, [case.pk], timezone.now())
    second = {row.step: row.recipient for row in Reminder.objects.filter(kind="escalation")}
    assert second[late] == coordinator
    assert second[booked] == doctor
    same = Reminder.objects.filter(step__in=[late, booked], kind="escalation")
    assert not [row for row in same if row.recipient_id == row.step.owner_id]


def test_a_step_of_a_pool_is_told_to_everybody_of_its_role(case, clinic, coordinator):
    second = make.user(clinic, "coordinator")
    gone = make.user(clinic, "coordinator", is_active=False)
    ended = make.user(clinic, "coordinator")
    Membership.objects.filter(user=ended).update(ends_on=timezone.localdate() - timedelta(days=1))
    stranger = make.user(make.clinic("south"), "coordinator")
    pool = step(case, owner=None, owner_role="coordinator")
    plan_cases(clinic, [case.pk], timezone.now())
    told = {row.recipient for row in pool.reminders.exclude(kind="escalation")}
    assert told == {coordinator, second}
    assert not {gone, ended, stranger} & {row.recipient for row in Reminder.objects.all()}


def test_who_left_is_stood_in_for_by_the_role(case, clinic, doctor):
    other = make.user(clinic, "clinician")
    late = step(case, owner=doctor)
    doctor.is_active = False
    doctor.save()
    plan_missing()
    assert {row.recipient for row in late.reminders.exclude(kind="escalation")} == {other}


def test_a_step_that_waits_in_vain_is_not_forgotten(case, doctor):
    blocked = step(case, stage=Stage.WAITING, waits_for=["tri_nothing"], owner=doctor)
    going_on = step(case, "b", stage=Stage.WAITING, waits_for=["tri_history"], owner=doctor)
    plan_missing()
    assert [kind for kind, *_ in planned(blocked)] == ["no_date"]
    assert planned(going_on) == []


def test_a_moment_long_past_brings_one_message(case, doctor):
    today = timezone.localdate()
    old = step(
        case,
        owner=doctor,
        due_on=today - timedelta(days=300),
        door_open_since=today - timedelta(days=300),
    )
    plan_missing()
    now = timezone.now()
    late = old.reminders.filter(due_at__lte=now)
    assert sorted(row.kind for row in late) == ["escalation", "overdue"]
    assert all(row.next_attempt_at >= row.due_at for row in late)


def test_who_was_told_since_is_not_told_the_same_again(case, doctor):
    """The last moment is made up for only if nothing was sent after it: a late worker, say."""
    old = step(case, owner=doctor, due_on=timezone.localdate() - timedelta(days=20))
    Reminder.objects.create(
        clinic_id=old.clinic_id,
        step=old,
        door=old.door,
        kind="due",
        due_at=timezone.now() - timedelta(days=20),
        next_attempt_at=timezone.now(),
        recipient=doctor,
        state="sent",
        sent_at=timezone.now(),
    )
    plan_missing()
    assert not old.reminders.filter(kind="overdue", due_at__lte=timezone.now()).exists()
    assert old.reminders.filter(kind="overdue", state="planned").count() == 1


def test_what_was_withdrawn_and_is_owed_again_is_the_same_message(case, doctor):
    labs = blood(case, doctor)
    first = labs.reminders.filter(state="planned").order_by("pk").first()
    services.mark_not_needed(labs, reason="done elsewhere", by=doctor, at=timezone.now())
    first.refresh_from_db()
    assert first.state == "withdrawn"
    Step.objects.filter(pk=labs.pk).update(ended="", ended_at=None)
    services.resettle(case, at=timezone.now())
    again = Reminder.objects.get(pk=first.pk)
    assert (again.state, again.message_id) == ("planned", first.message_id)


def test_the_sweep_makes_what_is_missing_and_withdraws_what_is_left(case, doctor):
    before = {(r.step_id, r.kind, r.due_at) for r in Reminder.objects.filter(state="planned")}
    Reminder.objects.all().delete()
    closed = step(case, code="closed", is_open=False, stage=Stage.DONE, door="")
    now = timezone.now()
    for kind, fields in {
        "due": {},
        "overdue": {"in_digest": True},
        "no_date": {"next_attempt_at": now + timedelta(days=3)},  # looked at the day before
    }.items():
        reminder(closed, doctor, kind=kind, **fields)
    plan_missing(batch=1)
    found = Reminder.objects.filter(state="planned")
    assert {(r.step_id, r.kind, r.due_at) for r in found.exclude(step=closed)} == before
    assert {row.kind for row in found.filter(step=closed)} == {"no_date"}
    plan_missing(at=now + timedelta(days=2, hours=1))
    assert not closed.reminders.exclude(state="withdrawn").exists()


def test_a_hold_whose_day_has_come_ends_with_the_sweep(case, doctor):
    labs = blood(case, doctor)
    until = timezone.localdate() + timedelta(days=5)
    services.hold(labs, until=until, reason="abroad", by=doctor, at=timezone.now())
    assert all(when >= until for _, when, _ in planned(labs))
    plan_missing(at=timezone.now() + timedelta(days=6))
    labs.refresh_from_db()
    assert labs.stage == Stage.TO_ORDER
