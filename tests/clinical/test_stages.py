"""The stage table: from what people did to stage, next door and owner."""

import pytest

from clinical.engine import Door, Stage, StepState
from tests.clinical.case import day, rule_yaml, run, step_yaml, trial

ALWAYS = "{fact: pathway.trial, op: eq, value: active}"
TEST = trial(step_yaml("a"))
VISIT = trial(step_yaml("a", modality="history", capture="['hx:onset_date']"))
DECISION = trial(step_yaml("a", modality="other", capture="['other:mdt_review']"))
LETTER = trial(
    step_yaml("a", modality="other", capture="['crit:dmd_frame', 'other:patient_disclosure']")
)
D = day(1)


@pytest.mark.parametrize(
    ("catalogue", "did", "stage", "door", "owner"),
    [
        (TEST, {}, "to_order", "ordered", "clinician"),
        (TEST, {"ordered_on": D}, "to_book", "performed", "coordinator"),
        (TEST, {"ordered_on": D, "booked_on": D}, "booked", "performed", "coordinator"),
        (TEST, {"performed_on": D}, "awaiting_result", "reported", "coordinator"),
        (TEST, {"performed_on": D, "reported_on": D}, "to_review", "reviewed", "clinician"),
        (TEST, {"reported_on": D, "reviewed_on": D}, "to_tell", "told", "clinician"),
        (TEST, {"reviewed_on": D, "told_on": D}, "done", None, "clinician"),
        (VISIT, {}, "to_book", "performed", "coordinator"),
        (VISIT, {"booked_on": D}, "booked", "performed", "clinician"),
        (VISIT, {"performed_on": D, "reported_on": D, "reviewed_on": D}, "done", None, "clinician"),
        (DECISION, {}, "to_book", "performed", "coordinator"),
        (DECISION, {"reviewed_on": D}, "done", None, "clinician"),
        (LETTER, {"reviewed_on": D}, "to_tell", "told", "clinician"),
        (TEST, {"ended": "not_needed"}, "not_needed", None, "clinician"),
        (TEST, {"ended": "declined"}, "declined", None, "clinician"),
        (TEST, {"ended": "cancelled"}, "cancelled", None, "clinician"),
        (TEST, {"ended": "failed", "performed_on": D}, "failed", None, "clinician"),
        (TEST, {"ended": "answered"}, "done", None, "clinician"),
        (TEST, {"held_until": day(9)}, "on_hold", "ordered", "clinician"),
        (TEST, {"held_until": day(9), "ordered_on": D}, "on_hold", "performed", "coordinator"),
        (TEST, {"held_until": day(9), "reported_on": D}, "on_hold", "reviewed", "clinician"),
        (TEST, {"held_until": day(2)}, "to_order", "ordered", "clinician"),  # over today
    ],
)
def test_the_stage_follows_from_what_people_did(catalogue, did, stage, door, owner):
    verdict = run(catalogue, StepState("a", **did), on=2).verdicts["a"]
    assert (verdict.stage, verdict.door, verdict.owner) == (stage, door, owner)


def blocked(**did):
    catalogue = trial(step_yaml("a"), step_yaml("b", requires="[a]"))
    first = StepState("a", **did)
    return run(catalogue, first, on=2).verdicts["b"]


@pytest.mark.parametrize(
    ("did", "stage"),
    [
        ({}, "waiting"),
        ({"performed_on": D}, "waiting"),
        ({"reported_on": D}, "to_order"),
        ({"ended": "not_needed"}, "to_order"),
        ({"ended": "answered"}, "to_order"),
        ({"ended": "declined"}, "waiting"),
        ({"ended": "cancelled"}, "waiting"),
        ({"ended": "failed"}, "waiting"),
    ],
)
def test_a_prerequisite_blocks_until_it_has_a_result_or_is_not_needed(did, stage):
    verdict = blocked(**did)
    assert verdict.stage == stage
    assert verdict.waits_for == (("a",) if stage == "waiting" else ())


def test_a_waiting_step_says_for_what():
    assert blocked().because[0].text == "Waits for: Step a"


def test_a_conditional_step_that_nobody_asked_for_is_inactive_and_does_not_block():
    catalogue = trial(step_yaml("a", default="conditional"), step_yaml("b", requires="[a]"))
    outcome = run(catalogue)
    assert outcome.verdicts["a"].stage == Stage.INACTIVE
    assert not outcome.verdicts["a"].active
    assert outcome.verdicts["b"].stage == Stage.TO_ORDER
    asked = run(catalogue, StepState("a", activated_on=D))
    assert asked.verdicts["b"].stage == Stage.WAITING


@pytest.mark.parametrize("did", [{"released": True}, {"ordered_on": D}, {"performed_on": D}])
def test_a_released_or_ordered_step_is_never_thrown_back_to_waiting(did):
    catalogue = trial(step_yaml("a"), step_yaml("b", requires="[a]"))
    verdict = run(catalogue, StepState("b", **did)).verdicts["b"]
    assert verdict.stage != Stage.WAITING


