"""What holds for every case on the shipped pathways, whatever is found and in whatever order."""

from dataclasses import replace
from datetime import timedelta
from functools import reduce

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinical.conditions import comparisons
from clinical.engine import OPEN, Door, Outcome, Snapshot, Stage, StepState, evaluate
from clinical.pathways import catalogue
from clinical.vocabulary import FactType, vocabulary
from tests.clinical.case import MONDAY

SHIPPED = catalogue()
RULES = list(SHIPPED.rules.values())
USED = {one.fact: one for rule in RULES for one in comparisons(rule.when)}
PATHS = sorted(path for path in USED if not path.startswith(("step.", "pathway.")))
PATHWAYS = sorted(SHIPPED.pathways)
GIVEN_DAYS = {door: f"{door.value}_on" for door in Door}
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NUMBERS = st.sampled_from([0, 1, 2, 3, 4, 6, 8, 12, 17, 26, 38, 45, 60])


def values(fact: FactType) -> st.SearchStrategy[object]:
    """Values that may be stored for a fact, near the limits that rules use."""
    if fact.kind == "bool":
        return st.booleans()
    if fact.kind in ("int", "number"):
        return NUMBERS.filter(lambda n: fact.problem(n) is None)
    if fact.kind == "list_int":
        return st.lists(st.sampled_from([44, 45, 51, 53]), unique=True)
    if fact.kind == "list_enum":
        return st.lists(st.sampled_from(fact.values), min_size=1, max_size=2, unique=True)
    return st.sampled_from(fact.values)


@st.composite
def fact_sets(draw: st.DrawFn, size: int = 25) -> dict[str, object]:
    """Some facts of which shipped rules make use."""
    paths = draw(st.lists(st.sampled_from(PATHS), max_size=size, unique=True))
    return {path: draw(values(vocabulary().fact(path))) for path in paths}


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """A case on one to three pathways, some days old, with steps at any door or ending."""
    names = draw(st.lists(st.sampled_from(PATHWAYS), min_size=1, max_size=3, unique=True))
    on = MONDAY + timedelta(days=draw(st.integers(0, 60)))
    codes = [step.code for name in names for step in SHIPPED.pathways[name].steps]
    touched = draw(st.lists(st.sampled_from(codes), max_size=8, unique=True))
    return Snapshot(
        started=dict.fromkeys(names, MONDAY),
        on=on,
        facts=draw(fact_sets()),
        steps={code: draw(states(code)) for code in touched},
    )


@st.composite
def states(draw: st.DrawFn, code: str) -> StepState:
    step = SHIPPED.steps[code]
    passed = draw(st.integers(0, len(step.doors)))
    days = {GIVEN_DAYS[door]: MONDAY for door in step.doors[:passed]}
    ended = draw(st.sampled_from(["", "", "", "not_needed", "declined", "failed", "answered"]))
    return StepState(code, activated_on=MONDAY, ended=ended if not passed else "", **days)


def applied(snapshot: Snapshot, outcome: Outcome) -> Snapshot:
    """The case after the caller has stored what the engine did by itself."""
    steps = dict(snapshot.steps)
    for code, verdict in outcome.verdicts.items():
        state = steps.get(code, StepState(code))
        if verdict.active and state.activated_on is None:
            state = replace(state, activated_on=snapshot.on)
        steps[code] = state
    for one in outcome.raised:
        if one.needs_decision or one.step is None:
            continue
        if one.kind == "activate":
            steps[one.step] = replace(
                steps[one.step], ended="", ended_on=None, activated_on=snapshot.on
            )
        if one.kind == "prioritise":
            more = {"profile": one.params["profile"], "due_cap": one.params["due_on"]}
            steps[one.step] = replace(steps[one.step], **_earlier(steps[one.step], more))
    started = dict(snapshot.started) | {one.pathway: snapshot.on for one in outcome.starts}
    return replace(snapshot, steps=steps, started=started)


def _earlier(state: StepState, more: dict) -> dict:
    caps = [cap for cap in (state.due_cap, more["due_cap"]) if cap is not None]
    profiles = [p for p in (state.profile, more["profile"]) if p]
    return {"due_cap": min(caps), "profile": min(profiles, key=SHIPPED.urgency)}


