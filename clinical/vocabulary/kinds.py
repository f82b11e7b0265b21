"""What the vocabulary is made of: one frozen dataclass per kind of row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import Any

from clinical.vocabulary.labels import plain_unit
from clinical.vocabulary.threshold import Blocker, Threshold


class AbnormalFlag(StrEnum):
    """How a value stands against its limits."""

    NORMAL = "normal"
    LOW = "low"
    HIGH = "high"
    CRITICAL_LOW = "critical_low"
    CRITICAL_HIGH = "critical_high"
    POSITIVE = "positive"
    EQUIVOCAL = "equivocal"
    NEGATIVE = "negative"
    NOT_TESTED = "not_tested"


@dataclass(frozen=True)
class Item:
    """A coded row with a label for people. Confidence: high, medium, low or unstated."""

    code: str
    label: str
    note: str = ""
    source: str = ""
    confidence: str = ""

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Phenotype(Item):
    """A symptom (reported) or sign (examined) with its HPO code.

    `synonyms` are our words for finding it by typing, not those of HPO.
    """

    hpo: str = ""
    kind: str = ""
    red_flag: bool = False
    seed: str = ""
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class HistoryItem(Item):
    """One question of the history. `type` is as in the YAML: enum, number, coded_list ..."""

    type: str = "text"
    unit: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure(Item):
    """An examination or physiology item: coded (`values`), numeric (`unit`) or both."""

    short: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()
    roots: str = ""
    midline: bool = False
    formula: str = ""
    thresholds: tuple[Threshold, ...] = ()


@dataclass(frozen=True)
class Movement(Item):
    """A movement whose strength is graded; both sides are tested unless it is in the midline."""

    muscle: str = ""
    roots: str = ""
    nerve: str = ""
    midline: bool = False


@dataclass(frozen=True)
class Series(Item):
    """A fixed set done in one sitting: `members` are movements, nerves or muscles.

    For conduction studies `members` are the motor nerves and `sensory` the sensory ones.
    """

    members: tuple[str, ...] = ()
    sensory: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """One reference interval; an open side is None, and so is a condition that does not apply."""

    low: float | None = None
    high: float | None = None
    sex: str | None = None
    age_min: float | None = None
    age_max: float | None = None

    def fits(self, sex: str, age_years: float | None) -> bool:
        if self.sex is not None and self.sex != sex:
            return False
        if self.age_min is None and self.age_max is None:
            return True
        if age_years is None:
            return False
        completed = int(age_years)  # a child of 17.9 years is 17
        return (self.age_min is None or completed >= self.age_min) and (
            self.age_max is None or completed <= self.age_max
        )


@dataclass(frozen=True)
class Analyte(Item):
    """A laboratory test. Default limits are in `unit`; the laboratory's own always win."""

    short: str = ""
    loinc: str = ""
    loinc_check: str = ""
    unit: str = ""
    value_type: str = "text"
    group: str = ""
    assay_dependent: bool = False
    references: tuple[Reference, ...] = ()
    critical_low: float | None = None
    critical_high: float | None = None
    results: tuple[str, ...] = ()

    @property
    def plain_unit(self) -> str:
        """The unit as people write it."""
        return plain_unit(self.unit)

    def limits(self, sex: str, age_years: float | None) -> tuple[float | None, float | None]:
        """Default lower and upper limit (in `unit`) for this sex and age; None where there is none.

        An unknown age never picks an interval that depends on age.
        """
        for reference in self.references:
            if reference.fits(sex, age_years):
                return reference.low, reference.high
        return None, None

    def flag(self, value: float, low: float | None, high: float | None) -> AbnormalFlag | None:
        """How the value stands; None when no limit is known, for then nobody can tell."""
        if self.critical_low is not None and value < self.critical_low:
            return AbnormalFlag.CRITICAL_LOW
        if self.critical_high is not None and value > self.critical_high:
            return AbnormalFlag.CRITICAL_HIGH
        if low is not None and value < low:
            return AbnormalFlag.LOW
        if high is not None and value > high:
            return AbnormalFlag.HIGH
        return None if low is None and high is None else AbnormalFlag.NORMAL

    @staticmethod
    def x_uln(value: float, high: float | None) -> float | None:
        """The value as a multiple of the upper limit; None without a positive upper limit."""
        return value / high if high else None


@dataclass(frozen=True)
class Panel(Item):
    """Analytes that are ordered together."""

    analytes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ScaleItem(Item):
    """One item of a scale, in whole points; `anchors` says what a number of points means."""

    minimum: int = 0
    maximum: int = 0
    anchors: Mapping[int, str] = field(default_factory=dict)
    rule: str = ""


@dataclass(frozen=True)
class Scale(Item):
    """A functional scale. A coded scale has `values`; a numeric one has limits.

    `items` are there where their ranges are known: then their sum is the total. `invalid` are
    numbers within the limits that the scale does not have.
    """

    minimum: float | None = None
    maximum: float | None = None
    step: float = 1
    direction: str = ""
    values: tuple[str, ...] = ()
    items: tuple[ScaleItem, ...] = ()
    subscores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    invalid: tuple[float, ...] = ()
    use: str = ""