def repeat(code: str, of: str, catalogue):
    from dataclasses import replace

    return replace(catalogue.steps[of], code=code, pathway="", requires=(), repeats=of)


def test_a_repeat_stands_in_for_the_step_that_failed():
    catalogue = trial(step_yaml("a"), step_yaml("b", requires="[a]"))
    extra = (repeat("a-2", "a", catalogue),)
    failed = StepState("a", ended="failed")
    waiting = run(catalogue, failed, extra=extra)
    assert waiting.verdicts["b"].stage == Stage.WAITING
    assert waiting.verdicts["a-2"].stage == Stage.TO_ORDER
    assert waiting.verdicts["a-2"].because[0].text == "Repeats Step a"
    done = run(catalogue, failed, StepState("a-2", reported_on=D), extra=extra)
    assert done.verdicts["b"].stage == Stage.TO_ORDER


def test_a_repeat_that_failed_too_is_stood_in_for_by_the_next_one():
    catalogue = trial(step_yaml("a"), step_yaml("b", requires="[a]"))
    first = repeat("a-2", "a", catalogue)
    second = repeat("a-3", "a", catalogue)
    extra = (first, type(second)(**{**_fields(second), "repeats": "a-2"}))
    failed = [StepState("a", ended="failed"), StepState("a-2", ended="failed")]
    assert run(catalogue, *failed, extra=extra).verdicts["b"].stage == Stage.WAITING
    last = StepState("a-3", reported_on=D)
    assert run(catalogue, *failed, last, extra=extra).verdicts["b"].stage == Stage.TO_ORDER


def _fields(step):
    from dataclasses import fields

    return {field.name: getattr(step, field.name) for field in fields(step)}


def test_rules_see_the_status_of_the_repeat():
    catalogue = trial(
        step_yaml("a"),
        step_yaml("b", default="conditional"),
        rules=(rule_yaml("r", "{fact: step.a, op: eq, value: resulted}", "{activate: {step: b}}"),),
    )
    extra = (repeat("a-2", "a", catalogue),)
    states = (StepState("a", ended="failed"), StepState("a-2", reported_on=D))
    assert run(catalogue, *states, extra=extra).verdicts["b"].active


def test_a_rule_s_hold_lasts_while_it_is_true_and_until_it_is_released():
    hold = "{hold: {step: a, text: plan first}}"
    when = "{fact: hx.anticoagulation, op: eq, value: warfarin}"
    catalogue = trial(step_yaml("a"), rules=(rule_yaml("r", when, hold),))
    facts = {"hx.anticoagulation": "warfarin"}
    held = run(catalogue, facts=facts).verdicts["a"]
    assert (held.stage, held.due_on) == (Stage.ON_HOLD, day(14))  # looked at again
    assert held.because[0].facts == facts
    assert run(catalogue).verdicts["a"].stage == Stage.TO_ORDER
    free = run(catalogue, StepState("a", released=True), facts=facts)
    assert (free.verdicts["a"].stage, free.raised) == (Stage.TO_ORDER, ())
    performed = run(catalogue, StepState("a", performed_on=D), facts=facts)
    assert performed.verdicts["a"].stage == Stage.AWAITING_RESULT


def test_a_closed_pathway_keeps_what_is_under_way_and_drops_the_rest():
    catalogue = trial(
        step_yaml("a"),
        step_yaml("b"),
        rules=(rule_yaml("r", ALWAYS.replace("active", "closed"), "{activate: {step: b}}"),),
    )
    outcome = run(catalogue, StepState("a", ordered_on=D), closed=frozenset({"trial"}))
    assert outcome.verdicts["a"].stage == Stage.TO_BOOK
    assert outcome.verdicts["b"].stage == Stage.INACTIVE
    assert outcome.true_rules == frozenset()  # its rules rest, too


def test_an_unknown_step_or_pathway_is_refused():
    with pytest.raises(KeyError):
        run(TEST, StepState("zz"))
    with pytest.raises(KeyError):
        run(TEST, started={"zz": day(0)})


def test_an_inactive_step_says_which_facts_would_settle_it():
    when = "{all: [{fact: pt.sex, op: eq, value: male}, {fact: lab.ck.x_uln, op: gte, value: 5}]}"
    catalogue = trial(
        step_yaml("a", default="conditional"),
        rules=(rule_yaml("r", when, "{activate: {step: a}}"),),
    )
    verdict = run(catalogue, facts={"pt.sex": "male"}).verdicts["a"]
    assert verdict.missing == ("lab.ck.x_uln",)
    reason = verdict.because[0]
    assert (reason.rule, reason.source) == ("r", "A book, p. 7")
    assert reason.text == "Sex is male, and CK at least 5 × the upper limit"
    assert run(catalogue, facts={"pt.sex": "female"}).verdicts["a"].missing == ()


def test_an_order_that_nobody_entered_is_past():
    verdict = run(TEST, StepState("a", reported_on=D)).verdicts["a"]
    assert verdict.door == Door.REVIEWED
