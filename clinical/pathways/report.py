"""Collecting everything that is wrong with definitions, each with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]
_NAMES = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "a mapping",
}


@dataclass(frozen=True)
class Place:
    """A file, or a step or rule in it, to which problems are reported."""

    where: str
    problems: list[str] = field(default_factory=list)

    def inside(self, part: str) -> Place:
        return Place(f"{self.where}: {part}", self.problems)

    def problem(self, field_name: str, text: str) -> None:
        self.problems.append(f"{self.where}: {field_name}: {text}")

    def unknown(self, field_name: str, what: str, found: object, known: Iterable[str]) -> None:
        """An unknown code, with the nearest one that exists."""
        codes = list(known)
        near = get_close_matches(str(found), codes, n=1)
        hint = near[0] if near else (", ".join(codes) if len(codes) < 15 else f"a known {what}")
        self.problem(field_name, f"unknown {what} {found!r} (expected {hint})")

    def one_of(self, field_name: str, what: str, found: object, known: Iterable[str]) -> bool:
        codes = list(known)
        if found not in codes:
            self.unknown(field_name, what, found, codes)
        return found in codes


def need(row: Row, name: str, kind: type, place: Place, default: Any = None) -> Any:
    """The value of a field, or an empty one of its kind after a problem has been reported."""
    value = row.get(name, default)
    fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    if fits and (value != "" or default == ""):
        return value
    found = "missing" if value is None else f"{value!r}"
    place.problem(name, f"{found} (expected {_NAMES[kind]})")
    return kind()


def texts(row: Row, name: str, place: Place, default: Any = None) -> tuple[str, ...]:
    """A list of texts."""
    values = need(row, name, list, place, default)
    bad = [value for value in values if not isinstance(value, str)]
    for value in bad:
        place.problem(name, f"{value!r} (expected text)")
    return tuple(value for value in values if value not in bad)


def only(row: Row, allowed: Iterable[str], place: Place) -> None:
    """Reports fields that nobody would read: most often a misspelt one."""
    for name in row:
        if name not in set(allowed):
            place.unknown(str(name), "field", name, allowed)
