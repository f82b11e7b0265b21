"""Checking definitions against the vocabulary and against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from clinical.conditions import Comparison, Condition, comparisons
from clinical.pathways.kinds import REFERRAL, Action, Catalogue, Pathway, Rule, StepDef
from clinical.pathways.report import Place
from clinical.vocabulary import FactType, Vocabulary

_ORDERED = ("lt", "lte", "gt", "gte")
_PARAMETERS = {"profile": "profile", "level": "alert_level", "status": "dx_status"}


def check(
    loaded: Catalogue, files: Mapping[str, str], known: Vocabulary, problems: list[str]
) -> None:
    """Reports whatever does not resolve or cannot work in the files just read, all at once."""
    _Check(loaded, known).all(files, problems)


class _Check:
    def __init__(self, loaded: Catalogue, known: Vocabulary) -> None:
        self.loaded = loaded
        self.known = known

    def all(self, files: Mapping[str, str], problems: list[str]) -> None:
        for code, name in files.items():
            self.pathway(self.loaded.pathways[code], Place(name, problems))
        common = Place("global.yaml", problems)
        for rule in self.loaded.global_rules:
            self.rule(rule, self.loaded.steps, common)
        self.duplicates(files, problems)

    def duplicates(self, files: Mapping[str, str], problems: list[str]) -> None:
        """Codes of steps and rules are unique over all pathways."""
        where: dict[tuple[str, str], str] = {}
        for kind, code, owner in self.codes():
            place = Place(files.get(owner, owner or "global.yaml"), problems).inside(
                f"{kind} {code}"
            )
            if (kind, code) in where:
                place.problem("id", f"also used in {where[kind, code]} (expected a new id)")
            where[kind, code] = files.get(owner, owner or "global.yaml")

    def codes(self) -> Iterator[tuple[str, str, str]]:
        for rule in self.loaded.global_rules:
            yield "rule", rule.code, ""
        for pathway in self.loaded.pathways.values():
            for step in pathway.steps:
                yield "step", step.code, pathway.code
            for rule in pathway.rules:
                yield "rule", rule.code, pathway.code

    def pathway(self, pathway: Pathway, place: Place) -> None:
        place.one_of("group", "group", pathway.group, self.known.groups)
        place.one_of("urgency", "urgency", pathway.urgency, self.known.enums["urgency"])
        if not pathway.steps:
            place.problem("steps", "none (expected at least one step)")
        own = {step.code: step for step in pathway.steps}
        for step in pathway.steps:
            self.step(step, own, place.inside(f"step {step.code}"))
        for cycle in _cycles(own):
            here = place.inside(f"step {cycle[0]}")
            here.problem("requires", f"cycle {' → '.join(cycle)} (expected none)")
        for rule in pathway.rules:
            self.rule(rule, own, place)

    def step(self, step: StepDef, own: Mapping[str, StepDef], place: Place) -> None:
        place.one_of("modality", "modality", step.modality, self.known.enums["modality"])
        place.one_of("owner", "owner", step.owner, self.known.enums["owner"])
        place.one_of("profile", "profile", step.profile, self.loaded.profiles)
        for code in step.requires:
            place.one_of("requires", "step", code, own)
        if step.target is not None:
            origins = [REFERRAL, *(code for code in own if code != step.code)]
            place.one_of("target.from", "origin", step.target.origin, origins)
            place.one_of("target.source", "source", step.target.source, self.loaded.sources)
        for capture in step.captures:
            if self.known.captured(capture) is None:
                place.unknown("capture", "capture", capture, self.captures(capture))

    def captures(self, capture: str) -> list[str]:
        """Captures of the same prefix, to suggest the nearest."""
        prefix = capture.partition(":")[0]
        return self.known.capture_codes(prefix)

    def rule(self, rule: Rule, steps: Mapping[str, StepDef], place: Place) -> None:
        here = place.inside(f"rule {rule.code}")
        here.one_of("source", "source", rule.source, self.loaded.sources)
        if rule.confidence:
            confidences = self.known.enums["confidence"]
            here.one_of("confidence", "confidence", rule.confidence, confidences)
        self.condition(rule.when, here)
        seen = set()
        for action in rule.actions:
            self.action(action, steps, here.inside("then"))
            if (action.kind, action.target) in seen:
                here.problem("then", f"{action.kind} {action.target} stands there twice")
            seen.add((action.kind, action.target))

    def action(self, action: Action, steps: Mapping[str, StepDef], place: Place) -> None:
        known = self.targets(action.kind, steps)
        what = "addressee" if action.kind in ("alert", "contradiction") else action.kind
        place.one_of(action.kind, _TARGETS.get(action.kind, what), action.target, known)
        for name, enum in _PARAMETERS.items():
            if name in action.params:
                codes = self.loaded.profiles if name == "profile" else self.known.enums[enum]
                field_name = f"{action.kind}.{name}"
                place.one_of(field_name, name, action.params[name], codes)
        days = action.params.get("days", 0)
        if isinstance(days, int) and days < 0:
            place.problem(f"{action.kind}.days", f"{days} (expected 0 or more)")

    def targets(self, kind: str, steps: Mapping[str, StepDef]) -> Iterable[str]:
        targets: Mapping[str, Iterable[str]] = {
            "set_dx": self.known.disorders,
            "start_pathway": self.loaded.pathways,
            "close_pathway": self.loaded.pathways,
            "alert": self.known.enums["owner"],
            "contradiction": self.known.enums["owner"],
            "create_referral": self.known.rehab,
            "show_treatment_option": self.known.treatments,
        }
        return targets.get(kind, steps)

    def condition(self, condition: Condition, place: Place) -> None:
        for one in comparisons(condition):
            self.comparison(one, place)

    def comparison(self, one: Comparison, place: Place) -> None:
        family, _, code = one.fact.partition(".")
        known: Mapping[str, Mapping[str, object]] = {
            "step": self.loaded.steps,
            "pathway": self.loaded.pathways,
        }
        if family in known:
            place.one_of("when", family, code, known[family])
        fact = self.known.fact(one.fact)
        if fact is None:
            place.unknown("when", "fact", one.fact, self.known.facts)
            return
        wrong = _wrong(one, fact)
        if wrong:
            place.problem("when", f"{one.fact} {one.op} {_shown(one.value)} (expected {wrong})")


_TARGETS = {
    "activate": "step",
    "skip": "step",
    "prioritise": "step",
    "hold": "step",
    "set_dx": "disorder",
    "start_pathway": "pathway",
    "close_pathway": "pathway",
    "create_referral": "rehabilitation category",
    "show_treatment_option": "treatment",
}


def _shown(value: object) -> str:
    return repr(list(value)) if isinstance(value, tuple) else repr(value)


def _wrong(one: Comparison, fact: FactType) -> str | None:
    """What the operator or the value should be for this kind of fact, or None."""
    many = fact.kind in ("list_enum", "list_int")
    if one.op in ("exists", "missing"):
        return None if isinstance(one.value, bool) else "true or false"
    if one.op in ("contains", "contains_any"):
        if not many:
            return f"an operator for {fact.kind}: {fact.path} is no list"
    elif many:
        return "contains or contains_any: the fact is a list"
    elif one.op in _ORDERED and fact.kind not in ("int", "number"):
        return f"an operator for {fact.kind}: only numbers have an order"
    return _wrong_value(one, fact)


def _wrong_value(one: Comparison, fact: FactType) -> str | None:
    several = one.op in ("in", "not_in", "contains_any")
    if several != isinstance(one.value, tuple):
        return "a list of values" if several else "one value"
    values = one.value if isinstance(one.value, tuple) else (one.value,)
    if not values:
        return "at least one value"
    for value in values:
        if value == "unknown":
            return "missing instead: unknown is never a value"
        wrong = fact.expected((value,) if fact.kind.startswith("list") else value)
        if wrong:
            return wrong
    return None


def _cycles(steps: Mapping[str, StepDef]) -> list[tuple[str, ...]]:
    """Chains of prerequisites that come back to where they started, each reported once."""
    found: list[tuple[str, ...]] = []
    finished: set[str] = set()

    def visit(code: str, chain: tuple[str, ...]) -> None:
        if code in chain:
            found.append((*chain[chain.index(code) :], code))
        elif code in steps and code not in finished:
            for other in steps[code].requires:
                visit(other, (*chain, code))
            finished.add(code)

    for code in steps:
        visit(code, ())
    return found
