"""Which messages are owed: derived from due dates and profiles, kept as rows."""

from contextlib import contextmanager
from contextvars import ContextVar

from clinical.engine import Stage
from workflows.clock import local_day
from workflows.models.case import Case
from workflows.models.reminder import NOTICES, Kind
from workflows.models.step import Step
from workflows.reminders.leaving import goes_in_digest, leaves_at
from workflows.reminders.moments import moments
from workflows.reminders.store import Key, Planned, known, replace

OF_CASE = ["clinic", "clinician", "coordinator"]
OF_STEP = [
    *("case", "code", "stage", "is_open", "door", "owner", "owner_role", "urgency"),
    *("due_on", "door_open_since", "waits_for", "twin_of", "snoozed_until"),
    *("flag", "performed_on", "reported_at", "reviewed_at"),
]
_postponed = ContextVar("postponed", default=False)


@contextmanager
def plan_later():
    """Acts of the past, entered now: nobody is owed a message about what is over.

    The caller plans the case at the end (`plan_cases`); the hourly sweep does so otherwise.
    """
    token = _postponed.set(True)
    try:
        yield
    finally:
        _postponed.reset(token)


def plan_reminders(case, steps, at):
    """Make the pending messages of a case what its open steps ask for now.

    steps: all steps of the case, which the caller has locked. What no longer fits is withdrawn,
    what is owed is added once. Reads once; writes once, if anything changed.
    """
    if _postponed.get():
        return
    plan_steps(case.clinic, list(steps), at)


def plan_cases(clinic, keys, at):
    """The same for open cases of a clinic, in one transaction. A case that somebody acts on now

    is left out: the act plans it.
    """
    cases = Case.objects.filter(pk__in=keys, clinic=clinic, closed_at=None).only(*OF_CASE)
    cases = cases.select_for_update(skip_locked=True, no_key=True).in_bulk()
    steps = list(Step.objects.filter(case__in=cases, is_open=True).only(*OF_STEP))
    for step in steps:
        step.case = cases[step.case_id]
    plan_steps(clinic, steps, at)


def plan_steps(clinic, steps, at):
    """`plan_reminders` for steps of any cases of one clinic, each case with all its open steps."""
    # a repeat (`md_ck.2`) stands in for what it repeats
    open_codes = {(step.case_id, step.code.split(".")[0]) for step in steps if step.is_open}
    asked = [
        (step, moment)
        for step in steps
        for moment in moments(step, clinic, at, _waits_in_vain(step, open_codes))
    ]
    since = min((moment.due_at for _, moment in asked), default=None)
    rows, staff = known([step.pk for step in steps], since, clinic, local_day(at, clinic))
    owed = {
        Key(step.pk, step.door, moment.kind, moment.due_at, person): (step, moment)
        for step, moment in asked
        for person in staff.recipients(step, moment)
    }
    gone = [
        row.pk
        for row in rows
        if row.is_pending and row.key not in owed and row.key.kind not in NOTICES
    ]
    there = {row.key for row in rows if row.state != "withdrawn"}
    told = _told(rows)
    fresh = [
        _planned(key, at, clinic, step.urgency, staff)
        for key, (step, moment) in owed.items()
        if key not in there and not (moment.late and _heard_since(told, key))
    ]
    if gone or fresh:
        replace(clinic, gone, fresh)


def _planned(key, at, clinic, urgency, staff):
    """How a message is planned: its key, when it leaves, and whether in the daily one."""
    leaves = leaves_at(key.due_at, at, clinic, urgency, key.kind, staff.wishes_of(key.recipient_id))
    return Planned(key, leaves, goes_in_digest(urgency, key.kind))


def _waits_in_vain(step, open_codes):
    """Whether nothing that it waits for is going on: it was declined, cancelled, or failed."""
    if step.stage != Stage.WAITING:
        return False
    return not any((step.case_id, code.split(".")[0]) in open_codes for code in step.waits_for)


def _told(rows):
    """When each person was last told about each door of a step."""
    told = {}
    for row in rows:
        if row.sent_at:
            chain = _chain(row.key)
            told[chain] = max(row.sent_at, told.get(chain, row.sent_at))
    return told


def _heard_since(told, key):
    return _chain(key) in told and told[_chain(key)] >= key.due_at


def _chain(key):
    return key.step_id, key.door, key.recipient_id, key.kind == Kind.ESCALATION