@dataclass(frozen=True)
class MotorNerve(Item):
    """Adult limits: amplitude (mV) and velocity (m/s) lower; latency and F wave (ms) upper."""

    record: str = ""
    stim: tuple[str, ...] = ()
    amp_lln_mv: float | None = None
    dml_uln_ms: float | None = None
    cv_lln_m_s: float | None = None
    f_uln_ms: float | None = None


@dataclass(frozen=True)
class SensoryNerve(Item):
    """Adult limits: amplitude (uV) and velocity (m/s) lower; peak latency (ms) upper."""

    amp_lln_uv: float | None = None
    cv_lln_m_s: float | None = None
    peak_uln_ms: float | None = None


@dataclass(frozen=True)
class SpecialTest(Item):
    """A test beside conduction and needle, with the limits that the vocabulary states."""

    cutoffs: Mapping[str, float] = field(default_factory=dict)
    uln_ms: float | None = None


@dataclass(frozen=True)
class Muscle(Item):
    """A muscle for needle EMG with its body region and root."""

    region: str = ""
    root: str = ""


@dataclass(frozen=True)
class Finding(Item):
    """An imaging finding; `counted` ones are recorded as a number."""

    counted: bool = False
    urgency: str = ""


@dataclass(frozen=True)
class ImagedMuscle(Item):
    """A muscle that an MRI grades for fat and oedema, and the region of the body it lies in."""

    region: str = ""


@dataclass(frozen=True)
class Band:
    """What a number of repeats means: `code` from `low` to `high`, both inside; None: no limit."""

    code: str
    low: int | None = None
    high: int | None = None

    def holds(self, repeats: int) -> bool:
        above = self.low is None or repeats >= self.low
        return above and (self.high is None or repeats <= self.high)


@dataclass(frozen=True)
class GeneticTest(Item):
    """A genetic test, its technique, its genes, and what its numbers of repeats mean."""

    type: str = ""
    genes: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()

    def band(self, repeats: int) -> str:
        """The code of the band that holds it (normal, premutation, affected); "" between bands."""
        return next((band.code for band in self.bands if band.holds(repeats)), "")


@dataclass(frozen=True)
class Disorder(Item):
    """A disorder; `whole_group` marks the group itself, when the subtype is not (yet) known."""

    group: str = ""
    icd10: str = ""
    icd10cm: str = ""
    omim: str = ""
    orpha: str = ""
    mondo: str = ""
    genes: tuple[str, ...] = ()
    whole_group: bool = False


@dataclass(frozen=True)
class Group(Item):
    """A group of disorders."""

    icd10: str = ""
    disorders: tuple[str, ...] = ()


@dataclass(frozen=True)
class Treatment(Item):
    """A treatment; eligibility is a prompt for a clinician, never a prescription."""

    group: str = ""
    kind: str = ""
    eligibility: Mapping[str, Any] = field(default_factory=dict)
    monitoring: tuple[str, ...] = ()
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Criterion(Item):
    """Published diagnostic criteria and the categories they can give."""

    outputs: tuple[str, ...] = ()
    numeric: tuple[str, ...] = ()


@dataclass(frozen=True)
class Procedure(Item):
    """A test or act without a table of its own, and what stands against it."""

    blockers: tuple[Blocker, ...] = ()


@dataclass(frozen=True)
class Urgency(Item):
    """An urgency and the days it leaves until the first review."""

    max_days_to_first_review: int = 0
    meaning: str = ""


@dataclass(frozen=True)
class FactType:
    """What may be stored under a fact path.

    kind: bool, int, number, enum, list_enum, list_int, tri_state or text. `labels` has a label for
    each value of a coded fact; `label` reads inside a sentence ("CK", "age").
    """

    path: str
    kind: str
    values: tuple[str, ...] = ()
    label: str = ""
    unit: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    note: str = ""

    def problem(self, value: object) -> str | None:
        """What is wrong with the value, in words, or None when it may be stored."""
        expected = self.expected(value)
        return f"{value!r} (expected {expected})" if expected else None

    def expected(self, value: object) -> str | None:
        """What should stand there instead of the value, or None when it may be stored."""
        return _wrong(self, value)


def _wrong(fact: FactType, value: object) -> str | None:
    if fact.kind == "bool":
        return None if isinstance(value, bool) else "true or false"
    if fact.kind in ("int", "number"):
        return _wrong_number(fact, value)
    if fact.kind in ("enum", "tri_state"):
        ok = isinstance(value, str) and value in fact.values
        return None if ok else "one of " + ", ".join(fact.values)
    if fact.kind == "list_enum":
        ok = isinstance(value, (list, tuple)) and all(
            isinstance(v, str) and (v in fact.values or not fact.values) for v in value
        )
        return None if ok else "a list of " + (", ".join(fact.values) or "text")
    if fact.kind == "list_int":
        ok = isinstance(value, (list, tuple)) and all(type(v) is int for v in value)
        return None if ok else "a list of whole numbers"
    return None if isinstance(value, str) else "text"


def _wrong_number(fact: FactType, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        return "a whole number" if fact.kind == "int" else "a number"
    if fact.kind == "int" and value != int(value):
        return "a whole number"
    if fact.minimum is not None and value < fact.minimum:
        return f"at least {fact.minimum:g}"
    if fact.maximum is not None and value > fact.maximum:
        return f"at most {fact.maximum:g}"
    return None
