"""Sums and slopes of scores. What is not complete has no total, and says what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from clinical.vocabulary import Scale

Grades = Mapping[tuple[str, str], str]  # (movement, side) → MRC grade

SIDES = ("right", "left")
MRC_SUM_MOVEMENTS = (
    "shoulder_abduction",
    "elbow_flexion",
    "wrist_extension",
    "hip_flexion",
    "knee_extension",
    "ankle_dorsiflexion",
)
MRC_MARKED_BELOW, MRC_SEVERE_BELOW = 48, 36
DAYS_PER_MONTH = Fraction("30.4375")
ALSFRS_R_TOP = 48
SLOW_BELOW, FAST_ABOVE = Fraction("0.47"), Fraction("1.11")
DAYS_BETWEEN_VISITS = 28


@dataclass(frozen=True)
class MrcSum:
    """`total` 0 to 60, or None while a movement is missing or untestable; `tested` of twelve.

    `percent` rescales what was tested, for display only: never compare it between patients.
    `band`: "marked" below 48, "severe" below 36, else "".
    """

    total: int | None
    tested: int
    percent: int | None
    band: str = ""

    @property
    def status(self) -> str:
        return "incomplete" if self.total is None else "complete"


def mrc_points(grade: str | None) -> int | None:
    """0 to 5: 4−, 4 and 4+ count 4, 3− and 3+ count 3, 5− counts 4; None for NT or no grade."""
    if not grade or grade == "NT":
        return None
    return 4 if grade == "5-" else int(grade[0])


def mrc_sum(grades: Grades) -> MrcSum:
    """The MRC sum score of six movements on both sides.

    Source: Kleyweg et al., Muscle Nerve 1991;14:1103-1109; below 48: De Jonghe et al., JAMA 2002.
    """
    scored = [
        mrc_points(grades.get((movement, side))) for movement in MRC_SUM_MOVEMENTS for side in SIDES
    ]
    known = [points for points in scored if points is not None]
    percent = round(100 * sum(known) / (5 * len(known))) if known else None
    if len(known) < len(scored):
        return MrcSum(None, len(known), percent)
    total = sum(known)
    below = {MRC_SEVERE_BELOW: "severe", MRC_MARKED_BELOW: "marked"}
    band = next((word for limit, word in below.items() if total < limit), "")
    return MrcSum(total, len(known), percent, band)


@dataclass(frozen=True)
class ItemSum:
    """`total` None while an item is missing; a subscore is there when all of its items are."""

    total: int | None
    missing: tuple[str, ...]
    subscores: Mapping[str, int]


def item_sum(scale: Scale, points: Mapping[str, int]) -> ItemSum:
    """Total and subscores of a scale's items, {item: points}.

    Raises ValueError for an item that the scale does not have or that is out of its range.
    """
    ranges = {item.code: item for item in scale.items}
    for code, value in points.items():
        item = ranges.get(code)
        if item is None or not item.minimum <= value <= item.maximum:
            raise ValueError(f"{scale.code}: no item {code} with {value} points.")
    missing = tuple(code for code in ranges if code not in points)
    subscores = {
        name: sum(points[code] for code in codes)
        for name, codes in scale.subscores.items()
        if all(code in points for code in codes)
    }
    total = None if missing or not ranges else sum(points.values())
    return ItemSum(total, missing, subscores)


@dataclass(frozen=True)
class Slope:
    """Points lost in a month, and its band: slow, intermediate, fast or insufficient_data."""

    per_month: float | None
    band: str


UNKNOWN_SLOPE = Slope(None, "insufficient_data")


def delta_fs(total: int | None, days_since_onset: int | None) -> Slope:
    """ALSFRS-R points lost in a month since the first symptom: (48 − total) / months.

    A month has 30.4375 days; less than one since onset is too little to tell. Raises ValueError
    for a total outside 0 to 48. Source: Kimura et al., Neurology 2006;66:265-267; bands: Labra et
    al., J Neurol Neurosurg Psychiatry 2016;87:628-632.
    """
    if total is None or days_since_onset is None or days_since_onset < DAYS_PER_MONTH:
        return UNKNOWN_SLOPE
    if not 0 <= total <= ALSFRS_R_TOP:
        raise ValueError(f"ALSFRS-R {total}: expected 0 to {ALSFRS_R_TOP}.")
    exact = (ALSFRS_R_TOP - total) * DAYS_PER_MONTH / days_since_onset
    return Slope(float(exact), slope_band(exact))


def slope_band(per_month: Fraction | float) -> str:
    """slow < 0.47, intermediate 0.47 to 1.11, fast > 1.11 points a month (Labra 2016)."""
    exact = Fraction(str(per_month)) if isinstance(per_month, float) else per_month
    if exact < SLOW_BELOW:
        return "slow"
    return "fast" if exact > FAST_ABOVE else "intermediate"


def slope_between(
    first: float | None, first_on: date | None, second: float | None, second_on: date | None
) -> float | None:
    """Points lost in a month from one visit to the next; below 0 = gained.

    None unless both totals are known and the visits lie at least 28 days apart.
    """
    if first is None or second is None or first_on is None or second_on is None:
        return None
    days = (second_on - first_on).days
    if days < DAYS_BETWEEN_VISITS:
        return None
    return float(Fraction(str(first - second)) * DAYS_PER_MONTH / days)
