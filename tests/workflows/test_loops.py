"""`check_loops` proves the promise, and finds each way of breaking it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests import make
from workflows.loops import check
from workflows.models import Step

BROKEN = {
    "has no due date": {"due_on": None},
    "has no next door": {"door": "nowhere"},
    "waits at a door that it has passed": {"door": "ordered"},
    "stands otherwise than its acts say": {"urgency": "routine"},
}


def run(*options):
    out = StringIO()
    call_command("check_loops", *options, stdout=out)
    return out.getvalue()


def test_a_case_of_our_own_keeps_every_promise(case, doctor):
    make.reported(case.steps.get(code="tri_labs"), doctor, {"lab.ck.x_uln": 2.0})
    said = run()
    assert "1 open cases" in said
    assert "1 reported and not reviewed" in said
    assert "Each has one owner, one next door and one due date." in said


@pytest.mark.parametrize("sentence", BROKEN)
def test_each_broken_promise_is_named(case, doctor, sentence):
    step = make.reported(case.steps.get(code="tri_labs"), doctor, {"lab.ck.x_uln": 2.0})
    changed = BROKEN[sentence]
    if sentence == "has no next door":
        step.door = "nowhere"  # the database refuses this one by itself
        from workflows.loops import broken_promises

        assert sentence in list(broken_promises(step, {step.owner_id: {"clinician"}}))
        return
    Step.objects.filter(pk=step.pk).update(**changed)
    with pytest.raises(CommandError, match=sentence):
        run()


def test_a_report_in_the_hands_of_somebody_who_cannot_review_it_is_found(case, doctor, coordinator):
    step = make.reported(case.steps.get(code="tri_labs"), doctor, {"lab.ck.x_uln": 2.0})
    Step.objects.filter(pk=step.pk).update(owner=coordinator)
    assert check(timezone.now()).kinds["waits for a clinician, and its owner is none"] == 1
    assert "1 cases derived again" in run("--settle")
    step.refresh_from_db()
    assert step.owner == doctor


def test_an_owner_who_left_is_found(case, doctor):
    doctor.memberships.update(ends_on=timezone.localdate() - timezone.timedelta(days=1))
    kinds = check(timezone.now()).kinds
    assert kinds["belongs to somebody who does not work here any more"]
