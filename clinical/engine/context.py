"""The working state of one evaluation: the steps in play and what rules have done to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from clinical.conditions import Judgement
from clinical.engine.kinds import Snapshot, StepState
from clinical.pathways import Action, Catalogue, Rule, StepDef

_NO_RESULT = ("declined", "cancelled", "failed")


@dataclass
class Context:
    """Rules only ever add to `started`, `activated`, `held` and `prioritised`: it terminates."""

    snapshot: Snapshot
    catalogue: Catalogue
    started: dict[str, date]
    activated: dict[str, Rule] = field(default_factory=dict)
    held: dict[str, Rule] = field(default_factory=dict)
    prioritised: dict[str, dict[str, Action]] = field(default_factory=dict)
    started_by: dict[str, Rule] = field(default_factory=dict)
    judged: dict[str, Judgement] = field(default_factory=dict)
    steps: dict[str, StepDef] = field(init=False)
    _about: dict[str, list[Rule]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.steps = {step.code: step for step in self.snapshot.extra}
        for code in self.started:
            self._lay_out(code)
        for code in self.snapshot.steps:
            if code not in self.steps:
                self.steps[code] = self.catalogue.steps[code]

    def start(self, pathway: str, rule: Rule) -> bool:
        """Starts a pathway for a rule; says whether that is new."""
        if pathway in self.started or pathway in self.snapshot.closed:
            return False
        self.started[pathway] = self.snapshot.on
        self.started_by[pathway] = rule
        self._lay_out(pathway)
        self._about.clear()
        return True

    def _lay_out(self, pathway: str) -> None:
        self.steps.update((step.code, step) for step in self.catalogue.pathways[pathway].steps)

    def rules(self) -> Iterator[Rule]:
        """The rules in force: the global ones and those of pathways started and not closed."""
        yield from self.catalogue.global_rules
        for code in self.started:
            if code not in self.snapshot.closed:
                yield from self.catalogue.pathways[code].rules

    def rules_about(self, step: str) -> list[Rule]:
        """The rules in force that do something to this step."""
        if not self._about:
            for rule in self.rules():
                for target in {action.target for action in rule.actions}:
                    self._about.setdefault(target, []).append(rule)
        return self._about.get(step, [])

    def true_rules(self) -> Iterator[Rule]:
        """The rules that are true now."""
        return (rule for rule in self.rules() if self.judged[rule.code].truth is True)

    def state(self, code: str) -> StepState:
        """What people did to a step, as if a rule that re-opens it had been carried out."""
        state = self.snapshot.steps.get(code) or StepState(code)
        if code in self.activated and state.ended == "not_needed":
            return replace(state, ended="", ended_on=None, ended_by_rule=False)
        return state

    def activated_on(self, code: str) -> date | None:
        """The day the step became active: today, if a rule has just asked for it."""
        day = self.state(code).activated_on
        return self.snapshot.on if day is None and code in self.activated else day

    def active(self, step: StepDef) -> bool:
        """Whether it is on anybody's list, or was until it ended."""
        state = self.state(step.code)
        if state.ordered_on or state.booked_on or state.performed_on or state.reported_on:
            return True
        if step.pathway in self.snapshot.closed:
            return False
        return not step.conditional or self.activated_on(step.code) is not None

    def is_paused(self, step: StepDef) -> bool:
        """Whether the case's clock stands still for it. An emergency is never paused."""
        if not self.snapshot.pause:
            return False
        profiles = [self.state(step.code).profile or step.profile]
        profiles += [action.profile for action in self.prioritised.get(step.code, {}).values()]
        return "emergency" not in profiles

    def on_hold_by_rule(self, code: str) -> bool:
        return code in self.held and not self.state(code).released

    @cached_property
    def _repeats(self) -> dict[str, str]:
        """The last repeat of each step."""
        return {step.repeats: step.code for step in self.snapshot.extra if step.repeats}

    def standing_in(self, code: str) -> str:
        """The step itself or, where it ended without a result, the repeat that stands in for it."""
        seen = {code}
        while self.state(code).ended in _NO_RESULT and code in self._repeats:
            code = self._repeats[code]
            if code in seen:
                break
            seen.add(code)
        return code

    def unmet(self, step: StepDef) -> tuple[str, ...]:
        """Prerequisites that still block it; a step that nobody asked for does not block."""
        return tuple(code for code in step.requires if self._blocks(code))

    def _blocks(self, code: str) -> bool:
        if code not in self.steps:
            return False
        code = self.standing_in(code)
        state = self.state(code)
        if state.ended:
            return state.ended in _NO_RESULT
        return state.reported_on is None and self.active(self.steps[code])

    def rests_on(self, code: str) -> frozenset[str]:
        """The step, what it repeats, and all their prerequisites, direct or not."""
        found: set[str] = set()
        open_ = [code]
        while open_:
            code = open_.pop()
            if code not in found:
                found.add(code)
                step = self.steps.get(code)
                open_ += [*step.requires, *filter(None, [step.repeats])] if step else []
        return frozenset(found)
