"""What the page of an EMG report shows beside its lines: tables with limits, and pattern hints."""

from dataclasses import dataclass

from clinical import conduction, patterns
from clinical.criteria.cidp import MotorNerve
from clinical.vocabulary import humanise, vocabulary
from results import limits
from results.emg import findings
from results.emg.models import NEEDLE
from results.emg.needle_grid import SHORT, normal_of
from results.emg.reading import needle_rows, read_nerves

COLUMNS = {  # column → heading, what the reading calls its limit
    "latency_ms": ("Latency, ms", "latency"),
    "peak_latency_ms": ("Peak, ms", "latency"),
    "amplitude_mv": ("Amplitude, mV", "amplitude"),
    "amplitude_uv": ("Amplitude, µV", "amplitude"),
    "area_mv_ms": ("Area, mV·ms", ""),
    "duration_ms": ("Neg. peak, ms", ""),
    "distance_mm": ("Distance, mm", ""),
    "velocity_m_per_s": ("Velocity, m/s", "velocity"),
    "f_latency_ms": ("F wave, ms", "f_latency"),
    "f_persistence_pct": ("F waves, %", ""),
    "temperature_c": ("Skin, °C", ""),
}
OFF = {  # column → flags that colour it
    "latency_ms": {"prolonged_dml"},
    "peak_latency_ms": {"prolonged_peak"},
    "amplitude_mv": {"low_amplitude", "absent", "conduction_block"},
    "amplitude_uv": {"low_amplitude", "absent"},
    "duration_ms": {"prolonged_distal_duration", "temporal_dispersion"},
    "velocity_m_per_s": {"slow_cv"},
    "f_latency_ms": {"prolonged_f", "absent_f"},
}
DEMYELINATING = {  # criteria of EAN/PNS 2021 in words
    "latency": "distal latency ≥ 150 % of its limit",
    "velocity": "velocity ≤ 70 % of its limit",
    "f_late": "F wave ≥ 120 % of its limit",
    "f_absent": "F wave absent",
    "block": "conduction block",
    "dispersion": "temporal dispersion",
    "distal_duration": "long distal response",
}


@dataclass(frozen=True)
class Cell:
    heading: str
    shown: str = ""
    mark: str = ""  # low, high
    limit: str = ""
    note: str = ""


def detail(result, user):
    """Motor and sensory table, needle table and hints of one report."""
    sites = read_nerves(result)
    return {
        "conduction": [
            table
            for title, is_motor in (("Motor conduction", True), ("Sensory conduction", False))
            if (table := _table(title, [site for site in sites if site.is_motor is is_motor]))
        ],
        "muscles": [(row, _needle_cells(row)) for row in result.rows("muscles")],
        "needle_headings": [SHORT[column] for column in NEEDLE],
        "hints": hints(result),
        "block_source": conduction.BLOCK_SOURCE,
        "own_limits": [r.title for r in result.rows("nerve_limits") if r.of_laboratory],
    }


def _table(title, sites):
    used = [column for column in COLUMNS if any(_has(site, column) for site in sites)]
    words = vocabulary().enums["ncs_flag"]
    return sites and {
        "title": title,
        "headings": [COLUMNS[column][0] for column in used],
        "rows": [
            (
                site.row,
                [_cell(site, column) for column in used],
                [words[flag] for flag in site.reading.flags],
            )
            for site in sites
        ],
    }


def _has(site, column):
    is_absent = site.row.absent and column in ("amplitude_mv", "amplitude_uv")
    fits = column.endswith("mv") is site.is_motor if column.startswith("amplitude") else True
    computed = column == "velocity_m_per_s" and site.reading.computed
    return getattr(site.row, column) is not None or computed or (is_absent and fits)


def _cell(site, column):
    heading, _ = COLUMNS[column]
    value = getattr(site.row, column)
    shown, note = "" if value is None else limits.plain(value), ""
    if column == "velocity_m_per_s" and site.reading.computed:
        shown, note = limits.plain(site.reading.velocity), formula(site)
    if site.row.absent and column.startswith("amplitude"):
        shown = "absent"
    if column == "f_latency_ms" and site.row.f_persistence_pct == 0:
        shown = "absent"
    limit = _limit(site, column) if shown else ""
    return Cell(heading, shown, _mark(site, column), limit, note)


