"""What rules raise: proposals, alerts, conflicts, answers."""

from dataclasses import replace

import pytest

from clinical.engine import Stage, StepState
from clinical.pathways import StepDef
from tests.clinical.case import day, keys, pathway_yaml, raised, rule_yaml, run, step_yaml, trial

YOUNG = "{fact: pt.age_years, op: lt, value: 18}"
MALE = "{fact: pt.sex, op: eq, value: male}"
CHILD = {"pt.age_years": 4}
BOY = {"pt.age_years": 4, "pt.sex": "male"}
D = day(1)


def conditional(*rules: str, **fields: object):
    return trial(step_yaml("a", default="conditional", **fields), rules=rules)


def test_without_confirmation_a_step_is_activated_at_once_and_says_why():
    catalogue = conditional(rule_yaml("r", YOUNG, "{activate: {step: a}}"))
    outcome = run(catalogue, facts=CHILD)
    verdict = outcome.verdicts["a"]
    assert (verdict.stage, verdict.active) == (Stage.TO_ORDER, True)
    assert verdict.because[0].text == "Age under 18 years"
    one = raised(outcome, "r:activate:a")
    assert (one.needs_decision, one.text, one.facts) == (False, "Step a is needed.", CHILD)
    assert (one.source, one.confidence, one.step) == ("A book, p. 7", "high", "a")


def test_with_confirmation_nothing_happens_until_a_clinician_has_decided():
    catalogue = conditional(rule_yaml("r", YOUNG, "{activate: {step: a}}", confirm=True))
    outcome = run(catalogue, facts=CHILD)
    assert outcome.verdicts["a"].stage == Stage.INACTIVE
    assert raised(outcome, "r:activate:a").needs_decision
    accepted = run(catalogue, StepState("a", activated_on=D), facts=CHILD)
    assert (accepted.verdicts["a"].stage, accepted.raised) == (Stage.TO_ORDER, ())
    declined = run(catalogue, facts=CHILD, declined=frozenset({"r:activate:a"}))
    assert (declined.verdicts["a"].stage, declined.raised) == (Stage.INACTIVE, ())
    assert declined.true_rules == {"r"}


def test_an_unknown_fact_raises_nothing():
    catalogue = conditional(rule_yaml("r", f"{{not: {YOUNG}}}", "{activate: {step: a}}"))
    outcome = run(catalogue)
    assert (outcome.raised, outcome.true_rules) == ((), frozenset())


@pytest.mark.parametrize(
    ("did", "kind"),
    [
        (None, "skip"),  # inactive
        ({"activated_on": D}, "skip"),
        ({"ordered_on": D}, "cancel"),
        ({"ordered_on": D, "booked_on": D}, "cancel"),
        ({"ordered_on": D, "held_until": day(9)}, "cancel"),
        ({"performed_on": D}, None),
        ({"reported_on": D}, None),
        ({"ended": "not_needed"}, None),
        ({"ended": "declined"}, None),
        ({"ended": "answered"}, None),
    ],
)
def test_a_step_is_skipped_cancelled_or_left_alone(did, kind):
    catalogue = conditional(rule_yaml("r", YOUNG, "{skip: {step: a}}"))
    states = [StepState("a", **did)] if did else []
    outcome = run(catalogue, *states, facts=CHILD, on=2)
    assert keys(outcome) == ([f"r:{kind}:a"] if kind else [])
    assert all(one.needs_decision for one in outcome.raised)  # whatever the rule says


def test_a_visit_that_is_not_booked_may_be_skipped_and_a_booked_one_cancelled():
    visit = step_yaml("a", modality="exam", capture="['exam:romberg']")
    catalogue = trial(visit, rules=(rule_yaml("r", YOUNG, "{skip: {step: a}}"),))
    assert keys(run(catalogue, facts=CHILD)) == ["r:skip:a"]
    assert keys(run(catalogue, StepState("a", booked_on=D), facts=CHILD)) == ["r:cancel:a"]


def test_activate_wins_over_skip_until_it_is_declined():
    catalogue = conditional(
        rule_yaml("drop", YOUNG, "{skip: {step: a}}"),
        rule_yaml("want", MALE, "{activate: {step: a}}", confirm=True),
    )
    assert keys(run(catalogue, facts=BOY)) == ["want:activate:a"]
    active = run(catalogue, StepState("a", activated_on=D), facts=BOY)
    assert keys(active) == []
    declined = run(catalogue, facts=BOY, declined=frozenset({"want:activate:a"}))
    assert keys(declined) == ["drop:skip:a"]
    assert keys(run(catalogue, facts=CHILD)) == ["drop:skip:a"]


def test_prioritise_wins_over_skip():
    catalogue = trial(
        step_yaml("a"),
        rules=(
            rule_yaml("drop", YOUNG, "{skip: {step: a}}"),
            rule_yaml("now", MALE, "{prioritise: {step: a, profile: urgent, days: 3}}"),
        ),
    )
    assert keys(run(catalogue, facts=BOY)) == ["now:prioritise:a"]


