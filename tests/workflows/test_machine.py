"""Random acts of several people on one case: the promises hold at every instant, no jump is legal.

`NMD_MACHINE_STEPS` says how many acts are drawn (make bench: 10,000).
"""

import os
from contextlib import ExitStack
from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from accounts.rls import ALL, clinics
from clinical.engine import Stage
from interop.fhir.search import flat, page, search_of
from interop.fhir.task import COLUMNS, task
from tests import make
from tests.interop.asking import is_overdue as said_by_interface
from workflows import look, services, worklist
from workflows.clock import is_overdue, local_day
from workflows.definitions import doors_of
from workflows.loops import broken_promises
from workflows.models import Absence, Offer, Reminder, Step, step_name, tally
from workflows.models.reminder import NOTICES
from workflows.reminders.message import _state

STEPS = int(os.environ.get("NMD_MACHINE_STEPS", "240"))
EACH = 40
LONDON = ZoneInfo("Europe/London")
# a Friday, two days before clocks go forward
BEGIN = datetime(2026, 3, 27, 15, 0, tzinfo=LONDON)
FACTS = {
    "tri_history": {"hx.progression": "chronic_progressive"},
    "tri_exam": {"ex.umn_regions": 2, "ex.lmn_regions": 2, "ex.sensory_pattern": "none"},
    "tri_labs": {"lab.ck.x_uln": 2.0, "lab.ck.value": 400.0},
}
DOORS = ["ordered", "performed", "reported", "reviewed", "told"]
number = st.integers(0, 50)


