"""What a chart shows of a case that `charted` has read."""

from dataclasses import dataclass

from django.utils import timezone

from clinical.pathways import pathways
from clinical.vocabulary import vocabulary
from workflows import contradictions, look
from workflows.clocks import rests_of
from workflows.criteria import criteria_of
from workflows.definitions import definition_of
from workflows.models.proposal import CONTRADICTION
from workflows.pathmap import draw
from workflows.span import line_of, milestones_of
from workflows.standing import pause_of
from workflows.timeline import timeline_of

NEWEST = 12  # moments that stand open on the timeline; the others are folded
RANK = {"emergency": 0, "urgent": 1, "warning": 2, "info": 3}


def chart_of(case):
    """Template variables of a case's chart; no query."""
    steps, every = case.every_step, case.lists["diagnoses"]
    diagnoses = [each for each in every if each.replaced_by_id is None]
    case.known_diagnoses = diagnoses  # the banner names the surest
    names = {key: person.get_full_name() for key, person in case.people.items()}
    milestones = milestones_of(case, steps, every, names)
    moments = timeline_of(case, names)
    results = _results(steps)
    return {
        "case": case,
        "paused": pause_of(case, timezone.localdate()),
        "patient": case.patient,
        "diagnoses": diagnoses,
        "criteria": criteria_of(case, steps, {row.pathway for row in case.lists["pathways"]}),
        "maps": _maps(case, steps),
        "next_steps": [s for s in steps if s.is_open and not s.twin_of_id and s.stage != "waiting"],
        "waiting": [step for step in steps if step.stage == "waiting"],
        "results": results,
        "n_results": sum(len(kind.latest) + len(kind.earlier) for kind in results),
        "milestones": milestones,
        "line": line_of(milestones),
        "rests": rests_of(case, timezone.localdate()),
        "timeline": moments[:NEWEST],
        "earlier": moments[NEWEST:],
        "relatives": case.lists["relatives"],
        "symptoms": [vocabulary().phenotypes[code].label for code in case.symptoms],
    } | _undecided(case.lists["proposals"], steps)


def _undecided(proposals, steps):
    """What rules have raised, each kind in its place."""
    alerts = [each for each in proposals if each.kind == "alert"]
    against = [each for each in proposals if each.kind == CONTRADICTION]
    others = [each for each in proposals if each.kind not in ("alert", CONTRADICTION)]
    return {
        "alerts": sorted(alerts, key=lambda each: RANK.get(each.level, 9)),
        "proposals": _by_rule(others),
        "contradictions": contradictions.shown(against, steps),
    }


def _maps(case, steps):
    """One picture for each pathway, the one that started last on top."""
    found = []
    rows = case.lists["pathways"]
    for row in sorted(rows, key=lambda row: (row.started_on, row.pk), reverse=True):
        definition = pathways()[row.pathway]
        own = [step for step in steps if step.pathway == row.pathway]
        requires = {step.code: definition_of(step).requires for step in own}
        found.append({"row": row, "label": definition.label, "map": draw(own, requires)})
    return found


def _by_rule(proposals):
    """Actions of one rule stand together: they have one reason and one source."""
    rules = {}
    for each in proposals:
        rules.setdefault(each.rule, []).append(each)
    return list(rules.values())


@dataclass(frozen=True)
class Kind:
    """Reports of one modality, the newest test first; `latest` are those of each test, once."""

    label: str
    latest: list
    earlier: list


def _results(steps):
    """A Kind for each modality that has reports, in the order of a work-up."""
    with_report = [step for step in steps if step.result_status and not step.twin_of_id]
    with_report.sort(key=lambda step: (step.performed_on, step.pk), reverse=True)
    found = []
    for code, (label, _) in look.MODALITIES.items():
        own = [step for step in with_report if step.modality == code]
        newest = {}
        for step in own:
            newest.setdefault(step.capture_key or step.code, step)
        latest = list(newest.values())
        if own:
            found.append(Kind(label, latest, [step for step in own if step not in latest]))
    return found
