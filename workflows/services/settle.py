"""What follows from what people did: one evaluation, one bulk update, the same outcome always."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from functools import cached_property

from django.db import connection, transaction

from accounts.models import Membership, Role
from clinical.engine import Snapshot, StepState, evaluate
from clinical.pathways import pathways
from workflows.clock import calendar_of, local_day
from workflows.definitions import definition_of, key_of_captures
from workflows.facts import facts_of, recorded_captures
from workflows.models import CasePathway, Step
from workflows.models.proposal import Decision
from workflows.models.step import OPEN_STAGES
from workflows.reminders.plan import plan_reminders
from workflows.services.raised import sync_proposals
from workflows.services.twins import pair_twins
from workflows.services.write import write_columns
from workflows.standing import covers_of, pauses_of

DERIVED = [
    "stage",
    "is_open",
    "door",
    "owner",
    "owner_role",
    "due_on",
    "door_open_since",
    "urgency",
    "because",
    "waits_for",
    "twin_of",
    "activated_on",
    "activated_rule",
    "ordered_at",
    "ordered_by",
    "sent_to",
    "booked_for",
    "performed_on",
    "performed_by",
    "seen_at",
    "seen_by",
    "snoozed_until",
    "snooze_reason",
    "not_reached",
]
ATTRIBUTES = [Step._meta.get_field(name).attname for name in DERIVED]
_postponed: ContextVar[dict | None] = ContextVar("postponed", default=None)


@contextmanager
def settle_once():
    """Several acts on one case in one transaction, settled together at the end: an import.

    Inside another settle_once() it adds to that one.
    """
    if _postponed.get() is not None:
        yield
        return
    with transaction.atomic():
        token = _postponed.set({})
        try:
            yield
            waiting = _postponed.get()
        finally:
            _postponed.reset(token)
        for case, by, at in waiting.values():
            settle(case, by=by, at=at)


def held_case(key):
    """The case with this key if an act inside settle_once() has it locked already, else None."""
    waiting = (_postponed.get() or {}).get(key)
    return waiting[0] if waiting else None


@dataclass(frozen=True)
class Held:
    """What an act has in hand: all steps of its case, and what it put on some of them unwritten."""

    steps: list
    acted: list
    columns: list

    def write(self):
        write_columns(self.acted, self.columns)


def settle(case, *, by, at, held=None):
    """Derive the state of a case that the caller has locked, and write what changed.

    Part of the act's transaction, which the caller has opened. `held` saves reading the steps
    again and writing the acted ones twice. False inside settle_once(): it is done at its end.
    """
    postponed = _postponed.get()
    if postponed is not None:
        if held:
            held.write()
        postponed[case.pk] = (case, by, at)
        return False
    board = Board(case, by, at, held=held)
    board.evaluate()
    if pair_twins(board.steps.values()):
        board.evaluate()  # a step that joined another one took over its order and booking
    board.save()
    sync_proposals(board)
    plan_reminders(case, board.steps.values(), at)
    return True


class Board:
    """Everything that one case has on the table while it is settled."""

    def __init__(self, case, by, at, *, is_new=False, held=None):
        """is_new: the case was made a moment ago, there is nothing to read yet."""
        self.held = held or Held([], [], [])
        self.case, self.by, self.at = case, by, at
        self.day = local_day(at, case.clinic)
        self.covers, self.pauses = covers_of(case, self.day), pauses_of(case)
        self.steps, self.before, self.pathways = {}, {}, {}
        self.diagnoses, self.proposals = [], []
        self.outcome = None
        if not is_new:
            self._read(case)

    @cached_property
    def clinicians(self):
        """Keys of the clinic's clinicians; asked only where a step was given to somebody."""
        staff = Membership.objects.active(self.day).filter(clinic_id=self.case.clinic_id)
        return set(staff.filter(role=Role.CLINICIAN).values_list("user_id", flat=True))

    def _read(self, case):
        self.steps = {step.code: step for step in self.held.steps or case.steps.all()}
        self.before = {code: _derived(step) for code, step in self.steps.items()}
        self.pathways = {row.pathway: row for row in case.pathways.all()}
        self.diagnoses = list(case.diagnoses.filter(replaced_by=None))
        states = [Decision.OPEN, Decision.ACCEPTED, Decision.DECLINED]
        self.proposals = list(case.proposals.filter(state__in=states))

    def evaluate(self):
        self.outcome = evaluate(self._snapshot())
        for start in self.outcome.starts:
            if start.pathway not in self.pathways:
                self.start(start.pathway, rule=start.rule)
        for step in self.steps.values():
            _apply(step, self.outcome.verdicts[step.code], self)

    def start(self, code, *, rule="", by=None, on=None):
        """Put a pathway's steps on the table; its clock runs from `on` (today)."""
        definition = pathways()[code]
        self.pathways[code] = CasePathway.objects.create(
            clinic_id=self.case.clinic_id,
            case=self.case,
            pathway=code,
            version=definition.version,
            started_on=on or self.day,
            started_by=by,
            rule=rule,
        )
        new = [each for each in definition.steps if each.code not in self.steps]
        for key, each in zip(_reserve_keys(len(new)), new, strict=True):
            self.steps[each.code] = self._new_step(key, each)

    def _new_step(self, key, definition):
        return Step(
            pk=key,
            clinic_id=self.case.clinic_id,
            case=self.case,
            patient_id=self.case.patient_id,
            code=definition.code,
            pathway=definition.pathway,
            modality=definition.modality,
            label=definition.label,
            captures=list(definition.captures),
            capture_key=key_of_captures(definition.captures, definition.doors),
            activated_on=None if definition.conditional else self.day,
        )

    def _snapshot(self):
        steps = list(self.steps.values())
        decided = {Decision.ACCEPTED: set(), Decision.DECLINED: set(), Decision.OPEN: set()}
        for proposal in self.proposals:
            decided[proposal.state].add(proposal.key)
        self.facts = facts_of(self.case, steps, self.diagnoses, self.day)
        return Snapshot(
            started={code: row.started_on for code, row in self.pathways.items()},
            closed=frozenset(code for code, row in self.pathways.items() if row.closed_on),
            facts=self.facts,
            steps={step.code: _state(step, self.case.clinic) for step in steps},
            calendar=calendar_of(self.case.clinic),
            on=self.day,
            accepted=frozenset(decided[Decision.ACCEPTED]),
            declined=frozenset(decided[Decision.DECLINED]),
            extra=tuple(definition_of(step) for step in steps if not step.pathway),
            recorded=recorded_captures(steps),
            pauses=self.pauses,
        )

    def save(self):
        """Write new rows, changed rows and the case's facts, each in one statement."""
        Step.objects.bulk_create([step for step in self.steps.values() if step._state.adding])
        acted = self.held.acted
        changed = [
            step
            for code, step in self.steps.items()
            if code in self.before and (step in acted or _derived(step) != self.before[code])
        ]
        if changed:
            write_columns(changed, list(dict.fromkeys([*DERIVED, *self.held.columns])))
        if self.case.facts != self.facts:
            self.case.facts = self.facts
            self.case.save(update_fields=["facts"])


