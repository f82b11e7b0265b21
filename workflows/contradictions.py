"""Findings that do not fit together: which two, where each was found, and what would settle it."""

from dataclasses import dataclass, replace

from clinical.conditions import All, comparisons
from clinical.pathways import catalogue
from patients.models import clinics_for, record_number
from workflows.facts import Finding, sources_of
from workflows.models import Proposal, Step

SHOWN = 100


@dataclass(frozen=True)
class Contradiction:
    proposal: Proposal
    sides: list[list[Finding]]
    may_decide: bool = False

    @property
    def settle(self):
        return self.proposal.params["settle"]


def contradictions_of(user, *, whose=None):
    """Open contradictions of the user's clinics, oldest first. whose: only what is `hers`."""
    may = "decide" if whose else "see"
    found = Proposal.objects.contradictions().filter(clinic_id__in=clinics_for(user, may))
    if whose:
        found = found.filter(whose)
    found = found.select_related("patient", "case__clinician")
    return found.annotate(record_number=record_number("patient_id")).order_by("raised_at", "id")


def with_steps(proposals, user):
    """The same as shown(), the steps read here: one query, however many proposals."""
    cases = {each.case_id for each in proposals}
    steps = Step.objects.filter(case_id__in=cases).exclude(result_status="")
    decides = clinics_for(user, "decide")
    return [
        replace(each, may_decide=each.proposal.clinic_id in decides)
        for each in shown(proposals, steps)
    ]


def shown(proposals, steps):
    """Each contradiction with its findings and the reports that they come from."""
    by_case = {}
    for step in steps if proposals else ():
        by_case.setdefault(step.case_id, []).append(step)
    sources = {case_id: sources_of(own) for case_id, own in by_case.items()}
    return [_shown(each, sources.get(each.case_id, {})) for each in proposals]


def _shown(proposal, sources):
    sides = [
        [Finding(path, proposal.facts.get(path), sources.get(path)) for path in paths]
        for paths in _sides(proposal)
    ]
    return Contradiction(proposal, sides)


def _sides(proposal):
    """Paths of the two conditions that were judged; a rule that is gone has one side."""
    rule = catalogue().rules.get(proposal.rule)
    used = proposal.facts
    if rule is None or not isinstance(rule.when, All):
        return [sorted(used)]
    return [
        list(dict.fromkeys(one.fact for one in comparisons(part) if _counts(one, used)))
        for part in rule.when.parts
    ]


def _counts(one, used):
    """A fact that was read, or one that has to be missing: a test that nobody did."""
    return one.fact in used or one.op == "missing"
