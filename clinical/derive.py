"""Facts that follow from other facts. Only what can be decided is added; unknown stays absent.

Sources: the published rules stand with each function. What a person recorded is never overruled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from clinical.conditions import known
from clinical.scores import delta_fs

Facts = Mapping[str, object]

# coding bases of DMD exons 1 to 78 (of exon 1 its 31 coding ones; exon 79 has only the last 11)
DMD_EXON_BASES = (
    *(31, 62, 93, 78, 93, 173, 119, 182, 129, 189, 182, 151, 120, 102, 108, 180, 176, 124, 88, 242),
    *(181, 146, 213, 114, 156, 171, 183, 135, 150, 162, 111, 174, 156, 171, 180, 129, 171, 123),
    *(138, 153, 183, 195, 173, 148, 176, 148, 150, 186, 102, 109, 233, 118, 212, 155, 190, 173),
    *(157, 121, 269, 147, 79, 61, 62, 75, 202, 86, 158, 167, 112, 137, 39, 66, 66, 159, 245, 124),
    *(93, 32),
)
EXON_SKIP_TARGETS = (44, 45, 51, 53)  # exons with a drug or a trial
_LAST_SKIPPABLE = 63  # exons 64 to 70 encode a binding domain that must stay
_CK_RAISED_X_ULN = 1.5
_CK_APART = timedelta(days=14)
_KAPPA_INDEX = 6.1  # the widely used cut-off, where the laboratory gave no flag of its own
_ABOVE = ("high", "critical_high", "positive")
_BELOW = ("normal", "low", "critical_low", "negative")
_SMA_SIGNS = ("ph.hypotonia", "ph.motor_regression", "ph.weakness_proximal")
_SMA_PATTERNS = ("proximal", "proximal_and_distal", "generalised", "limb_girdle", "axial")


@dataclass(frozen=True)
class DmdFrame:
    """Reading frame after a change, the exons whose skipping restores it, and a caution."""

    frame: str
    skippable: tuple[int, ...] | None = None
    note: str = ""


@dataclass(frozen=True)
class CkValue:
    """One CK as a multiple of the upper limit. rested: 7 days without exercise or injections."""

    on: date
    x_uln: float
    rested: bool = True


@dataclass(frozen=True)
class AlsfrsR:
    """The last total of the ALSFRS-R, 0 to 48, and its day as days since the first symptom."""

    total: int
    days_since_onset: int


def derive(
    facts: Facts,
    ck_values: Iterable[CkValue] = (),
    alsfrs_r: AlsfrsR | None = None,
    exon_skip_targets: Sequence[int] = EXON_SKIP_TARGETS,
) -> dict[str, object]:
    """The facts and what follows from them."""
    derived: dict[str, object] = {
        "crit.sma_genetic": _decided(sma_genetic(facts)),
        "csf.positive_ms": csf_positive_ms(facts),
        "ck.raised_persistent": ck_raised_persistently(ck_values),
    }
    if alsfrs_r is not None:
        slope = delta_fs(alsfrs_r.total, alsfrs_r.days_since_onset)
        derived["crit.alsfrs_r_slope"] = _decided(slope.band)
    frame = _dmd(facts, exon_skip_targets)
    if frame is not None:
        derived["crit.dmd_frame"] = frame.frame
        skippable = frame.skippable
        derived["gen.exon_skip_amenable"] = None if skippable is None else list(skippable)
    new = {path: value for path, value in derived.items() if value is not None}
    return {**new, **{path: value for path, value in facts.items() if value is not None}}


def dmd_frame(
    kind: str, start: int, end: int, targets: Sequence[int] = EXON_SKIP_TARGETS
) -> DmdFrame:
    """The DMD reading frame after a `deletion` or `duplication` of exons `start` to `end`.

    A duplication is assumed to be in tandem, in the same direction. Raises ValueError unless
    1 <= start <= end <= 79. Precision: the frame predicts the phenotype in about 9 of 10.
    Source: Monaco et al., Genomics 1988;2:90-95; Aartsma-Rus et al., Hum Mutat 2009;30:293-299.
    """
    if not 1 <= start <= end <= 79:
        raise ValueError(f"Exons {start} to {end}: expected 1 <= start <= end <= 79.")
    if start == 1 or end == 79:
        return DmdFrame("not_applicable")
    bases = sum(DMD_EXON_BASES[start - 1 : end])
    frame = "out_of_frame" if bases % 3 else "in_frame"
    if kind != "deletion":
        return DmdFrame(frame, None, "Assumes a duplication in tandem and in the same direction.")
    skippable = _skippable(start, end, bases, targets) if frame == "out_of_frame" else ()
    return DmdFrame(frame, skippable, _caution(start, end))


def _skippable(start: int, end: int, bases: int, targets: Sequence[int]) -> tuple[int, ...]:
    """Neighbouring exons without which the frame is whole again."""
    if end > _LAST_SKIPPABLE:
        return ()
    neighbours = [exon for exon in (start - 1, end + 1) if exon in targets and 2 <= exon <= 78]
    return tuple(exon for exon in neighbours if not (bases + DMD_EXON_BASES[exon - 1]) % 3)


def _caution(start: int, end: int) -> str:
    if (start, end) == (3, 7):
        return "Often Becker although out of frame: a known exception."
    if end > _LAST_SKIPPABLE:
        return "Reaches exon 64 or beyond: expert review."
    return ""


def _dmd(facts: Facts, targets: Sequence[int]) -> DmdFrame | None:
    names = ("del_dup", "exon_start", "exon_end")
    kind, start, end = (known(facts, f"gen.dmd_{name}") for name in names)
    if kind not in ("deletion", "duplication") or type(start) is not int or type(end) is not int:
        return None
    return dmd_frame(str(kind), start, end, targets) if 1 <= start <= end <= 79 else None


def sma_genetic(facts: Facts) -> str:
    """The category of genetic confirmation of 5q SMA, `insufficient_data` where it is open.

    The laboratory must have placed a second variant in SMN1, not SMN2.
    Source: Mercuri et al., Neuromuscul Disord 2018;28:103-115; Schroth et al., Neurol Clin Pract
    2024;14:e200310.
    """
    copies = known(facts, "gen.smn1_exon7_copies")
    pathogenic = known(facts, "gen.smn1_second_variant") == "pathogenic"
    if type(copies) is not int:
        return "insufficient_data"
    if copies == 0:
        return "confirmed_homozygous_deletion"
    if copies >= 2:
        return "insufficient_data" if pathogenic else "5q_unlikely"
    if pathogenic:
        return "confirmed_compound_heterozygous"
    fits = sma_phenotype_fits(facts)
    if fits is None:
        return "insufficient_data"
    return "single_copy_needs_sequencing" if fits else "carrier_only"


def sma_phenotype_fits(facts: Facts) -> bool | None:
    """Whether signs fit SMA: low tone, regression, proximal weakness. None while that is open."""
    signs = [known(facts, path) for path in _SMA_SIGNS]
    pattern = known(facts, "ex.weakness_pattern")
    patterns = set(pattern) if isinstance(pattern, (list, tuple)) else None
    if "present" in signs or (patterns or set()) & set(_SMA_PATTERNS):
        return True
    return False if patterns is not None and all(sign == "absent" for sign in signs) else None


def csf_positive_ms(facts: Facts) -> bool | None:
    """Two or more bands in CSF only, or a kappa index above the limit; None while that is open.

    Source: Thompson et al., Lancet Neurol 2018;17:162; Montalban et al., Lancet Neurol 2025;24:850.
    """
    bands = csf_bands(facts)
    kappa = _above(facts, "csf_kflc_index", _KAPPA_INDEX)
    if bands or kappa:
        return True
    return False if bands is False and kappa is False else None


def csf_bands(facts: Facts) -> bool | None:
    """Two or more bands in CSF only."""
    return _above(facts, "csf_ocb", 1)


def _above(facts: Facts, analyte: str, limit: float) -> bool | None:
    """Whether it is above the laboratory's limit (its flag), or above the usual one."""
    flag = known(facts, f"lab.{analyte}.flag")
    if flag in _ABOVE:
        return True
    if flag in _BELOW:
        return False
    value = known(facts, f"lab.{analyte}.value")
    return value > limit if isinstance(value, (int, float)) else None


def ck_raised_persistently(values: Iterable[CkValue]) -> bool | None:
    """Whether CK stayed above 1.5 times the upper limit for 2 weeks or more, measured at rest.

    The latest value decides against it; one raised value leaves it open.
    Source: Kyriakides et al., EFNS guideline on hyperCKaemia, Eur J Neurol 2010;17:767.
    """
    rested = sorted((one for one in values if one.rested), key=lambda one: one.on)
    raised: list[CkValue] = []
    for one in rested:
        raised = [*raised, one] if one.x_uln > _CK_RAISED_X_ULN else []
    if rested and not raised:
        return False
    return True if raised and raised[-1].on - raised[0].on >= _CK_APART else None


def _decided(category: str) -> str | None:
    return None if category == "insufficient_data" else category
