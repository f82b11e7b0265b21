"""A clinician decides what a rule proposed. Accepting is an act; its effect is stored as one."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.services import record
from clinical.vocabulary import vocabulary
from workflows.clock import local_day
from workflows.definitions import profile_days
from workflows.models import Proposal
from workflows.models.proposal import CONTRADICTION, Decision
from workflows.models.step import Ended
from workflows.services import cases, diagnoses, exceptions
from workflows.services.lock import lock_case, lock_step, save_acts
from workflows.services.settle import settle, settle_once

HOLD_DAYS = 28  # a hold always ends on a day; a clinician may end it earlier or hold again


@transaction.atomic
def accept(proposal, *, by, at):
    """Do what was proposed. For an alert or a treatment option: it has been read."""
    case, proposal = _open(proposal)
    if proposal.kind == CONTRADICTION:
        raise ValidationError(
            "A contradiction cannot be accepted: a corrected or repeated result settles it, or it "
            "is set aside with a reason."
        )
    with settle_once():
        if effect := EFFECTS.get(proposal.kind):
            effect(case, proposal, by, at)
        _decide(case, proposal, Decision.ACCEPTED, by, at)
    return proposal


@transaction.atomic
def accept_rule(case, rule, *, by, at):
    """Accept everything that one rule proposes for a case. Returns how many that were."""
    waiting = case.proposals.open().filter(rule=rule).exclude(kind__in=("alert", CONTRADICTION))
    with settle_once():
        done = [accept(proposal, by=by, at=at) for proposal in waiting.order_by("id")]
    return len(done)


@transaction.atomic
def decline_proposal(proposal, *, reason, by, at):
    """Leave it; it is not raised again while its rule stays true."""
    case, proposal = _open(proposal)
    if not (reason or "").strip():
        raise ValidationError({"reason": "Say why this proposal is declined."})
    proposal.reason = reason.strip()
    _decide(case, proposal, Decision.DECLINED, by, at)
    return proposal


def _open(proposal):
    case = lock_case(proposal.case)
    proposal = Proposal.objects.select_related("step").get(pk=proposal.pk)
    if proposal.state != Decision.OPEN:
        raise ValidationError(f"This proposal is {proposal.get_state_display()}.", code="stale")
    return case, proposal


def _decide(case, proposal, state, by, at):
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, at
    proposal.save(update_fields=["state", "decided_by", "decided_at", "reason"])
    record(
        by,
        f"proposal.{'accept' if state == Decision.ACCEPTED else 'decline'}",
        clinic_id=case.clinic_id,
        patient_id=case.patient_id,
        case_id=case.pk,
        step_id=proposal.step_id,
        at=at,
        key=proposal.key,
        facts=sorted(proposal.facts),
    )
    settle(case, by=by, at=at)


def _activate(case, proposal, by, at):
    _, _, together = lock_step(proposal.step)
    save_acts(
        together,
        activated_on=local_day(at, case.clinic),
        activated_rule=proposal.rule,
        ended="",
        ended_at=None,
        ended_by=None,
        ended_reason="",
        ended_rule="",
    )


def _skip(case, proposal, by, at):
    reason = proposal.because or proposal.text
    exceptions.mark_not_needed(proposal.step, reason=reason, by=by, at=at, rule=proposal.rule)


def _cancel(case, proposal, by, at):
    exceptions.cancel(proposal.step, reason=proposal.because or proposal.text, by=by, at=at)


def _prioritise(case, proposal, by, at):
    step, params = proposal.step, proposal.params
    acts = {"profile": params.get("profile") or step.profile}
    if params.get("due_on"):
        cap = date.fromisoformat(params["due_on"])
        acts["due_cap"] = min(cap, step.due_cap or cap)
    _, _, together = lock_step(step)
    save_acts(together, **acts)


def _hold(case, proposal, by, at):
    until = local_day(at, case.clinic) + timedelta(days=HOLD_DAYS)
    reason = proposal.params.get("text") or proposal.because
    exceptions.hold(proposal.step, until=until, reason=reason, by=by, at=at)


def _answer(case, proposal, by, at):
    _, _, together = lock_step(proposal.step)
    source = case.steps.get(code=proposal.params["by"])
    save_acts(together, ended=Ended.ANSWERED, ended_at=at, ended_by=by, answered_by=source)


def _start_pathway(case, proposal, by, at):
    cases.start_pathway(case, proposal.target, by=by, at=at, rule=proposal.rule)


def _close_pathway(case, proposal, by, at):
    case.pathways.filter(pathway=proposal.target).update(closed_on=local_day(at, case.clinic))


def _set_dx(case, proposal, by, at):
    basis = f"{proposal.because} ({proposal.source})"
    status = proposal.params["status"]
    diagnoses.set_diagnosis(case, code=proposal.target, certainty=status, basis=basis, by=by, at=at)


def _refer(case, proposal, by, at):
    """A referral that nobody chases is an open loop: it becomes a step with a due date."""
    to, profile = proposal.target, proposal.params.get("profile", "soon")
    code = f"refer_{to}"
    if case.steps.filter(code=code, is_open=True).exists():
        return
    if case.steps.filter(code=code).exists():
        code = exceptions._free_code(case, code)
    exceptions.add_step(
        case,
        code=code,
        label=f"Referral: {vocabulary().rehab[to].label}",
        modality="other",
        captures=(f"rehab:{to}",),
        profile=profile,
        days=profile_days(profile),
        by=by,
        at=at,
    )


EFFECTS = {
    "activate": _activate,
    "skip": _skip,
    "cancel": _cancel,
    "prioritise": _prioritise,
    "hold": _hold,
    "answer": _answer,
    "start_pathway": _start_pathway,
    "close_pathway": _close_pathway,
    "set_dx": _set_dx,
    "create_referral": _refer,
}
