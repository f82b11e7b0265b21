"""What goes into an evaluation and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from clinical.doors import Door, Stage
from clinical.pathways import StepDef
from clinical.workdays import WorkCalendar

Owner = Literal["clinician", "coordinator"]


@dataclass(frozen=True)
class StepState:
    """What people did to one step, in days of the clinic's time zone; None where nobody did.

    ended: "", not_needed, declined, cancelled, failed or answered (another result settled it).
    released: a clinician lets it go on in spite of an open prerequisite or a rule's hold.
    activated_on: the day it first became active. profile, due_cap: from an applied `prioritise`.
    """

    code: str
    ordered_on: date | None = None
    booked_on: date | None = None
    performed_on: date | None = None
    reported_on: date | None = None
    reviewed_on: date | None = None
    told_on: date | None = None
    ended: str = ""
    ended_on: date | None = None
    ended_by_rule: bool = False
    held_until: date | None = None
    released: bool = False
    activated_on: date | None = None
    profile: str = ""
    due_cap: date | None = None
    expected_days: int | None = None

    def passed(self, door: Door) -> date | None:
        """The day this door was passed."""
        return {
            Door.ORDERED: self.ordered_on,
            Door.PERFORMED: self.performed_on,
            Door.REPORTED: self.reported_on,
            Door.REVIEWED: self.reviewed_on,
            Door.TOLD: self.told_on,
        }[door]


@dataclass(frozen=True)
class Pause:
    """The case's clock stands still from `start` until `end` (exclusive): nothing new is begun,

    but what has been done is still reported, reviewed and told. why: in words.
    """

    start: date
    end: date
    why: str


@dataclass(frozen=True)
class Snapshot:
    """One case on one day.

    accepted, declined: keys of proposals that have been decided; they are not raised again, and the
    caller forgets a key once its rule has been false. extra: steps that belong to no pathway.
    recorded: for each capture the step whose result answered it last, and the day of that result.
    pauses: in their order, never overlapping.
    """

    started: Mapping[str, date]
    on: date
    facts: Mapping[str, object] = field(default_factory=dict)
    steps: Mapping[str, StepState] = field(default_factory=dict)
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    closed: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    extra: tuple[StepDef, ...] = ()
    recorded: Mapping[str, tuple[str, date]] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()

    @property
    def pause(self) -> Pause | None:
        """The one that the case is in."""
        return next((each for each in self.pauses if each.start <= self.on < each.end), None)


@dataclass(frozen=True)
class Reason:
    """Why a step stands where it does. `text` is the rule in words, `source` a full citation."""

    text: str
    rule: str = ""
    source: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True)
class Verdict:
    """Where a step stands, whose turn it is, and by when."""

    code: str
    stage: Stage
    door: Door | None
    owner: Owner
    due_on: date | None
    profile: str
    active: bool
    because: tuple[Reason, ...] = ()
    waits_for: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Raised:
    """What a rule asks for: to be decided by a clinician, or (no decision) already applied.

    kind: an action of a rule, or `cancel` (a skip of what has been ordered) or `answer`.
    """

    key: str
    kind: str
    rule: str
    target: str
    text: str
    needs_decision: bool
    step: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    because: str = ""
    source: str = ""
    confidence: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    level: str = ""


@dataclass(frozen=True)
class Start:
    """A pathway that a rule has started."""

    pathway: str
    rule: str


@dataclass(frozen=True)
class Outcome:
    """Everything that follows from a snapshot."""

    verdicts: Mapping[str, Verdict]
    raised: tuple[Raised, ...]
    starts: tuple[Start, ...]
    true_rules: frozenset[str]