def places(outcome: Outcome) -> dict[str, tuple]:
    """Where every step stands, without the reasons."""
    return {
        code: (v.stage, v.door, v.owner, v.due_on, v.profile, v.active, v.waits_for)
        for code, v in outcome.verdicts.items()
    }


@few
@given(snapshots())
def test_the_same_snapshot_gives_the_same_outcome(snapshot):
    assert evaluate(snapshot) == evaluate(snapshot)


@few
@given(snapshots())
def test_settling_twice_changes_nothing(snapshot):
    first = evaluate(snapshot)
    once = applied(snapshot, first)
    second = evaluate(once)
    assert places(second) == places(first)
    assert second.true_rules == first.true_rules
    assert second.starts == ()
    decisions = [one.key for one in first.raised if one.needs_decision]
    assert [one.key for one in second.raised if one.needs_decision] == decisions
    assert {one.key for one in second.raised} <= {one.key for one in first.raised}


@few
@given(snapshots(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_and_steps_were_recorded_does_not_matter(snapshot, random):
    facts, steps = list(snapshot.facts.items()), list(snapshot.steps.items())
    started = list(snapshot.started.items())
    for rows in (facts, steps, started):
        random.shuffle(rows)
    other = replace(snapshot, facts=dict(facts), steps=dict(steps), started=dict(started))
    assert places(evaluate(other)) == places(evaluate(snapshot))
    assert {one.key for one in evaluate(other).raised} == {
        one.key for one in evaluate(snapshot).raised
    }


def settled(snapshot: Snapshot, facts: dict[str, object]) -> Snapshot:
    """The case after these facts were recorded together and what follows was stored."""
    later = replace(snapshot, facts={**snapshot.facts, **facts})
    return applied(later, evaluate(later))


@few
@given(snapshots(), fact_sets(size=6))
def test_results_in_any_order_lead_to_the_same_case(snapshot, more):
    """Recorded all at once, or one by one in either order with a settling after each."""
    new = [{path: value} for path, value in more.items() if path not in snapshot.facts]
    at_once = settled(snapshot, {path: value for one in new for path, value in one.items()})
    forwards = reduce(settled, new, settled(snapshot, {}))
    backwards = reduce(settled, reversed(new), settled(snapshot, {}))
    outcomes = [evaluate(case) for case in (at_once, forwards, backwards)]
    assert places(outcomes[0]) == places(outcomes[1]) == places(outcomes[2])
    keys = [{one.key for one in outcome.raised} for outcome in outcomes]
    assert keys[0] == keys[1] == keys[2]


@few
@given(snapshots(), fact_sets(size=5))
def test_a_fact_added_never_takes_back_what_people_did(snapshot, more):
    before = evaluate(snapshot)
    settled = applied(snapshot, before)
    added = {path: value for path, value in more.items() if path not in snapshot.facts}
    after = evaluate(replace(settled, facts={**settled.facts, **added}))
    for code, verdict in before.verdicts.items():
        then = after.verdicts[code]
        if verdict.stage in (Stage.AWAITING_RESULT, Stage.TO_REVIEW, Stage.TO_TELL, Stage.DONE):
            assert (then.stage, then.door) == (verdict.stage, verdict.door)
        if settled.steps[code].ordered_on:
            assert then.stage != Stage.WAITING
        assert then.active or not verdict.active  # what was asked for stays asked for


@few
@given(st.sampled_from(RULES), fact_sets(size=40))
def test_no_rule_fires_on_the_unknown(rule, facts):
    """A true rule rests on recorded facts: they alone make it true, and without them it is not."""
    judged = rule.when.judge(facts)
    absence = {one.fact for one in comparisons(rule.when) if one.op in ("missing", "exists")}
    if judged.truth is not True:
        return
    recorded = {path: value for path, value in judged.used.items() if path in facts}
    assert rule.when.judge(recorded).truth is True or absence
    without = {path: value for path, value in facts.items() if path not in recorded}
    if not absence:
        assert recorded
        assert rule.when.judge(without).truth is not True
        assert judged.missing == ()


@few
@given(st.sampled_from(RULES), fact_sets(size=40))
def test_what_is_missing_would_settle_an_open_rule(rule, facts):
    judged = rule.when.judge(facts)
    assert bool(judged.missing) == (judged.truth is None)
    assert all(path not in facts for path in judged.missing)


@few
@given(snapshots())
def test_every_open_step_has_one_door_one_owner_and_inactive_ones_have_no_due_date(snapshot):
    outcome = evaluate(snapshot)
    for verdict in outcome.verdicts.values():
        assert (verdict.door is not None) == (verdict.stage in OPEN)
        assert verdict.owner in ("clinician", "coordinator")
        assert bool(verdict.waits_for) == (verdict.stage == Stage.WAITING)
        if verdict.door is None:
            assert verdict.due_on is None
        elif verdict.due_on is not None and verdict.profile != "emergency":
            assert snapshot.calendar.is_working(verdict.due_on)
    raised = [one.key for one in outcome.raised]
    assert len(raised) == len(set(raised))


def open_steps(outcome: Outcome) -> list[str]:
    return sorted(code for code, v in outcome.verdicts.items() if v.stage in OPEN)


def movable(outcome: Outcome) -> list[str]:
    """Open steps on which somebody can act today."""
    stuck = (Stage.WAITING, Stage.ON_HOLD)
    return [code for code in open_steps(outcome) if outcome.verdicts[code].stage not in stuck]


def passed(snapshot: Snapshot, code: str, door: Door) -> Snapshot:
    state = snapshot.steps.get(code, StepState(code))
    changed = replace(state, **{GIVEN_DAYS[door]: snapshot.on})
    return replace(snapshot, steps={**snapshot.steps, code: changed})


def decided(snapshot: Snapshot, outcome: Outcome, accept: bool) -> Snapshot:
    """Accepts or declines the first proposal, as the caller stores it."""
    one = next(raised for raised in outcome.raised if raised.needs_decision)
    if not accept:
        return replace(snapshot, declined=snapshot.declined | {one.key})
    accepted = replace(snapshot, accepted=snapshot.accepted | {one.key})
    if one.kind == "start_pathway":
        return replace(accepted, started={**accepted.started, one.target: accepted.on})
    if one.kind == "set_dx":
        facts = {**accepted.facts, f"dx.{one.target}": one.params["status"]}
        return replace(accepted, facts=facts)
    endings = {"skip": "not_needed", "cancel": "cancelled", "answer": "answered"}
    if one.step is None:
        return accepted
    state = accepted.steps.get(one.step, StepState(one.step))
    if one.kind in endings:
        state = replace(state, ended=endings[one.kind], ended_on=accepted.on, ended_by_rule=True)
    if one.kind == "activate":
        state = replace(state, activated_on=accepted.on, ended="", ended_by_rule=False)
    return replace(accepted, steps={**accepted.steps, one.step: state})


def released(snapshot: Snapshot, outcome: Outcome) -> Snapshot:
    """A clinician lets the first step go on that is held, or waits for what was cancelled."""
    code = open_steps(outcome)[0]
    state = snapshot.steps.get(code, StepState(code))
    assert not state.released, f"{code} was released and is still stuck"
    return replace(snapshot, steps={**snapshot.steps, code: replace(state, released=True)})


@pytest.mark.parametrize("pathway", PATHWAYS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_pathway_comes_to_an_end(pathway, data):
    """Somebody acts on an open step, decides, or learns something: until nothing is open."""
    started = {pathway: MONDAY}
    snapshot = Snapshot(started=started, on=MONDAY, facts=data.draw(fact_sets(size=10)))
    learned = data.draw(fact_sets(size=10))
    choose = data.draw(st.randoms(use_true_random=False))
    for _ in range(len(SHIPPED.steps) * 6 + len(RULES) * 3):
        outcome = evaluate(snapshot)
        snapshot = applied(snapshot, outcome)
        if any(one.needs_decision for one in outcome.raised):
            snapshot = decided(snapshot, outcome, accept=choose.random() < 0.6)
        elif ready := movable(outcome):
            code = choose.choice(ready)
            snapshot = passed(snapshot, code, outcome.verdicts[code].door)
            if learned and choose.random() < 0.3:
                path, value = learned.popitem()
                snapshot = replace(snapshot, facts={path: value, **snapshot.facts})
        elif open_steps(outcome):
            snapshot = released(snapshot, outcome)
        else:
            break
        snapshot = replace(snapshot, on=snapshot.on + timedelta(days=1))
    else:
        pytest.fail(f"still open: {open_steps(outcome)}")
    assert not open_steps(evaluate(snapshot))