def test_hold_wins_over_activate():
    catalogue = conditional(
        rule_yaml("want", YOUNG, "{activate: {step: a}}"),
        rule_yaml("wait", MALE, "{hold: {step: a, text: first the clotting}}"),
    )
    outcome = run(catalogue, facts=BOY)
    assert outcome.verdicts["a"].stage == Stage.ON_HOLD
    assert raised(outcome, "wait:hold:a").text == "Step a is held: first the clotting."


def test_a_hold_to_confirm_holds_by_what_the_caller_stores():
    hold = "{hold: {step: a, text: wait}}"
    catalogue = trial(step_yaml("a"), rules=(rule_yaml("r", YOUNG, hold, confirm=True),))
    proposed = run(catalogue, facts=CHILD)
    assert proposed.verdicts["a"].stage == Stage.TO_ORDER
    assert keys(proposed) == ["r:hold:a"]
    held = StepState("a", held_until=day(28))
    accepted = run(catalogue, held, facts=CHILD, accepted=frozenset({"r:hold:a"}))
    assert (accepted.verdicts["a"].stage, accepted.raised) == (Stage.ON_HOLD, ())


@pytest.mark.parametrize(("by_rule", "decision"), [(True, False), (False, True)])
def test_activate_reopens_what_a_rule_set_aside_and_asks_where_a_person_did(by_rule, decision):
    catalogue = conditional(rule_yaml("r", YOUNG, "{activate: {step: a}}"))
    state = StepState("a", ended="not_needed", ended_by_rule=by_rule)
    outcome = run(catalogue, state, facts=CHILD)
    one = raised(outcome, "r:activate:a")
    assert (one.needs_decision, one.params["reopen"]) == (decision, True)
    expected = Stage.NOT_NEEDED if decision else Stage.TO_ORDER
    assert outcome.verdicts["a"].stage == expected


@pytest.mark.parametrize("ended", ["declined", "cancelled", "failed", "answered"])
def test_activate_leaves_any_other_ending_alone(ended):
    catalogue = conditional(rule_yaml("r", YOUNG, "{activate: {step: a}}"))
    assert run(catalogue, StepState("a", ended=ended), facts=CHILD).raised == ()


def test_prioritise_carries_what_to_store_and_is_not_raised_twice():
    then = "{prioritise: {step: a, profile: urgent, days: 3}}"
    catalogue = trial(step_yaml("a"), rules=(rule_yaml("r", YOUNG, then, confirm=True),))
    one = raised(run(catalogue, facts=CHILD), "r:prioritise:a")
    assert (one.params["profile"], one.params["due_on"]) == ("urgent", day(3))
    stored = StepState("a", profile="urgent", due_cap=day(3))
    assert run(catalogue, stored, facts=CHILD, on=2).raised == ()
    assert run(catalogue, StepState("a", performed_on=D), facts=CHILD).raised == ()


def test_a_step_that_is_asked_for_may_be_prioritised_in_the_same_breath():
    then = "{activate: {step: a}}, {prioritise: {step: a, profile: urgent, days: 3}}"
    catalogue = conditional(rule_yaml("r", YOUNG, then, confirm=True))
    assert keys(run(catalogue, facts=CHILD)) == ["r:activate:a", "r:prioritise:a"]
    alone = conditional(rule_yaml("r", YOUNG, then.split(", {pr")[1].join(["{pr", ""]), True))
    assert keys(run(alone, facts=CHILD)) == []


def test_a_started_pathway_counts_at_once():
    second = pathway_yaml(
        step_yaml("b", default="conditional"),
        rules=(rule_yaml("r2", YOUNG, "{activate: {step: b}}"),),
        code="second",
    )
    start = rule_yaml("r", YOUNG, "{start_pathway: {pathway: second}}")
    catalogue = trial(step_yaml("a"), rules=(start,), more={"second.yaml": second})
    outcome = run(catalogue, facts=CHILD, on=3)
    assert [(one.pathway, one.rule) for one in outcome.starts] == [("second", "r")]
    assert outcome.verdicts["b"].stage == Stage.TO_ORDER
    assert raised(outcome, "r:start_pathway:second").text == "Start the pathway “Trial second”."
    started = {"trial": day(0), "second": day(3)}
    assert run(catalogue, facts=CHILD, started=started).starts == ()
    closed = run(catalogue, facts=CHILD, started=started, closed=frozenset({"second"}))
    assert "r:start_pathway:second" not in keys(closed)


def test_closing_a_pathway_needs_a_decision():
    catalogue = trial(
        step_yaml("a"), rules=(rule_yaml("r", YOUNG, "{close_pathway: {pathway: trial}}"),)
    )
    assert raised(run(catalogue, facts=CHILD), "r:close_pathway:trial").needs_decision


