"""What follows from acts: derived again it is the same, and it is derived from acts alone."""

import random
from datetime import date

import pytest
from django.utils import timezone

from interop.fhir.search import flat
from interop.fhir.task import task
from tests import make
from tests.interop.asking import is_overdue as said_by_interface
from workflows import services
from workflows.clock import is_overdue
from workflows.facts import facts_of
from workflows.models import Step
from workflows.say import fact_value
from workflows.services.settle import DERIVED

FACTS = {
    "tri_history": {"hx.progression": "chronic_progressive"},
    "tri_exam": {"ex.umn_regions": 2, "ex.lmn_regions": 2, "ex.sensory_pattern": "none"},
    "tri_labs": {"lab.ck.x_uln": 2.0, "lab.ck.value": 400.0},
    "tri_resp": {"resp.fvc_upright_pct": 71},
}


def state_of(case):
    names = ["code", *(name for name in DERIVED if name != "twin_of")]
    return list(case.steps.order_by("code").values_list(*names)), sorted(
        case.proposals.values_list("key", "state")
    )


def test_settling_again_changes_nothing(case, doctor):
    for code, facts in FACTS.items():
        make.reported(case.steps.get(code=code), doctor, facts)
    before = state_of(case)
    services.resettle(case, at=timezone.now())
    assert state_of(case) == before


def test_the_order_of_results_does_not_matter(clinic, doctor):
    outcomes = []
    for seed in range(3):
        case = make.case(make.patient(clinic, doctor), doctor, clinician=doctor)
        codes = list(FACTS)
        random.Random(seed).shuffle(codes)
        for code in codes:
            make.reported(case.steps.get(code=code), doctor, FACTS[code])
        case.refresh_from_db()
        keys = sorted(case.proposals.filter(state="open").values_list("key", flat=True))
        stages = sorted(case.steps.values_list("code", "stage", "due_on"))
        outcomes.append((case.facts, keys, stages))
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_overdue_is_the_same_in_python_in_sql_and_in_the_interface(case, doctor):
    make.reported(case.steps.get(code="tri_history"), doctor, FACTS["tri_history"])
    due = sorted({step.due_on for step in case.steps.all() if step.due_on})
    for on in [*due, *(day.replace(year=day.year + 1) for day in due)]:
        in_sql = set(Step.objects.filter(case=case).overdue(on).values_list("pk", flat=True))
        assert in_sql == {step.pk for step in case.steps.all() if is_overdue(step, on)}
        tasks = [task(row, on) for row in flat(case.steps.all())]
        assert in_sql == {int(each["id"]) for each in tasks if said_by_interface(each)}


def test_a_waiting_step_is_not_late_by_itself(case):
    on = timezone.localdate().replace(year=timezone.localdate().year + 1)
    late = case.steps.overdue(on)
    assert late.exists()
    assert not late.filter(stage="waiting").exists()


def test_a_test_two_pathways_ask_for_is_done_once(case, doctor):
    """The same captures, twice open: one order, one report, one row on the worklist."""
    at = timezone.now()
    first = services.add_step(
        case,
        code="extra_ck",
        label="CK",
        modality="labs",
        captures=["lab:ck"],
        profile="soon",
        days=14,
        by=doctor,
        at=at,
    )
    second = services.add_step(
        case,
        code="extra_ck_again",
        label="CK, too",
        modality="labs",
        captures=["lab:ck"],
        profile="urgent",
        days=7,
        by=doctor,
        at=at,
    )
    second.refresh_from_db()
    assert second.twin_of == first
    services.order(second, by=doctor, at=at)
    make.reported(first, doctor, {"lab.ck.x_uln": 1.0}, captures=["lab:ck"])
    for step in (first, second):
        step.refresh_from_db()
        assert (step.stage, step.facts) == ("to_review", {"lab.ck.x_uln": 1.0})
    assert Step.objects.open().filter(case=case, modality="labs", stage="to_review").count() == 1


def test_a_result_on_record_is_proposed_as_the_answer(case, doctor):
    make.reported(case.steps.get(code="tri_history"), doctor, FACTS["tri_history"])
    captured = ["lab:ck", "lab:ast", "lab:alt", "lab:ggt"]
    make.reported(case.steps.get(code="tri_labs"), doctor, FACTS["tri_labs"], captures=captured)
    services.start_pathway(case, "muscular_dystrophy", by=doctor, at=timezone.now())
    assert services.accept_rule(case, "no_such_rule", by=doctor, at=timezone.now()) == 0
    proposal = case.proposals.get(key="answered:answer:md_ck", state="open")
    services.accept(proposal, by=doctor, at=timezone.now())
    step = case.steps.get(code="md_ck")
    assert (step.stage, step.answered_by.code) == ("done", "tri_labs")


def test_a_declined_proposal_comes_back_only_after_its_rule_was_false(case, doctor):
    labs = case.steps.get(code="tri_labs")

    def report(times, status):
        make.reported(labs, doctor, {"lab.ck.x_uln": times}, status=status)

    report(3.0, "final")
    repeat = case.proposals.get(key="tri_ck:activate:tri_ck_repeat", state="open")
    services.decline_proposal(repeat, reason="known athlete", by=doctor, at=timezone.now())
    report(3.1, "corrected")
    assert not case.proposals.filter(key=repeat.key, state="open").exists()
    report(1.0, "corrected")
    report(3.0, "corrected")
    assert case.proposals.filter(key=repeat.key, state="open").count() == 1


def test_what_a_rule_no_longer_asks_for_is_withdrawn_or_marked(case, doctor):
    labs = case.steps.get(code="tri_labs")
    make.reported(labs, doctor, {"lab.ck.x_uln": 3.0})
    repeat = case.proposals.get(key="tri_ck:activate:tri_ck_repeat", state="open")
    services.accept(repeat, by=doctor, at=timezone.now())
    make.reported(labs, doctor, {"lab.ck.x_uln": 1.0}, status="corrected")
    repeat.refresh_from_db()
    assert repeat.state == "superseded"
    assert case.steps.get(code="tri_ck_repeat").is_open  # never undone silently


@pytest.mark.parametrize(
    ("onset", "precision", "band"),
    [
        ("2025-11-01", "month", "fast"),
        ("2023-11-01", "month", "slow"),
        ("2025-01-01", "year", None),  # too vague to reckon from
    ],
)
def test_the_alsfrs_r_is_followed_from_an_onset_that_is_known(case, doctor, onset, precision, band):
    case.onset_on, case.onset_precision = date.fromisoformat(onset), precision
    case.save()
    make.reported(
        case.steps.get(code="tri_exam"), doctor, {"scale.alsfrs_r.total": 40}, on="2026-05-01"
    )
    case.refresh_from_db()
    facts = facts_of(case, case.steps.all(), [], date(2026, 5, 1))
    assert facts.get("crit.alsfrs_r_slope") == band


def test_an_age_is_said_as_people_say_it():
    assert [fact_value("pt.age_years", age) for age in (79.071, 0.5, 0.1)] == [
        "79 y",
        "6 mo",
        "37 d",
    ]