def _reserve_keys(count):
    """Keys for rows not yet written, so that new steps can point at each other at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('workflows_step', 'id')) "
            "FROM generate_series(1, %s)",
            [count],
        )
        return [key for (key,) in cursor.fetchall()]


def _derived(step):
    return tuple(getattr(step, name) for name in ATTRIBUTES)


def _state(step, clinic):
    """What people did to a step, as days in the clinic's zone.

    Reported counts from the day of entry, not from the report's own date: nobody can review, and
    nothing can follow from, what is not here yet.
    """

    def day(at):
        return local_day(at, clinic) if at else None

    return StepState(
        code=step.code,
        ordered_on=day(step.ordered_at),
        booked_on=day(step.booked_for),
        performed_on=step.performed_on,
        reported_on=day(step.reported_at),
        reviewed_on=day(step.reviewed_at),
        told_on=day(step.told_at),
        ended=step.ended,
        ended_on=day(step.ended_at),
        ended_by_rule=bool(step.ended_rule),
        held_until=step.held_until,
        released=step.released_at is not None,
        activated_on=step.activated_on,
        profile=step.profile,
        due_cap=step.due_cap,
    )


def _apply(step, verdict, board):
    door = verdict.door or ""
    is_open = verdict.stage in OPEN_STAGES
    if step.door != door or not step.door_open_since:
        step.door_open_since = board.day if is_open else None
    if step.door != door:  # what was said of the last door says nothing of this one
        step.seen_at = step.seen_by_id = step.snoozed_until = None
        step.snooze_reason, step.not_reached = "", 0
    step.stage, step.door, step.is_open = verdict.stage, door, is_open
    step.owner_role = verdict.owner if is_open else ""
    step.owner_id = _owner(step, board) if is_open else None
    step.due_on = verdict.due_on if is_open else None
    step.urgency = verdict.profile
    step.waits_for = list(verdict.waits_for)
    step.because = [_reason(reason) for reason in verdict.because]
    if verdict.active and step.activated_on is None:
        step.activated_on = board.day
        step.activated_rule = next((r.rule for r in verdict.because if r.rule), "")


def _owner(step, board):
    """Whom it was given to, if its door is hers to pass, or the person of the role in the case, or

    who stands in for her today; else nobody, and the step belongs to the role's pool.
    """
    case = board.case
    named = case.clinician_id if step.owner_role == Role.CLINICIAN else case.coordinator_id
    if step.assigned_to_id and _can_pass(step, board):
        named = step.assigned_to_id
    return board.covers.get(named, named)


def _can_pass(step, board):
    """Whether the person it was given to may pass its next door: a clinician's waits for one."""
    given_to = step.assigned_to_id
    if step.owner_role != Role.CLINICIAN or given_to == board.case.clinician_id:
        return True
    return given_to in board.clinicians


def _reason(reason):
    found = asdict(reason)
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in found.items()
    }