@pytest.mark.parametrize(
    ("level", "confirm", "decision"),
    [
        ("emergency", True, False),
        ("urgent", True, False),
        ("warning", True, True),
        ("info", False, False),
    ],
)
def test_urgent_alerts_are_delivered_without_confirmation(level, confirm, decision):
    alert = f"{{alert: {{level: {level}, to: clinician, text: look here}}}}"
    catalogue = trial(step_yaml("a"), rules=(rule_yaml("r", YOUNG, alert, confirm),))
    one = raised(run(catalogue, facts=CHILD), "r:alert:clinician")
    assert (one.needs_decision, one.level, one.text) == (decision, level, "look here")
    seen = run(catalogue, facts=CHILD, accepted=frozenset({"r:alert:clinician"}))
    assert seen.raised == ()


@pytest.mark.parametrize(
    ("found", "wanted", "is_raised"),
    [
        (None, "suspected", True),
        ("suspected", "suspected", False),
        ("suspected", "probable", True),
        ("confirmed", "probable", False),
        ("excluded", "suspected", True),
        ("confirmed", "excluded", True),
        ("excluded", "excluded", False),
    ],
)
def test_a_diagnosis_is_proposed_when_it_moves_on(found, wanted, is_raised):
    rule = rule_yaml("r", YOUNG, f"{{set_dx: {{dx: dmd, status: {wanted}}}}}")
    facts = CHILD | ({"dx.dmd": found} if found else {})
    outcome = run(trial(step_yaml("a"), rules=(rule,)), facts=facts)
    assert keys(outcome) == (["r:set_dx:dmd"] if is_raised else [])
    assert all(one.needs_decision for one in outcome.raised)


def test_two_rules_that_ask_for_one_referral_raise_the_more_urgent():
    catalogue = trial(
        step_yaml("a"),
        rules=(
            rule_yaml("soon", YOUNG, "{create_referral: {to: cardiology, profile: routine}}"),
            rule_yaml("now", MALE, "{create_referral: {to: cardiology, profile: urgent}}"),
        ),
    )
    assert keys(run(catalogue, facts=BOY)) == ["now:create_referral:cardiology"]
    assert keys(run(catalogue, facts=CHILD)) == ["soon:create_referral:cardiology"]
    accepted = frozenset({"now:create_referral:cardiology"})
    assert keys(run(catalogue, facts=BOY, accepted=accepted)) == []


ANSWER = trial(
    step_yaml("first"),
    step_yaml("again", requires="[first]"),
    step_yaml("panel", capture="['lab:panel_csf']"),
    step_yaml("wrap", modality="other", capture="['other:mdt_review']"),
)


def answers(*states, **recorded):
    found = {key.replace("__", ":"): value for key, value in recorded.items()}
    return [key for key in keys(run(ANSWER, *states, on=9, recorded=found)) if "answered" in key]


def test_a_step_is_answered_by_a_result_it_does_not_rest_on():
    elsewhere = ("other_step", day(1))
    assert answers(lab__ck=elsewhere) == ["answered:answer:first", "answered:answer:again"]
    outcome = run(ANSWER, on=9, recorded={"lab:ck": ("panel", day(1))})
    one = raised(outcome, "answered:answer:first")
    assert (one.needs_decision, one.params) == (True, {"by": "panel"})
    assert one.text == "Step first is answered by the result of Step panel."
    assert "answered" in outcome.true_rules


def test_a_prerequisite_s_result_never_answers_its_repeat():
    done = StepState("first", performed_on=D, reported_on=D, reviewed_on=D)
    assert answers(done, lab__ck=("first", D)) == []


def test_a_panel_is_answered_when_all_its_analytes_are_on_record():
    parts = {"csf_wbc": 1, "csf_protein": 2, "csf_glucose": 3}
    some = {f"lab__{code}": ("x", day(n)) for code, n in parts.items()}
    assert answers(**some) == []
    assert answers(**some, lab__csf_cytology=("y", day(4))) == ["answered:answer:panel"]


def test_a_performed_step_and_a_conclusion_are_never_answered():
    performed = [StepState(code, performed_on=D) for code in ("first", "again")]
    assert answers(*performed, lab__ck=("x", day(1)), other__mdt_review=("x", day(1))) == []


def test_a_failed_step_does_not_answer_its_own_repeat():
    extra = (replace(ANSWER.steps["first"], code="first-2", pathway="", repeats="first"),)
    failed = StepState("first", performed_on=D, ended="failed")
    outcome = run(ANSWER, failed, extra=extra, on=9, recorded={"lab:ck": ("first", D)})
    assert "answered:answer:first-2" not in keys(outcome)


def test_a_referral_without_captures_is_never_answered():
    extra = (StepDef("ref", "", "other", "Referral", "clinician"),)
    assert "answered:answer:ref" not in keys(run(ANSWER, extra=extra, recorded={}))