def formula(site):
    """ "computed: 222 mm / (8.1 − 3.9) ms": how a velocity came about."""
    at, before = limits.plain(site.row.latency_ms), site.before
    span = f"({at} − {limits.plain(before.latency_ms)})" if site.is_motor else at
    return f"computed: {site.row.distance_mm} mm / {span} ms"


def _mark(site, column):
    if not OFF.get(column, set()) & set(site.reading.flags):
        return ""
    return "low" if column.startswith(("amplitude", "velocity")) else "high"


def _limit(site, column):
    name = COLUMNS[column][1]
    value = getattr(site.limits, name) if name else None
    onset_of_sensory = column == "latency_ms" and not site.is_motor
    if value is None or onset_of_sensory or not (site.is_first or name == "velocity"):
        return ""
    return f"{'≥' if name in ('amplitude', 'velocity') else '≤'} {limits.plain(value)}"


def _needle_cells(row):
    return [
        (SHORT[column], humanise(value) if value else "", value not in ("", normal_of(column)))
        for column in NEEDLE
        for value in [getattr(row, column)]
    ]


def hints(study):
    """Pattern hints of a report (clinical.patterns), computed each time, never stored."""
    concluded = dict.fromkeys([*(study.ncs_conclusions or ()), *(study.emg_conclusions or ())])
    muscles = [
        patterns.Muscle(row.title, row.muscle, found)
        for row, (_, found) in zip(
            study.rows("muscles"), needle_rows(study.rows("muscles")), strict=True
        )
    ]
    return patterns.hints(
        patterns.Study(
            nerves=tuple(_nerves(study)),
            muscles=tuple(muscles),
            decrement_pct=findings.decrement(study),
            increment_pct=findings.increment(study),
            sfemg_abnormal=findings.sfemg_abnormal(study),
            conclusions=tuple(concluded),
        )
    )


def _nerves(study):
    groups = {}
    for site in read_nerves(study):
        groups.setdefault((site.row.nerve, site.row.side), []).append(site)
    for (nerve, side), sites in groups.items():
        label = conduction.nerve_of(nerve).label if conduction.nerve_of(nerve) else nerve
        kind = "motor" if sites[0].is_motor else "sensory"
        yield patterns.Nerve(
            name=f"{label} {kind}, {side}",
            is_motor=sites[0].is_motor,
            flags=frozenset(flag for site in sites for flag in site.reading.flags),
            demyelinating=_criteria(nerve, sites, study.low_filter_hz),
            judged=any(site.reading.judged for site in sites),
        )


def _criteria(nerve, sites, low_filter_hz):
    """The criteria of demyelination that a motor nerve meets at any of its sites."""
    if not sites[0].is_motor:
        return ()
    first, held_to = sites[0].row, sites[0].limits
    met = set()
    for site in sites:
        further = site.row if site is not sites[0] else None
        found = MotorNerve(
            kind=conduction.kind_of(nerve),
            distal_mv=_plain(first.amplitude_mv),
            distal_lln=held_to.amplitude,
            latency_ms=_plain(first.latency_ms) if further is None else None,
            latency_uln=held_to.latency,
            velocity=site.reading.velocity,
            velocity_lln=held_to.velocity,
            f_ms=_plain(first.f_latency_ms),
            f_uln=held_to.f_latency,
            f_absent=None if first.f_persistence_pct is None else first.f_persistence_pct == 0,
            proximal_mv=_proximal(further),
            distal_duration_ms=_plain(first.duration_ms),
            proximal_duration_ms=further and _plain(further.duration_ms),
            low_filter_hz=low_filter_hz or conduction.USUAL_FILTER_HZ,
        ).findings()
        met |= {name for name, answer in found.items() if answer}
    return tuple(words for name, words in DEMYELINATING.items() if name in met)


def _proximal(row):
    if row is None:
        return None
    return 0.0 if row.absent else _plain(row.amplitude_mv)


def _plain(number):
    return None if number is None else float(number)
