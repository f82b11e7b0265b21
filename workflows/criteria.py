"""What published criteria say so far of a case, each input with the reports that it rests on."""

from dataclasses import dataclass

from clinical.criteria.from_facts import so_far
from clinical.criteria.so_far import Part, SoFar
from clinical.vocabulary import vocabulary
from workflows.facts import Finding, sources_of


@dataclass(frozen=True)
class Row:
    part: Part
    findings: list[Finding]


@dataclass(frozen=True)
class Shown:
    """A criterion as the chart shows it. recorded: what a clinician found, or None."""

    label: str
    found: SoFar
    rows: list[Row]
    recorded: Finding | None


def criteria_of(case, steps, running):
    """Those of the pathways that the case follows; no query."""
    sources = sources_of(steps)
    return [_shown(case.facts, found, sources) for found in so_far(running, case.facts)]


def _shown(facts, found, sources):
    code = found.criterion.code
    rows = [
        Row(part, [_finding(facts, path, sources) for path in part.paths if path in facts])
        for part in found.parts
    ]
    path = f"crit.{code}"
    recorded = _finding(facts, path, sources) if path in facts else None
    return Shown(vocabulary().criteria[code].label, found, rows, recorded)


def _finding(facts, path, sources):
    return Finding(path, facts[path], sources.get(path))
