"""Facts of a case as the inputs of criteria: a value, or None where nobody established it."""

from __future__ import annotations

from collections.abc import Callable

from clinical.criteria.als import REGIONS, Signs
from clinical.criteria.so_far import Facts

_PROGRESSIVE = ("subacute", "chronic_progressive", "stepwise")
_NOT_PROGRESSIVE = ("static", "episodic")
_HIGH, _NOT_HIGH = ("high", "critical_high"), ("normal", "low", "critical_low")


def number(path: str) -> Callable[[Facts], float | None]:
    def read(facts: Facts) -> float | None:
        value = facts.get(path)
        ok = isinstance(value, int | float) and not isinstance(value, bool)
        return float(value) if ok else None  # type: ignore[arg-type]

    return read


def count(path: str) -> Callable[[Facts], int | None]:
    def read(facts: Facts) -> int | None:
        value = number(path)(facts)
        return None if value is None else int(value)

    return read


def flag(path: str) -> Callable[[Facts], bool | None]:
    def read(facts: Facts) -> bool | None:
        value = facts.get(path)
        return value if isinstance(value, bool) else None

    return read


def at_least(path: str, limit: float) -> Callable[[Facts], bool | None]:
    def read(facts: Facts) -> bool | None:
        value = number(path)(facts)
        return None if value is None else value >= limit

    return read


def present(code: str) -> Callable[[Facts], bool | None]:
    """A sign or symptom."""
    return lambda facts: {"present": True, "absent": False}.get(str(facts.get(f"ph.{code}")))


def positive(analyte: str) -> Callable[[Facts], bool | None]:
    """An antibody."""
    path = f"lab.{analyte}.flag"
    return lambda facts: {"positive": True, "negative": False}.get(str(facts.get(path)))


def raised(*analytes: str) -> Callable[[Facts], bool | None]:
    """One of them above its limit; none of them only where all were measured."""

    def read(facts: Facts) -> bool | None:
        flags = [facts.get(f"lab.{code}.flag") for code in analytes]
        if any(each in _HIGH for each in flags):
            return True
        return False if all(each in _NOT_HIGH for each in flags) else None

    return read


def listed(path: str, code: str) -> Callable[[Facts], bool | None]:
    """A finding of a report that lists all it found."""

    def read(facts: Facts) -> bool | None:
        found = facts.get(path)
        return code in found if isinstance(found, list | tuple) else None

    return read


def progressive(facts: Facts) -> bool | None:
    course = facts.get("hx.progression")
    return True if course in _PROGRESSIVE else False if course in _NOT_PROGRESSIVE else None


def at_bedside(path: str) -> Callable[[Facts], Signs | None]:
    """Signs by region, of an examiner who named the regions that have them."""

    def read(facts: Facts) -> Signs | None:
        found = facts.get(path)
        known = isinstance(found, list | tuple)
        return {region: region in found for region in REGIONS} if known else None  # type: ignore[operator]

    return read


def by_needle(facts: Facts) -> Signs | None:
    """Denervation by region; a region that no needle studied may have it."""
    found = facts.get("emg.lmn_in")
    if not isinstance(found, list | tuple):
        return None
    rest = False if facts.get("emg.regions_studied") == len(REGIONS) else None
    return {region: True if region in found else rest for region in REGIONS}