class Clinic(RuleBasedStateMachine):
    """Two clinicians and a coordinator work on one case while time passes."""

    @initialize()
    def begin(self):
        self.stack = ExitStack()
        self.stack.enter_context(clinics(ALL))
        self.at = BEGIN
        self.clinic = make.clinic(f"c{id(self)}")
        self.doctors = [make.user(self.clinic, "clinician") for _ in range(2)]
        self.coordinator = make.user(self.clinic, "coordinator")
        patient = make.patient(self.clinic, self.doctors[0])
        self.case = services.open_case(
            patient,
            referral_on=BEGIN.date(),
            by=self.doctors[0],
            at=self.at,
            clinician=self.doctors[0],
            coordinator=self.coordinator,
        )

    def teardown(self):
        if hasattr(self, "stack"):
            transaction.set_rollback(True)
            self.stack.close()

    def pick(self, which):
        steps = list(self.case.steps.order_by("pk"))
        return steps[which % len(steps)]

    def act(self, do, *args, **kwargs):
        """An act is done whole, or refused with a sentence and nothing is written."""
        try:
            with transaction.atomic():
                return do(*args, by=self.doctors[0], at=self.at, **kwargs)
        except ValidationError:
            return None  # refused in words; nothing is written

    @rule(which=number)
    def order(self, which):
        self.act(services.order, self.pick(which))

    @rule(which=number, days=st.integers(-2, 20))
    def book(self, which, days):
        when = self.at + timedelta(days=days)
        done = self.act(services.book, self.pick(which), booked_for=when)
        assert done is None or days >= 0

    @rule(which=number, days=st.integers(-3, 2))
    def perform(self, which, days):
        day = local_day(self.at, self.clinic) + timedelta(days=days)
        done = self.act(services.perform, self.pick(which), performed_on=day)
        assert done is None or days <= 0

    @rule(
        which=number,
        status=st.sampled_from(["preliminary", "final", "corrected", "entered_in_error"]),
        flag=st.sampled_from(["normal", "abnormal", "critical"]),
    )
    def report(self, which, status, flag):
        step = self.pick(which)
        self.act(
            services.report,
            step,
            facts={} if status == "entered_in_error" else FACTS.get(step.code, {}),
            captures=step.captures,
            summary="found",
            flag=flag,
            status=status,
            performed_on=local_day(self.at, self.clinic),
        )

    @rule(which=number)
    def review(self, which):
        self.act(services.review, self.pick(which), note="seen")

    @rule(which=number, how=st.sampled_from(["visit", "letter", "pigeon"]))
    def tell(self, which, how):
        done = self.act(services.tell, self.pick(which), how=how)
        assert done is None or how != "pigeon"

    @rule(which=number, days=st.none() | st.integers(-1, 40))
    def try_to_tell_in_vain(self, which, days):
        until = None if days is None else local_day(self.at, self.clinic) + timedelta(days=days)
        done = self.act(services.try_in_vain, self.pick(which), how="phone", until=until)
        assert done is None or days is None or days > 0

    @rule(which=number, days=st.integers(-1, 9))
    def hold(self, which, days):
        until = local_day(self.at, self.clinic) + timedelta(days=days)
        done = self.act(services.hold, self.pick(which), until=until, reason="on holiday")
        assert done is None or days > 0

    @rule(which=number, verb=st.sampled_from(["resume", "release", "unbook", "unorder"]))
    def go_on_with(self, which, verb):
        more = {"reason": "may go on"} if verb == "release" else {}
        self.act(getattr(services, verb), self.pick(which), **more)

    @rule(which=number, days=st.integers(-1, 70))
    def snooze(self, which, days):
        until = local_day(self.at, self.clinic) + timedelta(days=days)
        done = self.act(services.snooze, self.pick(which), until=until, reason="on holiday")
        assert done is None or 0 < days <= 60

    @rule(which=number, verb=st.sampled_from(["wake", "acknowledge"]))
    def wake_or_acknowledge(self, which, verb):
        self.act(getattr(services, verb), self.pick(which))

    @rule(
        which=number,
        verb=st.sampled_from(["decline", "cancel", "mark_not_needed", "fail_and_repeat"]),
    )
    def end(self, which, verb):
        self.act(getattr(services, verb), self.pick(which), reason="so it is")

    @rule(which=number, who=st.integers(0, 3))
    def assign(self, which, who):
        people = [*self.doctors, self.coordinator, None]
        self.act(services.assign, self.pick(which), to=people[who])

    @rule(which=number, who=st.integers(0, 2))
    def offer(self, which, who):
        people = [*self.doctors, self.coordinator]
        self.act(services.offer, self.pick(which), to=people[who])

    @rule(accepted=st.booleans())
    def answer(self, accepted):
        asked = Offer.objects.asked().filter(case=self.case).select_related("step", "to_user")
        for each in asked[:1]:
            more = {} if accepted else {"reason": "no room"}
            do = services.accept_offer if accepted else services.decline_offer
            try:
                with transaction.atomic():
                    do(each, by=each.to_user, at=self.at, **more)
            except ValidationError:  # said in words; the next sweep takes the question back
                not_hers = each.to_user == self.coordinator and each.step.owner_role == "clinician"
                assert each.step.ended or not_hers

    @rule(days=st.integers(0, 30))
    def pause(self, days):
        until = local_day(self.at, self.clinic) + timedelta(days=days)
        self.act(services.pause, self.case, why="patient", until=until)

    @rule()
    def let_go_on(self):
        self.act(services.go_on, self.case)

    @rule(days=st.integers(0, 5))
    def be_away(self, days):
        today = local_day(self.at, self.clinic)
        last = today + timedelta(days=days)
        one, other = self.doctors
        self.act(
            services.set_absence, one, other, clinic=self.clinic, starts_on=today, ends_on=last
        )

    @rule()
    def come_back(self):
        for each in Absence.objects.filter(clinic=self.clinic, cancelled_at=None)[:1]:
            self.act(services.cancel_absence, each)

    @rule(minutes=st.sampled_from([1, 59, 60, 9 * 60, 24 * 60, 3 * 24 * 60, 40 * 24 * 60]))
    def time_passes(self, minutes):
        """And what the hourly sweep does about it."""
        self.at = (self.at.astimezone(ZoneInfo("UTC")) + timedelta(minutes=minutes)).astimezone(
            LONDON
        )
        services.move_covered(self.clinic, self.at)
        services.lapse_offers(self.clinic, self.at)
        services.offer_escalated(self.clinic, self.at)
        services.resettle(self.case, at=self.at)

    @rule(which=number, door=st.sampled_from(DOORS[1:]))
    def no_door_is_jumped_in_the_database(self, which, door):
        """Not even by a statement that goes past the services."""
        step = self.pick(which)
        before = {"performed": "ordered_at", "reviewed": "reported_at", "told": "reviewed_at"}
        column = before.get(door, "performed_on")
        if getattr(step, column) is not None or "ordered" not in map(str, doors_of(step)):
            return
        values = {
            "performed": {"performed_on": self.at.date()},
            "reported": {
                "reported_at": self.at,
                "reported_on": self.at.date(),
                "result_status": "final",
            },
            "reviewed": {"reviewed_at": self.at},
            "told": {"told_at": self.at},
        }
        with pytest.raises(Exception, match="violates check"), transaction.atomic():
            Step.objects.filter(pk=step.pk).update(**values[door])

    @invariant()
    def every_promise_is_kept(self):
        staff = {person.pk: {"clinician"} for person in self.doctors}
        staff[self.coordinator.pk] = {"coordinator"}
        for step in self.case.steps.all():
            if step.is_open and not step.twin_of_id:
                assert not list(broken_promises(step, staff)), step

    @invariant()
    def nothing_is_silent(self):
        """Somebody is owed a message about each step that can be acted on, whatever rests."""
        owed = Reminder.objects.filter(step__case=self.case, state="planned")
        owed = owed.exclude(kind__in=NOTICES)  # planned by an act; looked at again when sent
        told = set(owed.values_list("step", "door"))
        for step in self.case.steps.all():
            if step.is_open and not step.twin_of_id and step.stage != Stage.WAITING:
                assert (step.pk, step.door) in told, step
        assert told <= {(step.pk, step.door) for step in self.case.steps.filter(is_open=True)}

    @invariant()
    def late_is_late_everywhere(self):
        """List, badge, row, mail, interface and Python agree on the day of due and the next one."""
        steps = [step for step in self.case.steps.select_related("owner") if step.is_open]
        rows = list(flat(self.case.steps.filter(is_open=True)))
        due = {step.due_on for step in steps if step.due_on}
        for on in {day + timedelta(days=n) for day in sorted(due)[:1] for n in (0, 1)}:
            late = {step.pk for step in steps if is_overdue(step, on)}
            assert late == set(
                Step.objects.filter(case=self.case).overdue(on).values_list("pk", flat=True)
            )
            assert worklist.standing_counts(self.coordinator, on)["late"] == len(late)
            assert tally.wrong() == step_name.missing() == 0
            shown = worklist.Listing(self.coordinator, worklist.Filter(overdue=True), on).page(99)
            assert {row["id"] for row in shown.rows} == late
            found, _ = page(self.coordinator, search_of(QueryDict("overdue=true&_count=99"), on))
            assert {row.id for row in found} == late
            assert {row.id for row in rows if said_by_interface(task(row, on))} == late
            for step in steps:
                if step.due_on and step.stage != Stage.WAITING and not step.twin_of_id:
                    assert (look.due_text(step.due_on, on)[0] == "late") == (step.pk in late)
                    assert (_state(Row(step), on)[0] == "is overdue") == (step.pk in late)


