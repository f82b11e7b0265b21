"""What true rules ask for: proposals, alerts, and what has been applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TypeAlias

from clinical.doors import Stage
from clinical.engine.context import Context
from clinical.engine.kinds import Raised
from clinical.engine.sentences import sentence
from clinical.engine.stages import status_of
from clinical.pathways import Action, Rule, StepDef

ANSWERED = "answered"  # the engine's own rule
_ALWAYS_DECIDED = ("set_dx", "skip", "cancel", "close_pathway")
_PROMPT_LEVELS = ("urgent", "emergency")
_DX_RANK = {"not_considered": 0, "suspected": 1, "probable": 2, "confirmed": 3}
_FOR_ONE_TARGET = ("create_referral", "show_treatment_option")
_NOT_PERFORMED = (
    Stage.WAITING,
    Stage.ON_HOLD,
    Stage.TO_ORDER,
    Stage.TO_BOOK,
    Stage.BOOKED,
)
Stages = Mapping[str, Stage]
Change: TypeAlias = tuple[str, dict[str, object]]  # the kind raised and further parameters


class Raising:
    """Goes through the true rules once their effects have settled."""

    def __init__(self, context: Context, stages: Stages) -> None:
        self.context = context
        self.stages = stages
        self.decided = context.snapshot.accepted | context.snapshot.declined
        self.asked_for = self._targets("activate")
        self.hurried = self._targets("prioritise")

    def _targets(self, kind: str) -> frozenset[str]:
        """Steps for which a true rule asks this, unless a clinician has declined it."""
        declined = self.context.snapshot.declined
        return frozenset(
            action.target
            for rule in self.context.true_rules()
            for action in rule.actions
            if action.kind == kind and rule.key(kind, action.target) not in declined
        )

    def all(self) -> Iterator[Raised]:
        """Everything that is raised, in the order of the rules; then what is answered already."""
        best = self._best_for_one_target()
        for rule in self.context.true_rules():
            for action in rule.actions:
                if action.kind in _FOR_ONE_TARGET and best[action.kind, action.target] != rule.code:
                    continue
                raised = self._raised(rule, action)
                if raised is not None and raised.key not in self.decided:
                    yield raised
        for raised in self.answers():
            if raised.key not in self.decided:
                yield raised

    def _best_for_one_target(self) -> dict[tuple[str, str], str]:
        """Rules that ask for the same referral raise one: the most urgent, then an accepted one."""
        accepted = self.context.snapshot.accepted
        best: dict[tuple[str, str], tuple[int, bool, str]] = {}
        for rule in self.context.true_rules():
            for action in rule.actions:
                if action.kind in _FOR_ONE_TARGET:
                    rank = self.context.catalogue.urgency(action.profile)
                    is_open = rule.key(action.kind, action.target) not in accepted
                    key, one = (action.kind, action.target), (rank, is_open, rule.code)
                    best[key] = min(best.get(key, one), one)
        return {key: code for key, (_, _, code) in best.items()}

    def _raised(self, rule: Rule, action: Action) -> Raised | None:
        kind, params = action.kind, dict(action.params)
        step = self.context.steps.get(action.target) if "step" in params else None
        if "step" in params:
            if step is None:
                return None
            found = self._step_action(rule, action, step)
            if found is None:
                return None
            kind, more = found
            params |= more
        elif not self._wanted(action):
            return None
        return self._make(rule, kind, action.target, params, step)

    def _make(
        self, rule: Rule, kind: str, target: str, params: dict[str, object], step: StepDef | None
    ) -> Raised:
        level = str(params.get("level", ""))
        decision = kind in _ALWAYS_DECIDED or (rule.confirm and level not in _PROMPT_LEVELS)
        if kind == "activate" and params.get("reopen") and step is not None:
            decision = decision or not self._ended_by_rule(step)
        return Raised(
            key=rule.key(kind, target),
            kind=kind,
            rule=rule.code,
            target=target,
            text=sentence(self.context.catalogue, kind, target, params, step),
            needs_decision=decision,
            step=step.code if step else None,
            params=params,
            because=rule.because,
            source=rule.source_text,
            confidence=rule.confidence,
            facts=self.context.judged[rule.code].used,
            level=level,
        )

    def _ended_by_rule(self, step: StepDef) -> bool:
        state = self.context.snapshot.steps.get(step.code)
        return state is not None and state.ended_by_rule

    def _wanted(self, action: Action) -> bool:
        """Whether an action that is not about a step still has anything to do."""
        started, closed = self.context.snapshot.started, self.context.snapshot.closed
        if action.kind == "start_pathway":
            return action.target not in started and action.target not in closed
        if action.kind == "close_pathway":
            return action.target in started and action.target not in closed
        if action.kind == "set_dx":
            return self._moves_diagnosis(action)
        return True

    def _moves_diagnosis(self, action: Action) -> bool:
        """A weaker status than the present one is never proposed, nor the same."""
        wanted = str(action.params["status"])
        found = str(self.context.snapshot.facts.get(f"dx.{action.target}", "not_considered"))
        if found not in _DX_RANK or wanted not in _DX_RANK:
            return found != wanted
        return _DX_RANK[wanted] > _DX_RANK[found]

    def _step_action(self, rule: Rule, action: Action, step: StepDef) -> Change | None:
        """The kind that is raised for a step, with more parameters; None if there is no need."""
        if action.kind == "activate":
            return self._activate(rule, step)
        if action.kind == "skip":
            return self._skip(step)
        stage = self.stages[step.code]
        if action.kind == "hold":
            released = self.context.state(step.code).released
            return ("hold", {}) if stage in _NOT_PERFORMED and not released else None
        coming = stage is Stage.INACTIVE and step.code in self.asked_for
        return self._prioritise(action, step) if coming or stage in _NOT_PERFORMED else None

    def _activate(self, rule: Rule, step: StepDef) -> Change | None:
        """A step that is active already needs nothing; one that was set aside is re-opened."""
        state = self.context.snapshot.steps.get(step.code)
        ended = state.ended if state else ""
        change: Change = ("activate", {"reopen": True} if ended else {})
        applied = self.context.activated.get(step.code)
        if applied is not None:
            return change if applied.code == rule.code else None
        if ended:
            return change if ended == "not_needed" else None
        return None if self.context.active(step) else change

    def _skip(self, step: StepDef) -> Change | None:
        if step.code in self.asked_for | self.hurried:
            return None
        status = status_of(step, self.stages[step.code])
        if status in ("blocked", "inactive", "ready"):
            under_way = self.context.state(step.code)
            ordered = under_way.ordered_on or under_way.booked_on or under_way.performed_on
            return ("cancel" if ordered else "skip"), {}
        return ("cancel", {}) if status in ("ordered", "scheduled") else None

    def _prioritise(self, action: Action, step: StepDef) -> Change | None:
        """Raised only while it would make the step more urgent or due earlier."""
        state = self.context.state(step.code)
        own = state.profile or step.profile
        profile = min(own, action.profile, key=self.context.catalogue.urgency)
        due = self.context.snapshot.on + timedelta(days=action.days)
        if profile == own and state.due_cap is not None and state.due_cap <= due:
            return None
        return "prioritise", {"profile": profile, "due_on": due}

    def answers(self) -> Iterator[Raised]:
        """Steps whose every capture is on record from steps they do not rest on."""
        for step in self.context.steps.values():
            by = self._answered_by(step)
            if by is None:
                continue
            label = self.context.steps[by].label if by in self.context.steps else by
            yield Raised(
                key=f"{ANSWERED}:answer:{step.code}",
                kind="answer",
                rule=ANSWERED,
                target=step.code,
                step=step.code,
                params={"by": by},
                text=f"{step.label} is answered by the result of {label}.",
                because="everything that this step would capture is on record",
                needs_decision=True,
            )

    def _answered_by(self, step: StepDef) -> str | None:
        """The step with the latest of the results that together answer this one."""
        recorded = self.context.snapshot.recorded
        if self.stages[step.code] not in _NOT_PERFORMED or step.concludes or not step.expanded:
            return None
        if any(capture not in recorded for capture in step.expanded):
            return None
        found = [recorded[capture] for capture in sorted(step.expanded)]
        excluded = self.context.rests_on(step.code)
        if any(code in excluded for code, _ in found):
            return None
        return max(found, key=lambda one: (one[1], one[0]))[0]
