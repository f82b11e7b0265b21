"""What the numbers of a nerve conduction study say against limits: flags, and derived velocity.

Flags are those of the vocabulary (ncs.flags). Block, dispersion and distal duration are judged as
in clinical.criteria.cidp (EAN/PNS 2021: expert memory of the guideline, to be signed off by a
neurophysiologist). static/nmd/conduction.js gives the same answers while one types; a table of
cases holds both to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from clinical.criteria.cidp import (
    BLOCK_RATIO,
    DISPERSION,
    DISPERSION_TIBIAL,
    DISTAL_DURATION_MS,
    SOURCE,
    VALID_OF_LLN,
)
from clinical.vocabulary import vocabulary
from clinical.vocabulary.kinds import MotorNerve, SensoryNerve

Checks = dict[str, bool | None]  # flag → raised, not raised, or None: nothing to judge
ADULT_FROM_YEARS = 16  # the vocabulary's limits: "adult, roughly 16-60 y"
ADULT_TO_YEARS = 60
USUAL_FILTER_HZ = 2  # duration is judged at this low filter unless another is on record
BLOCK_SOURCE = f"{SOURCE} (confidence: medium, distal duration low)"


@dataclass(frozen=True)
class Limits:
    """Amplitude (mV or µV) and velocity (m/s) at least; latency and F wave (ms) at most.

    Latency is the distal onset of a motor nerve, the peak of a sensory one. None: nobody knows.
    """

    amplitude: float | None = None
    latency: float | None = None
    velocity: float | None = None
    f_latency: float | None = None


@dataclass(frozen=True)
class Site:
    """One place of stimulation; latencies and duration ms, distance mm, velocity m/s."""

    site: str = ""
    absent: bool = False
    latency: float | None = None
    peak: float | None = None
    amplitude: float | None = None
    duration: float | None = None
    distance: float | None = None
    velocity: float | None = None
    f_latency: float | None = None
    f_persistence: float | None = None
    rest_normal: bool = False


@dataclass(frozen=True)
class Reading:
    """`velocity` is computed where none was typed; `judged`: was anything held to a limit?"""

    flags: tuple[str, ...] = ()
    velocity: float | None = None
    computed: bool = False
    judged: bool = False


def nerve_of(code: str) -> MotorNerve | SensoryNerve | None:
    book = vocabulary()
    return book.motor_nerves.get(code) or book.sensory_nerves.get(code)


def default_limits(code: str, age_years: float | None) -> Limits:
    """The vocabulary's textbook limits (Preston & Shapiro); none for a child, for they are adult's.

    An unknown age is taken for an adult's.
    """
    nerve = nerve_of(code)
    if nerve is None or (age_years is not None and age_years < ADULT_FROM_YEARS):
        return Limits()
    if isinstance(nerve, SensoryNerve):
        return Limits(nerve.amp_lln_uv, nerve.peak_uln_ms, nerve.cv_lln_m_s)
    return Limits(nerve.amp_lln_mv, nerve.dml_uln_ms, nerve.cv_lln_m_s, nerve.f_uln_ms)


def kind_of(code: str) -> str:
    """median, ulnar, fibular, tibial: the nerve without its muscle."""
    return code.partition("_")[0]


def read_motor(
    code: str, sites: Sequence[Site], limits: Limits, low_filter_hz: int | None = None
) -> list[Reading]:
    """A reading for each site of one motor nerve and side, the most distal site first.

    Onset and amplitude are held to limits at the distal site, velocity everywhere. Block and
    dispersion compare a site with the distal one.
    """
    places = ("", *getattr(nerve_of(code), "stim", ())[:1])
    distal = sites[0] if sites and sites[0].site in places else None
    found = []
    for at, site in enumerate(sites):
        velocity, computed = _velocity(site, sites[at - 1] if at else None)
        checks = {"slow_cv": _below(velocity, limits.velocity), "absent": site.absent or None}
        if site is distal:
            checks |= _distal_checks(code, site, limits, low_filter_hz)
        elif distal is not None:
            checks |= _proximal_checks(code, site, distal, limits)
        checks |= _f_checks(site, limits)
        found.append(_reading(checks, velocity, computed, site))
    return found


def read_sensory(sites: Sequence[Site], limits: Limits) -> list[Reading]:
    """A reading for each recording of one sensory nerve and side; velocity from the onset."""
    found = []
    for site in sites:
        velocity, computed = _velocity(site, Site(latency=0))
        checks = {
            "absent": site.absent or None,
            "low_amplitude": _below(site.amplitude, limits.amplitude),
            "prolonged_peak": _above(site.peak, limits.latency),
            "slow_cv": _below(velocity, limits.velocity),
        }
        found.append(_reading(checks, velocity, computed, site))
    return found


def velocity_m_per_s(distance_mm: float, proximal_ms: float, distal_ms: float) -> float | None:
    """Conduction velocity (m/s), one decimal, halves up; None unless the latency grows.

    10 mm of error over 200 mm move it by 5 %. Source: Preston & Shapiro, Electromyography and
    Neuromuscular Disorders.
    """
    if distance_mm <= 0 or proximal_ms <= distal_ms:
        return None
    return floor(distance_mm / round(proximal_ms - distal_ms, 6) * 10 + 0.5) / 10


def _velocity(site: Site, before: Site | None) -> tuple[float | None, bool]:
    if site.velocity is not None or before is None:
        return site.velocity, False
    if site.distance is None or site.latency is None or before.latency is None:
        return None, False
    velocity = velocity_m_per_s(site.distance, site.latency, before.latency)
    return velocity, velocity is not None


def _distal_checks(code: str, site: Site, limits: Limits, low_filter_hz: int | None) -> Checks:
    by_filter = DISTAL_DURATION_MS.get(kind_of(code), {})
    duration = by_filter.get(low_filter_hz or USUAL_FILTER_HZ)
    return {
        "low_amplitude": _below(site.amplitude, limits.amplitude),
        "prolonged_dml": _above(site.latency, limits.latency),
        "prolonged_distal_duration": _above(site.duration, duration),
    }


def _proximal_checks(code: str, site: Site, distal: Site, limits: Limits) -> Checks:
    tibial = kind_of(code) == "tibial"
    checks: dict[str, bool | None] = {}
    amplitude = 0 if site.absent else site.amplitude
    whole, least = distal.amplitude, limits.amplitude
    if not tibial and whole is not None and least is not None and amplitude is not None:
        checks["conduction_block"] = _is_block(whole, least, amplitude)
    if site.duration is not None and distal.duration is not None:
        edge = round(distal.duration * (DISPERSION_TIBIAL if tibial else DISPERSION), 6)
        checks["temporal_dispersion"] = site.duration >= edge if tibial else site.duration > edge
    return checks


def _is_block(distal: float, least: float, proximal: float) -> bool:
    """A fall of 30 % from a distal response that is large enough to prove one."""
    is_valid = distal >= round(least * VALID_OF_LLN, 6)
    return is_valid and proximal <= round(distal * BLOCK_RATIO, 6)


def _f_checks(site: Site, limits: Limits) -> Checks:
    lost = None if site.f_persistence is None else site.f_persistence == 0
    return {
        "absent_f": lost,
        "prolonged_f": None if lost else _above(site.f_latency, limits.f_latency),
    }


def _reading(checks: Checks, velocity: float | None, computed: bool, site: Site) -> Reading:
    order = vocabulary().enums["ncs_flag"]
    flags = tuple(flag for flag in order if checks.get(flag))
    judged = site.rest_normal or any(answer is not None for answer in checks.values())
    return Reading(flags, velocity, computed, judged)


def _below(value: float | None, limit: float | None) -> bool | None:
    return None if value is None or limit is None else value < limit


def _above(value: float | None, limit: float | None) -> bool | None:
    return None if value is None or limit is None else value > limit


def rules() -> dict[str, Any]:
    """The numbers above as plain data, for the script of the form."""
    book = vocabulary()
    return {
        "labels": dict(book.enums["ncs_flag"]),
        "first": {code: nerve.stim[0] for code, nerve in book.motor_nerves.items() if nerve.stim},
        "block": BLOCK_RATIO,
        "valid": VALID_OF_LLN,
        "dispersion": DISPERSION,
        "tibial": DISPERSION_TIBIAL,
        "durations": DISTAL_DURATION_MS,
        "filter": USUAL_FILTER_HZ,
    }
