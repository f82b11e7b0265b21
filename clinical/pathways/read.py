"""From parsed YAML to dataclasses. What cannot be read is reported, and reading goes on."""

from __future__ import annotations

from collections.abc import Mapping

from clinical.conditions import All, Condition, read
from clinical.pathways.kinds import ACTIONS, Action, Pathway, Profile, Rule, StepDef, Target
from clinical.pathways.report import Place, Row, need, only, texts

_PATHWAY = (
    "id",
    "version",
    "label",
    "group",
    "when_used",
    "entry",
    "urgency",
    "steps",
    "rules",
)
_STEP = (
    "id",
    "modality",
    "label",
    "owner",
    "default",
    "requires",
    "target",
    "profile",
    "capture",
)
_RULE = ("id", "when", "then", "because", "source", "confirm", "confidence", "note")
_CONTRADICTION = ("id", "label", "first", "second", "because", "settle", "source", "confidence")
_PROFILE = (
    "remind_before_days",
    "repeat_overdue_days",
    "escalate_overdue_days",
    "ack_result_within_days",
)
_KINDS = {"days": int}  # parameters of actions that are not text


def read_pathway(raw: Row, sources: Mapping[str, str], place: Place) -> Pathway:
    """A pathway with its steps and rules."""
    only(raw, _PATHWAY, place)
    code = need(raw, "id", str, place)
    steps = [_step(row, code, place) for row in rows(raw, "steps", place)]
    return Pathway(
        code=code,
        label=need(raw, "label", str, place),
        group=need(raw, "group", str, place),
        urgency=need(raw, "urgency", str, place),
        when_used=texts(raw, "when_used", place, []),
        steps=tuple(steps),
        rules=read_rules(raw, "rules", code, sources, place),
        version=need(raw, "version", int, place, 1),
        entry=_condition(raw["entry"], "entry", place) if "entry" in raw else None,
    )


def read_rules(
    raw: Row, name: str, pathway: str | None, sources: Mapping[str, str], place: Place
) -> tuple[Rule, ...]:
    """The rules of a pathway (or the global ones); those that cannot be read are left out."""
    read_ = [_rule(row, pathway, sources, place) for row in rows(raw, name, place)]
    return tuple(rule for rule in read_ if rule is not None)


def read_contradictions(raw: Row, sources: Mapping[str, str], place: Place) -> tuple[Rule, ...]:
    """Rules that are true when two findings do not fit together."""
    read_ = [_contradiction(row, sources, place) for row in rows(raw, "contradictions", place)]
    return tuple(rule for rule in read_ if rule is not None)


def read_profiles(raw: Row, place: Place) -> dict[str, Profile]:
    """The reminder profiles."""
    found = {}
    for code, row in need(raw, "reminder_profiles", dict, place).items():
        here = place.inside(f"profile {code}")
        days = {name: need(row, name, int, here) for name in _PROFILE}
        words = {name: need(row, name, str, here) for name in ("escalate_to", "on_escalation")}
        here.one_of("on_escalation", "way", words["on_escalation"], ("inform", "transfer"))
        found[code] = Profile(code=code, **words, **days)
    return found


def rows(raw: Row, name: str, place: Place) -> list[Row]:
    """The mappings of a list; anything else in it is reported."""
    found = need(raw, name, list, place, [])
    for row in found:
        if not isinstance(row, dict):
            place.problem(name, f"{row!r} (expected a mapping)")
    return [row for row in found if isinstance(row, dict)]


def _step(raw: Row, pathway: str, place: Place) -> StepDef:
    here = place.inside(f"step {raw.get('id', '?')}")
    only(raw, _STEP, here)
    default = raw.get("default", "active")
    here.one_of("default", "default", default, ("active", "conditional"))
    return StepDef(
        code=need(raw, "id", str, here),
        pathway=pathway,
        modality=need(raw, "modality", str, here),
        label=need(raw, "label", str, here),
        owner=need(raw, "owner", str, here),
        conditional=default == "conditional",
        requires=texts(raw, "requires", here, []),
        target=_target(raw, here),
        profile=need(raw, "profile", str, here),
        captures=texts(raw, "capture", here),
    )


def _target(raw: Row, place: Place) -> Target:
    row = need(raw, "target", dict, place)
    here = place.inside("target")
    if row:
        only(row, ("days", "from", "source"), here)
    days = need(row, "days", int, here) if row else 0
    if days < 0:
        here.problem("days", f"{days} (expected 0 or more)")
    origin = need(row, "from", str, here) if row else ""
    return Target(days, origin, need(row, "source", str, here) if row else "")


def _rule(raw: Row, pathway: str | None, sources: Mapping[str, str], place: Place) -> Rule | None:
    here = place.inside(f"rule {raw.get('id', '?')}")
    only(raw, _RULE, here)
    when = _condition(raw.get("when"), "when", here)
    source = need(raw, "source", str, here)
    rule = {
        "code": need(raw, "id", str, here),
        "because": need(raw, "because", str, here),
        "confidence": need(raw, "confidence", str, here, ""),
        "note": need(raw, "note", str, here, ""),
    }
    confirm = need(raw, "confirm", bool, here, True)
    actions = _actions(raw, here)
    if when is None:
        return None
    return Rule(
        pathway=pathway,
        when=when,
        actions=actions,
        source=source,
        source_text=sources.get(source, source),
        confirm=confirm,
        **rule,
    )


def _contradiction(raw: Row, sources: Mapping[str, str], place: Place) -> Rule | None:
    here = place.inside(f"contradiction {raw.get('id', '?')}")
    only(raw, _CONTRADICTION, here)
    first, second = (_condition(raw.get(name), name, here) for name in ("first", "second"))
    source = need(raw, "source", str, here)
    params = {name: need(raw, name, str, here) for name in ("label", "settle")}
    if first is None or second is None:
        return None
    return Rule(
        code=need(raw, "id", str, here),
        pathway=None,
        when=All((first, second)),
        actions=(Action("contradiction", "clinician", {"to": "clinician", **params}),),
        because=need(raw, "because", str, here),
        source=source,
        source_text=sources.get(source, source),
        confidence=need(raw, "confidence", str, here, ""),
    )


def _condition(raw: object, name: str, place: Place) -> Condition | None:
    return read(raw, lambda text: place.problem(name, text))


def _actions(raw: Row, place: Place) -> tuple[Action, ...]:
    found = rows(raw, "then", place)
    if not found:
        place.problem("then", "no action (expected at least one)")
    read_ = [_action(row, place) for row in found]
    return tuple(action for action in read_ if action is not None)


def _action(raw: Row, place: Place) -> Action | None:
    if len(raw) != 1:
        place.problem("then", f"{dict(raw)!r} (expected exactly one action)")
        return None
    ((kind, given),) = raw.items()
    if not place.one_of("then", "action", kind, ACTIONS):
        return None
    here = place.inside("then")
    if not isinstance(given, dict):
        here.problem(kind, f"{given!r} (expected {', '.join(ACTIONS[kind])})")
        return None
    here = here.inside(kind)
    only(given, ACTIONS[kind], here)
    params = {name: need(given, name, _KINDS.get(name, str), here) for name in ACTIONS[kind]}
    return Action(kind, str(params[ACTIONS[kind][0]]), params)
