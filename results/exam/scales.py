"""Scales of an examination over time: change since the last total, and slopes of the ALSFRS-R."""

from dataclasses import dataclass

from clinical import scores
from patients.partial import Precision
from results import limits
from results.exam import visits

ALSFRS_R = "alsfrs_r"
ARROWS = {"worse": "▼", "better": "▲"}
EXACT = (Precision.DAY, Precision.MONTH)  # a year alone makes no slope


@dataclass(frozen=True)
class Followed:
    """One scale as the report shows it; `word`: worse, better or "" against the last total."""

    line: object
    change: str = ""
    word: str = ""
    since: object = None
    since_onset: str = ""
    between: str = ""

    @property
    def arrow(self):
        return ARROWS.get(self.word, "")


def followed(exam):
    return [_followed(exam, line) for line in exam.rows("scores")]


def in_words(exam):
    """Parts of the one-line summary."""
    found = []
    for each in followed(exam):
        line = each.line
        if line.known is None:
            continue
        said = [f"{line.known.label} {line.value}", f"({line.subscores})" if line.subscores else ""]
        if each.change:
            said.append(f"{each.change} since {each.since:%-d %b %Y}")
        found.append(" ".join(part for part in said if part))
        found += [part for part in (each.since_onset, each.between) if part]
    return found


def _followed(exam, line):
    last = visits.last_scored(exam.earlier, line.scale)
    found = {"line": line}
    if line.total is not None and last is not None and last.on:
        found |= _change(line, last)
    if line.scale == ALSFRS_R and line.total is not None:
        found["since_onset"] = _slope_since_onset(exam, line)
        found["between"] = _slope_between(exam, line, last)
    return Followed(**found)


def _change(line, last):
    moved = line.total - last.totals[line.scale]
    better = {"higher_better": moved > 0, "lower_better": moved < 0}.get(line.known.direction)
    word = "" if not moved or better is None else ("better" if better else "worse")
    sign = "+" if moved > 0 else ""
    said = f"{sign}{limits.plain(moved)}" if moved else "unchanged"
    return {"change": f"{said} ({word})" if word else said, "word": word, "since": last.on}


def _slope_since_onset(exam, line):
    """ "0.50 lost a month since onset, intermediate", or "" where that cannot be told."""
    onset = exam.step.case.onset if exam.step_id else None
    if onset is None or onset.on is None or onset.precision not in EXACT or not exam.performed_on:
        return ""
    slope = scores.delta_fs(int(line.total), (exam.performed_on - onset.on).days)
    if slope.per_month is None:
        return ""
    return f"{slope.per_month:.2f} lost a month since onset, {slope.band}"


def _slope_between(exam, line, last):
    if last is None or not exam.performed_on:
        return ""
    slope = scores.slope_between(
        float(last.totals[line.scale]), last.on, float(line.total), exam.performed_on
    )
    if slope is None:
        return ""
    moved = "lost" if slope >= 0 else "gained"
    return f"{abs(slope):.2f} {moved} a month since the last visit"
