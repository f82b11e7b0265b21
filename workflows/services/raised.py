"""Proposals follow the rules: raised when true, withdrawn when not, never undone silently."""

from datetime import date

from workflows.models import Proposal
from workflows.models.proposal import Decision

NO_LONGER = {
    Decision.OPEN: Decision.WITHDRAWN,
    Decision.ACCEPTED: Decision.SUPERSEDED,
    Decision.DECLINED: Decision.LAPSED,
}


def sync_proposals(board):
    """Write what the rules ask for now, and mark what they no longer ask for."""
    raised = {each.key: each for each in board.outcome.raised}
    held = {proposal.key for proposal in board.proposals}
    faded = [row for row in board.proposals if _has_faded(row, raised, board.outcome)]
    for row in faded:
        row.state = NO_LONGER[row.state]
    if faded:
        Proposal.objects.bulk_update(faded, ["state"])
    fresh = [each for key, each in raised.items() if key not in held]
    Proposal.objects.bulk_create([_row(each, board) for each in fresh])


def _has_faded(row, raised, outcome):
    """An open one fades when it is not asked for any more, a decided one when its rule is false."""
    if row.state == Decision.OPEN:
        return row.key not in raised
    return row.kind != "answer" and row.rule not in outcome.true_rules


def _row(raised, board):
    step = board.steps.get(raised.step) if raised.step else None
    return Proposal(
        clinic_id=board.case.clinic_id,
        case=board.case,
        patient_id=board.case.patient_id,
        step=step,
        key=raised.key,
        kind=raised.kind,
        rule=raised.rule,
        target=raised.target or "",
        params={name: _plain(value) for name, value in raised.params.items()},
        level=raised.level or "",
        text=raised.text[:400],
        because=raised.because[:500],
        source=raised.source[:300],
        facts=dict(raised.facts),
        needs_decision=raised.needs_decision,
        raised_at=board.at,
    )


def _plain(value):
    """As JSON keeps it: a day as ISO text."""
    return value.isoformat() if isinstance(value, date) else value
