"""A paused case begins nothing new, loses nothing that was done, and goes on by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import make
from workflows import services

DAY = timedelta(days=1)


def paused(case, doctor, days=14, why="patient"):
    until = timezone.localdate() + days * DAY
    return services.pause(case, why=why, until=until, by=doctor, at=timezone.now())


def test_what_is_not_begun_rests_and_what_was_done_is_still_read(case, doctor):
    labs = make.reported(case.steps.get(code="tri_labs"), doctor, {"lab.ck.x_uln": 1.0})
    paused(case, doctor)
    labs.refresh_from_db()
    assert labs.stage == "to_review"
    others = case.steps.filter(is_open=True).exclude(pk=labs.pk)
    assert set(others.values_list("stage", flat=True)) == {"on_hold"}
    until = timezone.localdate() + 14 * DAY
    assert {step.due_on >= until for step in others} == {True}
    assert any("paused: the patient’s choice" in reason["text"] for reason in others[0].because)


def test_due_days_move_by_as_long_as_the_clock_stood_still(case, doctor):
    before = {step.code: step.due_on for step in case.steps.filter(is_open=True)}
    paused(case, doctor, days=14)
    services.go_on(case, by=doctor, at=timezone.now() + 7 * DAY)
    moved = [
        (step.due_on - before[step.code]).days
        for step in case.steps.filter(is_open=True)
        if step.code in before and before[step.code] and step.stage != "waiting"
    ]
    assert moved
    assert all(7 <= days <= 11 for days in moved), "seven days, and on to a working day"


def test_a_pause_ends_by_itself(case, doctor):
    paused(case, doctor, days=14)
    services.resettle(case, at=timezone.now() + 14 * DAY)
    assert not case.steps.filter(stage="on_hold").exists()
    with pytest.raises(ValidationError, match="not paused"):
        services.go_on(case, by=doctor, at=timezone.now() + 14 * DAY)


def test_what_is_refused(case, doctor):
    now, today = timezone.now(), timezone.localdate()
    for why, until, sentence in [
        ("holiday", today + DAY, "Choose why"),
        ("patient", None, "needs the day"),
        ("patient", today, "after today"),
        ("patient", today + 500 * DAY, "within a year"),
    ]:
        with pytest.raises(ValidationError, match=sentence):
            services.pause(case, why=why, until=until, by=doctor, at=now)
    paused(case, doctor)
    with pytest.raises(ValidationError, match="paused already"):
        paused(case, doctor)
