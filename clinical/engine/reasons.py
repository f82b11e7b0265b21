"""Why a step stands where it does."""

from __future__ import annotations

from collections.abc import Iterator

from clinical.doors import Stage
from clinical.engine.context import Context
from clinical.engine.kinds import Reason
from clinical.pathways import Rule, StepDef

# the actions that explain a stage; any other open stage is explained by what asked for the step
_EXPLAINED_BY = {
    Stage.ON_HOLD: ("hold",),
    Stage.NOT_NEEDED: ("skip",),
    Stage.CANCELLED: ("skip",),
}


def reasons(context: Context, step: StepDef, stage: Stage) -> tuple[Reason, ...]:
    """The rules, prerequisites or pathway behind the stage."""
    found = list(_by_rules(context, step, stage))
    pause = context.snapshot.pause
    if stage is Stage.ON_HOLD and pause:
        found.insert(0, Reason(f"The case is paused: {pause.why}"))
    if stage is Stage.WAITING:
        labels = [context.steps[code].label for code in context.unmet(step)]
        found.insert(0, Reason(f"Waits for: {'; '.join(labels)}"))
    if not found and context.active(step):
        found.append(_by_people(context, step))
    return tuple(found)


def _by_people(context: Context, step: StepDef) -> Reason:
    if step.repeats:
        repeated = context.steps.get(step.repeats)
        return Reason(f"Repeats {repeated.label if repeated else step.repeats}")
    pathway = context.catalogue.pathways.get(step.pathway)
    if pathway is None:
        return Reason("Was added to the case")
    if step.conditional:
        return Reason("Was asked for earlier")
    source = context.catalogue.sources.get(step.target.source, "") if step.target else ""
    return Reason(f"Part of every case on the pathway “{pathway.label}”", source=source)


def _by_rules(context: Context, step: StepDef, stage: Stage) -> Iterator[Reason]:
    kinds = _EXPLAINED_BY.get(stage, ("activate", "prioritise"))
    for rule in context.rules_about(step.code):
        if not any(a.kind in kinds and a.target == step.code for a in rule.actions):
            continue
        judged = context.judged[rule.code]
        if judged.truth is True or (stage is Stage.INACTIVE and judged.truth is None):
            yield _reason(context, rule)


def _reason(context: Context, rule: Rule) -> Reason:
    judged = context.judged[rule.code]
    return Reason(
        text=context.catalogue.words(rule),
        rule=rule.code,
        source=rule.source_text,
        facts=judged.used,
        missing=judged.missing,
        because=rule.because,
    )
