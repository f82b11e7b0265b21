"""Pages and the interface count days by the clock of the reader's clinic, to the minute."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests import make
from tests.interop.asking import ask, is_overdue, keys
from workflows.clock import is_overdue as late_in_python
from workflows.clock import local_day
from workflows.models import Reminder, Step
from workflows.models.reminder import Kind
from workflows.reminders.message import content

pytestmark = pytest.mark.django_db
LONDON = "Europe/London"


def due_step(zone, on=None):
    """A step that can be acted on, due `on` (as its pathway has it), and its clinician."""
    clinic = make.clinic(time_zone=zone)
    doctor = make.user(clinic, "clinician")
    case = make.case(make.patient(clinic, doctor), doctor, clinician=doctor)
    steps = case.steps.filter(is_open=True).exclude(stage="waiting")
    if on:
        case.steps.filter(is_open=True).update(due_on=None)
        steps.filter(pk=steps.first().pk).update(due_on=on)
    return steps.exclude(due_on=None).first(), doctor


@pytest.mark.parametrize(("zone", "late"), [(LONDON, False), ("Pacific/Auckland", True)])
def test_a_step_is_late_when_its_clinic_says_so(client, rows, monkeypatch, zone, late):
    """18:00 UTC on the day it is due: the next morning in Auckland."""
    step, doctor = due_step(zone)
    evening = datetime.combine(step.due_on, datetime.min.time(), UTC).replace(hour=18)
    monkeypatch.setattr(timezone, "now", lambda: evening)
    client.force_login(doctor)
    found = client.get("/worklist/?overdue=1").context["page"].rows
    assert (str(step.pk) in {row["step"] for row in found}) is late
    assert is_overdue(ask(client, f"Task/{step.pk}")) is late


@pytest.mark.parametrize(
    ("zone", "due"),  # days of 23 and of 25 hours, and one of 24
    [
        (LONDON, "2026-03-29"),
        (LONDON, "2026-10-25"),
        (LONDON, "2026-06-30"),
        ("Pacific/Auckland", "2026-09-27"),
        ("Pacific/Auckland", "2026-04-05"),
    ],
)
def test_everything_says_late_in_the_same_minute(client, rows, monkeypatch, zone, due):
    """Not yet in the last minute of the day, and then in the first of the next."""
    step, doctor = due_step(zone, on=due)
    midnight = datetime.fromisoformat(due).replace(tzinfo=ZoneInfo(zone)) + timedelta(days=1)
    for minutes, late in ((-1, False), (0, True), (1, True)):
        now = midnight.astimezone(UTC) + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda now=now: now)
        client.force_login(doctor)
        assert late_in_python(Step.objects.get(pk=step.pk), local_day(now, step.clinic)) is late
        page = client.get("/worklist/?overdue=1").context
        assert (str(step.pk) in {row["step"] for row in page["page"].rows}) is late
        assert {item.label: item.late for item in page["shell"]["nav"]}["Worklist"] == late
        assert ("is overdue" in mailed(step, doctor, now)) is late
        assert is_overdue(ask(client, f"Task/{step.pk}")) is late
        assert keys(ask(client, "Task?overdue=true")) == [step.pk] * late
        assert (step.pk in keys(ask(client, "Task?overdue=false"))) is not late


def mailed(step, doctor, now):
    """The message about a step, made at that instant."""
    row = Reminder.objects.filter(step=step).select_related("recipient", "step__clinic").first()
    row.kind, row.recipient, row.lines = Kind.OVERDUE, doctor, [row]
    return content(row, now).decode()