class Row:
    """A reminder, as far as its words need one."""

    kind = "overdue"

    def __init__(self, step):
        self.step = step


@pytest.mark.django_db
def test_random_acts_keep_every_promise():
    run_state_machine_as_test(
        Clinic,
        settings=settings(
            max_examples=max(1, STEPS // EACH),
            stateful_step_count=EACH,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@pytest.mark.parametrize(
    ("day", "zone"), [("2026-03-29", "Europe/London"), ("2026-10-25", "Europe/London")]
)
def test_the_day_turns_at_midnight_of_the_clinic_also_when_clocks_change(day, zone):
    """Due on `day`: not late in its last minute, late in the next one, whatever the clock did."""
    clinic = make.Clinic(time_zone=zone)
    due = datetime.fromisoformat(day).date()
    step = Step(is_open=True, stage="to_book", door="performed", due_on=due)
    row = SimpleNamespace(
        **{name: getattr(step, name, None) for name in COLUMNS} | {"captures": []}
    )
    midnight = datetime.combine(due + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    midnight = midnight.astimezone(ZoneInfo("UTC"))
    for minutes in range(-26 * 60, 3 * 60, 1):
        at = midnight + timedelta(minutes=minutes)
        on = local_day(at, clinic)
        assert is_overdue(step, on) == said_by_interface(task(row, on)) == (minutes >= 0)
