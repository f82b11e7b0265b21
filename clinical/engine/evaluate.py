"""One evaluation: apply rules until nothing changes, then say where every step stands."""

from __future__ import annotations

from clinical.conditions import Facts
from clinical.doors import Stage
from clinical.engine.context import Context
from clinical.engine.dues import due_on, profile_of
from clinical.engine.kinds import Outcome, Snapshot, Start, Verdict
from clinical.engine.raising import ANSWERED, Raising
from clinical.engine.reasons import reasons
from clinical.engine.stages import next_door, owner_of, stage_of, status_of
from clinical.pathways import Action, Catalogue, Rule, StepDef
from clinical.pathways import catalogue as shipped

_ENDED = (Stage.INACTIVE, Stage.NOT_NEEDED, Stage.DECLINED, Stage.CANCELLED, Stage.FAILED)


def evaluate(snapshot: Snapshot, catalogue: Catalogue | None = None) -> Outcome:
    """Verdicts, proposals, alerts and pathways to start for one case on one day.

    Raises KeyError for a pathway, or a step with no definition, that the catalogue does not have.
    """
    context = Context(snapshot, catalogue or shipped(), dict(snapshot.started))
    stages = _stages(context)
    while True:
        _judge(context, stages)
        if not _apply(context):
            break
        stages = _stages(context)
    raising = Raising(context, stages)
    true = {rule.code for rule in context.true_rules()}
    if any(True for _ in raising.answers()):
        true.add(ANSWERED)
    return Outcome(
        verdicts={code: _verdict(context, step, stages) for code, step in context.steps.items()},
        raised=tuple(raising.all()),
        starts=tuple(Start(code, rule.code) for code, rule in context.started_by.items()),
        true_rules=frozenset(true),
    )


def _stages(context: Context) -> dict[str, Stage]:
    return {code: stage_of(context, step) for code, step in context.steps.items()}


def _facts(context: Context, stages: dict[str, Stage]) -> Facts:
    """All facts, those about steps and pathways filled in."""
    facts = dict(context.snapshot.facts)
    for code, step in context.steps.items():
        standing = context.standing_in(code)
        facts[f"step.{code}"] = status_of(context.steps.get(standing, step), stages[standing])
    for code in context.started:
        closed = code in context.snapshot.closed
        facts[f"pathway.{code}"] = "closed" if closed else "active"
    return facts


def _judge(context: Context, stages: dict[str, Stage]) -> None:
    facts = _facts(context, stages)
    context.judged = {rule.code: rule.when.judge(facts) for rule in context.rules()}


def _apply(context: Context) -> bool:
    """Carries out what true rules may do by themselves; says whether anything was new."""
    new = False
    for rule in list(context.true_rules()):
        for action in rule.actions:
            if not rule.confirm:
                new = _carry_out(context, rule, action) or new
    return new


def _carry_out(context: Context, rule: Rule, action: Action) -> bool:
    target = action.target
    if action.kind == "start_pathway":
        return context.start(target, rule)
    if target not in context.steps:
        return False
    if action.kind == "activate":
        return _activate(context, rule, context.steps[target])
    if action.kind == "hold" and target not in context.held:
        context.held[target] = rule
        return True
    if action.kind == "prioritise":
        by_rule = context.prioritised.setdefault(target, {})
        if rule.code not in by_rule:
            by_rule[rule.code] = action
            return True
    return False


def _activate(context: Context, rule: Rule, step: StepDef) -> bool:
    """Activates an inactive step, or re-opens what a rule (never what a person) set aside."""
    if step.code in context.activated:
        return False
    state = context.snapshot.steps.get(step.code)
    if state is not None and state.ended:
        if state.ended != "not_needed" or not state.ended_by_rule:
            return False
    elif context.active(step):
        return False
    context.activated[step.code] = rule
    return True


def _verdict(context: Context, step: StepDef, stages: dict[str, Stage]) -> Verdict:
    stage = stages[step.code]
    state = context.state(step.code)
    over = bool(state.ended) or stage in _ENDED
    door = None if over else next_door(step, state)
    because = reasons(context, step, stage)
    missing = dict.fromkeys(path for reason in because for path in reason.missing)
    return Verdict(
        code=step.code,
        stage=stage,
        door=door,
        owner=owner_of(step, state, door),
        due_on=due_on(context, step, stage, door),
        profile=profile_of(context, step),
        active=context.active(step),
        because=because,
        waits_for=context.unmet(step) if stage is Stage.WAITING else (),
        missing=tuple(missing),
    )
