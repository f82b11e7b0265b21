"""What a pathway is made of: frozen dataclasses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from clinical.conditions import Condition, in_words
from clinical.doors import Door
from clinical.vocabulary import vocabulary

# the parameters that each action takes; the first one is its target
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "activate": ("step",),
    "skip": ("step",),
    "prioritise": ("step", "profile", "days"),
    "set_dx": ("dx", "status"),
    "start_pathway": ("pathway",),
    "close_pathway": ("pathway",),
    "alert": ("to", "level", "text"),
    "contradiction": ("to", "label", "settle"),
    "hold": ("step", "text"),
    "create_referral": ("to", "profile"),
    "show_treatment_option": ("treatment",),
}
REFERRAL = "referral"  # a target that counts from the start of the pathway
_ONE_ACT = (Door.PERFORMED, Door.REPORTED, Door.REVIEWED)
_DECISIONS = frozenset(
    f"other:{code}"
    for code in (
        "mdt_review",
        "patient_disclosure",
        "treatment_referral",
        "icu_outreach",
        "genetic_counselling_consent",
        "variant_review",
    )
)


class DefinitionError(ValueError):
    """Everything that is wrong with a set of definitions; `problems` has one line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True)
class Profile:
    """How hard a step is chased, in calendar days. On escalation the second person is informed,

    or asked to take the step over.
    """

    code: str
    remind_before_days: int
    repeat_overdue_days: int
    escalate_overdue_days: int
    escalate_to: str
    on_escalation: str
    ack_result_within_days: int


@dataclass(frozen=True)
class Target:
    """Due `days` after the origin: `referral` (start of the pathway) or the review of a step."""

    days: int
    origin: str
    source: str


@dataclass(frozen=True)
class StepDef:
    """One thing that must happen. `repeats` names the step that it is done again for."""

    code: str
    pathway: str
    modality: str
    label: str
    owner: str
    conditional: bool = False
    requires: tuple[str, ...] = ()
    target: Target | None = None
    profile: str = "routine"
    captures: tuple[str, ...] = ()
    repeats: str = ""

    @cached_property
    def decides(self) -> bool:
        """Whether people only have to come to a conclusion: nothing is ordered or measured."""
        kinds = ("crit:", "rehab:", "scale:", "lab:")
        return self.modality == "other" and all(
            capture in _DECISIONS or capture.startswith(kinds) for capture in self.captures
        )

    @cached_property
    def concludes(self) -> bool:
        """Whether it is about this pathway's conclusion, which no other result can stand for."""
        return any(c in _DECISIONS or c.startswith(("crit:", "rehab:")) for c in self.captures)

    @cached_property
    def doors(self) -> tuple[Door, ...]:
        """The doors this step passes, in order."""
        if self.modality in ("history", "exam"):
            return _ONE_ACT
        if self.decides:
            told = "other:patient_disclosure" in self.captures
            return (*_ONE_ACT, Door.TOLD) if told else _ONE_ACT
        return tuple(Door)

    @cached_property
    def expanded(self) -> frozenset[str]:
        """Its captures, with panels taken apart into their analytes."""
        expand = vocabulary().expand_capture
        return frozenset(part for capture in self.captures for part in expand(capture))


@dataclass(frozen=True)
class Action:
    """What a rule asks for; `target` is the step, pathway, disorder, treatment or addressee."""

    kind: str
    target: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """The days of a `prioritise`; 0 for any other action."""
        found = self.params.get("days")
        return found if isinstance(found, int) else 0

    @property
    def profile(self) -> str:
        """The urgency profile it asks for, or ""."""
        return str(self.params.get("profile", ""))


@dataclass(frozen=True)
class Rule:
    """When the condition is true, these actions are due. Without `confirm` they just happen."""

    code: str
    pathway: str | None
    when: Condition
    actions: tuple[Action, ...]
    because: str
    source: str
    source_text: str
    confirm: bool = True
    confidence: str = ""
    note: str = ""

    def key(self, kind: str, target: str) -> str:
        """The stable name of what this rule raises."""
        return f"{self.code}:{kind}:{target}"


@dataclass(frozen=True)
class Pathway:
    """A published definition: steps, prerequisites, targets and rules with their sources."""

    code: str
    label: str
    group: str
    urgency: str
    when_used: tuple[str, ...]
    steps: tuple[StepDef, ...]
    rules: tuple[Rule, ...]
    version: int = 1
    entry: Condition | None = None


@dataclass(frozen=True)
class Catalogue:
    """All definitions that an evaluation may draw on."""

    pathways: Mapping[str, Pathway]
    global_rules: tuple[Rule, ...]
    profiles: Mapping[str, Profile]
    sources: Mapping[str, str]
    turnaround_days: Mapping[str, int]
    _words: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def steps(self) -> Mapping[str, StepDef]:
        """Every step of every pathway by code."""
        return {step.code: step for pathway in self.pathways.values() for step in pathway.steps}

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """Every rule by code, the global ones included."""
        own = (rule for pathway in self.pathways.values() for rule in pathway.rules)
        return {rule.code: rule for rule in (*self.global_rules, *own)}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Labels of pathways and steps, for conditions about them."""
        pathways = {code: pathway.label for code, pathway in self.pathways.items()}
        return {**pathways, **{code: step.label for code, step in self.steps.items()}}

    def words(self, rule: Rule) -> str:
        """The rule's condition in a clinician's words."""
        if rule.code not in self._words:
            words = in_words(rule.when, vocabulary(), self.labels)
            self._words[rule.code] = words[:1].upper() + words[1:]
        return self._words[rule.code]

    def urgency(self, profile: str) -> int:
        """Rank of a profile, 0 the most urgent; an unknown one comes last."""
        ranked = sorted(self.profiles.values(), key=lambda p: p.escalate_overdue_days)
        codes = [one.code for one in ranked]
        return codes.index(profile) if profile in codes else len(codes)


def days_after(day: date | None, days: int) -> date | None:
    """The day so many calendar days later; None stays None."""
    return None if day is None else date.fromordinal(day.toordinal() + days)
