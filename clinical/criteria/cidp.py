"""CIDP: the electrodiagnostic and clinical criteria of EAN/PNS 2021.

The numbers compare a value with the laboratory's own limits. They are expert memory of the
guideline, to be signed off by a neurophysiologist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from clinical.criteria.verdict import INSUFFICIENT, Verdict, either, grade

SOURCE = "Van den Bergh et al., Eur J Neurol 2021;28:3556-3583"
LATENCY_OF_ULN, VELOCITY_OF_LLN = 1.5, 0.7
F_OF_ULN, F_OF_ULN_SMALL, SMALL_OF_LLN = 1.2, 1.5, 0.8  # a small response asks for a later F wave
VALID_OF_LLN = 0.2  # below this a distal response proves neither block nor a lost F wave
BLOCK_RATIO = 0.7
DISPERSION, DISPERSION_TIBIAL = 1.3, 2.0
DISTAL_DURATION_MS = {  # nerve → low filter in Hz → upper limit
    "median": {2: 8.4, 5: 8.0, 10: 7.8, 20: 7.4},
    "ulnar": {2: 9.6, 5: 8.6, 10: 8.5, 20: 7.8},
    "fibular": {2: 8.8, 5: 8.5, 10: 8.3, 20: 8.1},
    "tibial": {2: 9.2, 5: 8.3, 10: 8.2, 20: 8.0},
}
LADDER = ("strong", "weak", "none")
TWICE = ("block", "dispersion", "latency", "velocity", "f_late")  # strong in two nerves by itself


@dataclass(frozen=True)
class MotorNerve:
    """One nerve of one side. Amplitudes mV, latencies and durations ms, velocity m/s.

    kind: median, ulnar, fibular, tibial or another; what was not measured is None.
    """

    kind: str
    distal_mv: float | None = None
    distal_lln: float | None = None
    latency_ms: float | None = None
    latency_uln: float | None = None
    velocity: float | None = None
    velocity_lln: float | None = None
    f_ms: float | None = None
    f_uln: float | None = None
    f_absent: bool | None = None
    proximal_mv: float | None = None
    distal_duration_ms: float | None = None
    proximal_duration_ms: float | None = None
    low_filter_hz: int | None = None
    carpal_tunnel: bool = False

    def findings(self) -> dict[str, bool | None]:
        """{criterion: met, not met, or None where it was not measured}."""
        return {
            "latency": self._late(),
            "velocity": _compare(self.velocity, self.velocity_lln, VELOCITY_OF_LLN, below=True),
            "f_late": self._f_late(),
            "f_absent": _both(self.f_absent, self._valid()),
            "block": self._block(),
            "dispersion": self._dispersion(),
            "distal_duration": self._distal_duration(),
        }

    def _valid(self) -> bool | None:
        return _compare(self.distal_mv, self.distal_lln, VALID_OF_LLN)

    def _late(self) -> bool | None:
        if self.kind == "median" and self.carpal_tunnel:
            return False  # the tunnel explains it
        return _compare(self.latency_ms, self.latency_uln, LATENCY_OF_ULN)

    def _f_late(self) -> bool | None:
        if self.f_absent:
            return False
        usual = _compare(self.f_ms, self.f_uln, F_OF_ULN)
        strict = _compare(self.f_ms, self.f_uln, F_OF_ULN_SMALL)
        large = _compare(self.distal_mv, self.distal_lln, SMALL_OF_LLN)
        return usual if large else strict if large is False or strict or not usual else None

    def _block(self) -> bool | None:
        if self.kind == "tibial":
            return False  # its amplitude falls in health, too
        fall = _compare(self.proximal_mv, self.distal_mv, BLOCK_RATIO, below=True)
        return _both(fall, self._valid())

    def _dispersion(self) -> bool | None:
        distal, proximal = self.distal_duration_ms, self.proximal_duration_ms
        if self.kind == "tibial":
            return _compare(proximal, distal, DISPERSION_TIBIAL)
        if distal is None or proximal is None:
            return None
        return _rounded(proximal) > _rounded(distal * DISPERSION)

    def _distal_duration(self) -> bool | None:
        limits = DISTAL_DURATION_MS.get(self.kind)
        if limits is None:
            return False
        limit = limits.get(self.low_filter_hz or 0)
        if limit is None or self.distal_duration_ms is None:
            return None
        return self.distal_duration_ms > limit


def eanpns_cidp_2021_motor(nerves: Iterable[MotorNerve]) -> Verdict:
    """strong, weak, none or insufficient_data. Source: SOURCE, table of motor criteria."""
    findings = [nerve.findings() for nerve in nerves]
    certain = _strength([{name: bool(met) for name, met in one.items()} for one in findings])
    best = _strength([{name: met is not False for name, met in one.items()} for one in findings])
    missing = tuple(dict.fromkeys(n for one in findings for n, met in one.items() if met is None))
    if not findings or (certain == "none" and best != "none"):
        return Verdict(INSUFFICIENT, missing=missing or ("motor_nerves",))
    if certain == best:
        return Verdict(certain)
    return Verdict(certain, at_least=True, missing=missing)


def eanpns_cidp_2021_dx(
    motor: Verdict,
    *,
    typical: bool | None,
    eight_weeks: bool | None,
    sensory_abnormal_nerves: int | None,
    no_exclusion: bool | None = True,
    treatment_response: bool | None = None,
    nerve_enlargement: bool | None = None,
    csf_protein_raised: bool | None = None,
    biopsy_supports: bool | None = None,
) -> Verdict:
    """cidp, possible_cidp, not_met or insufficient_data, for the typical form.

    typical: symmetric proximal and distal weakness, sensation in two limbs or more, reflexes
    absent or reduced in all. csf_protein_raised: see csf_supports. Source: SOURCE.
    """

    supportive = {
        "treatment_response": treatment_response,
        "nerve_enlargement": nerve_enlargement,
        "csf_protein_raised": csf_protein_raised,
        "biopsy_supports": biopsy_supports,
    }
    sensory = None if sensory_abnormal_nerves is None else sensory_abnormal_nerves >= 2
    clinical = {"typical": typical, "eight_weeks": eight_weeks, "no_exclusion": no_exclusion}
    decided = motor.category if motor.is_decided else None
    top = LADDER.index(motor.category) if motor.at_least else len(LADDER) - 1
    return grade(
        _diagnosis,
        {"motor": decided, "sensory": sensory, **clinical, **supportive},
        ("cidp", "possible_cidp", "not_met"),
        {"motor": LADDER[: top + 1]},
    )


SUPPORTIVE = ("treatment_response", "nerve_enlargement", "csf_protein_raised", "biopsy_supports")


def _diagnosis(motor: str, sensory: bool, **given: bool) -> str:
    if not (given["typical"] and given["eight_weeks"] and given["no_exclusion"]):
        return "not_met"
    supported = sum(given[name] for name in SUPPORTIVE) >= 2
    if (motor == "strong" and sensory) or (supported and motor != "none"):
        return "cidp"
    possible = motor == "strong" or (motor == "weak" and sensory)
    return "possible_cidp" if possible else "not_met"


def csf_supports(protein_g_per_l: float, cells_per_ul: float, age_years: float) -> bool:
    """Protein above 0.5 g/L, from 50 years above 0.6 g/L, with fewer than 10 cells. SOURCE."""
    return protein_g_per_l > (0.6 if age_years >= 50 else 0.5) and cells_per_ul < 10


def _strength(nerves: list[dict[str, bool]]) -> str:
    """Strong: one criterion in two nerves, or block, lost F wave or duration with another."""
    count = {name: sum(nerve[name] for nerve in nerves) for name in nerves[0]} if nerves else {}
    twice = any(count[name] >= 2 for name in TWICE if count)
    strong = (
        twice
        or _beside(nerves, "block", without=("f_absent",))
        or _beside(nerves, "distal_duration")
        or _beside(nerves, "f_absent", times=2)
    )
    if strong:
        return "strong"
    return "weak" if any(count.values()) else "none"


def _beside(
    nerves: list[dict[str, bool]], name: str, without: tuple[str, ...] = (), times: int = 1
) -> bool:
    """`times` nerves that meet `name`, and one beside them that meets something else."""
    for at, nerve in enumerate(nerves):
        rest = nerves[:at] + nerves[at + 1 :]
        meets_another = any(nerve[what] for what in nerve if what not in (name, *without))
        if meets_another and sum(other[name] for other in rest) >= times:
            return True
    return False


def _both(one: bool | None, other: bool | None) -> bool | None:
    found = either(None if one is None else not one, None if other is None else not other)
    return None if found is None else not found


def _compare(
    value: float | None, limit: float | None, share: float, *, below: bool = False
) -> bool | None:
    """Whether a value reaches that share of a limit (below: at most that share)."""
    if value is None or limit is None:
        return None
    edge = _rounded(limit * share)
    return _rounded(value) <= edge if below else _rounded(value) >= edge


def _rounded(value: float) -> float:
    """Measures have two decimals: 4.4 × 1.5 is 6.6, not 6.6000000000000005."""
    return round(value, 6)
