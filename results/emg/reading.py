"""The rows of a report as the pure functions want them, and their answers beside the rows."""

from dataclasses import dataclass

from clinical import conduction
from clinical.vocabulary import vocabulary

MEASURED = {  # column → what clinical.conduction.Site calls it
    "latency_ms": "latency",
    "peak_latency_ms": "peak",
    "duration_ms": "duration",
    "distance_mm": "distance",
    "velocity_m_per_s": "velocity",
    "f_latency_ms": "f_latency",
    "f_persistence_pct": "f_persistence",
}


@dataclass(frozen=True)
class ReadSite:
    """One row with what its numbers amount to and the limits that they were held to."""

    row: object
    reading: conduction.Reading
    limits: conduction.Limits
    is_motor: bool
    is_first: bool  # the most distal one of its nerve and side
    before: object = None  # the row that lies distal to it


def read_nerves(study):
    """A ReadSite for each row of the conduction studies, nerve by nerve, distal to proximal."""
    limits = {row.nerve: limits_of(row) for row in study.rows("nerve_limits")}
    found = []
    for (nerve, _side), rows in _by_nerve(study.rows("nerves")).items():
        is_motor = nerve in vocabulary().motor_nerves
        held_to = limits.get(nerve) or conduction.default_limits(nerve, None)
        sites = [_site(row, is_motor) for row in rows]
        if is_motor:
            readings = conduction.read_motor(nerve, sites, held_to, study.low_filter_hz)
        else:
            readings = conduction.read_sensory(sites, held_to)
        for at, (row, reading) in enumerate(zip(rows, readings, strict=True)):
            before = rows[at - 1] if at else None
            found.append(ReadSite(row, reading, held_to, is_motor, at == 0, before))
    return found


def limits_of(row):
    """The limits of a NerveLimit row."""
    columns = ("amplitude_low", "latency_high_ms", "velocity_low", "f_latency_high_ms")
    return conduction.Limits(*(_plain(getattr(row, column)) for column in columns))


def site_rank(nerve, site):
    """How far from the hand or foot a site lies; unknown ones come first."""
    places = getattr(conduction.nerve_of(nerve), "stim", ())
    return places.index(site) if site in places else -1


def _by_nerve(rows):
    groups = {}
    for row in rows:
        groups.setdefault((row.nerve, row.side), []).append(row)
    for (nerve, _side), found in groups.items():
        found.sort(key=lambda row: site_rank(nerve, row.site))
    return groups


def _site(row, is_motor):
    values = {name: _plain(getattr(row, column)) for column, name in MEASURED.items()}
    amplitude = row.amplitude_mv if is_motor else row.amplitude_uv
    return conduction.Site(
        site=row.site,
        absent=row.absent,
        amplitude=_plain(amplitude),
        rest_normal=row.rest_normal,
        **values,
    )


def _plain(number):
    return None if number is None else float(number)


def needle_rows(lines):
    """[(muscle, what was found)] of the needle examination."""
    columns = vocabulary().emg_columns
    return [(line.muscle, {name: getattr(line, name) for name in columns}) for line in lines]
