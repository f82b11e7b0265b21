"""The promise of the closed loop, checked: one owner, one next door, one due date, nothing lost."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from accounts.models import Clinic, Membership
from accounts.rls import ALL, clinics
from clinical.engine import Stage
from workflows.clock import local_day
from workflows.definitions import doors_of
from workflows.models import Case, Step, step_name, tally
from workflows.services import resettle
from workflows.services.settle import DERIVED, Board
from workflows.standing import with_standing

BATCH = 100
COMPARED = [name for name in DERIVED if name not in ("because", "twin_of", "activated_rule")]


@dataclass
class Report:
    """What was looked at, and each broken promise as (key of the step or None, sentence)."""

    cases: int = 0
    steps: int = 0
    unread: int = 0
    untold: int = 0
    broken: list = field(default_factory=list)

    @property
    def kinds(self):
        return Counter(sentence for _, sentence in self.broken)


def check(at) -> Report:
    """Look at every open step of every clinic, and derive each case again from its acts.

    Reads only. One short transaction for every `BATCH` cases, so that it can run beside the site.
    """
    report = Report()
    for clinic in Clinic.objects.order_by("pk"):
        last = 0
        while found := _batch(clinic, last, at, report):
            last = found
    return report


def settle_broken(at):
    """Derive again every case of which a step breaks a promise; returns how many.

    What follows from what people did differs after a release with other rules, too.
    """
    keys = [key for key, _ in check(at).broken if key]
    with clinics(ALL):
        cases = Case.objects.filter(steps__in=keys, closed_at=None).order_by("pk").distinct()
        cases = list(cases.values_list("pk", "clinic_id"))
    for key, clinic in cases:
        with clinics([clinic]):
            resettle(Case(pk=key), at=at)
    return len(cases)


def _batch(clinic, after, at, report):
    with clinics([clinic.pk]):
        cases = with_standing(Case.objects.filter(clinic=clinic, closed_at=None, pk__gt=after))
        cases = list(cases.select_related("clinic", "patient").order_by("pk")[:BATCH])
        here = _people(clinic, local_day(at, clinic))
        for case in cases:
            board = Board(case, None, at)
            _check_steps(board, here, report)
            _check_derived(board, report)
        if not cases:
            _check_closed(clinic, report)
            _check_kept(report)
        return cases[-1].pk if cases else None


def _check_kept(report):
    if wrong := tally.wrong():
        sentence = f"(tally) {wrong} numbers of steps are not what a recount finds"
        report.broken.append((None, sentence))
    if missing := step_name.missing():
        sentence = f"(names) {missing} names of open steps are not found by free text"
        report.broken.append((None, sentence))


def _people(clinic, day):
    """{key of who works here: her roles}."""
    active = Membership.objects.active(day).filter(clinic=clinic, user__is_active=True)
    staff = defaultdict(set)
    for user, role in active.values_list("user_id", "role"):
        staff[user].add(role)
    return dict(staff)


def _check_steps(board, here, report):
    report.cases += 1
    for step in board.steps.values():
        if not step.is_open or step.twin_of_id:
            continue
        report.steps += 1
        report.unread += step.stage == Stage.TO_REVIEW
        report.untold += step.stage == Stage.TO_TELL
        report.broken += [(step.pk, sentence) for sentence in broken_promises(step, here)]


def broken_promises(step, staff):
    """Sentences about one open step. staff: {key of who works in its clinic: her roles}."""
    yield from _unowned(step, staff)
    doors = [door.value for door in doors_of(step)]
    if step.door not in doors:
        yield "has no next door"
    elif _passed(step, step.door):
        yield "waits at a door that it has passed"
    if step.due_on is None and step.stage != Stage.WAITING:
        yield "has no due date"
    if step.stage == Stage.WAITING and not step.waits_for:
        yield "waits for nothing"


def _unowned(step, staff):
    roles = staff.get(step.owner_id)
    if step.owner_id is None and not step.owner_role:
        yield "has no owner"
    elif step.owner_id is None and not any(step.owner_role in held for held in staff.values()):
        yield f"belongs to the {step.owner_role}s, and there is none"
    elif step.owner_id is not None and not roles:
        yield "belongs to somebody who does not work here any more"
    elif roles and step.owner_role == "clinician" and "clinician" not in roles:
        yield "waits for a clinician, and its owner is none"


def _passed(step, door):
    return getattr(step, "performed_on" if door == "performed" else f"{door}_at") is not None


def _check_derived(board, report):
    """What is stored is what follows from the acts: a bug or a restored backup would show here."""
    before = {code: _derived(step) for code, step in board.steps.items()}
    board.evaluate()
    for code, step in board.steps.items():
        if step._state.adding:
            report.broken.append((None, "is asked for by a rule and is not there"))
        elif not step.twin_of_id and _derived(step) != before[code]:
            report.broken.append((step.pk, "stands otherwise than its acts say"))


def _derived(step):
    return tuple(getattr(step, Step._meta.get_field(name).attname) for name in COMPARED)


def _check_closed(clinic, report):
    """Nothing is hidden by closing a case."""
    hidden = Step.objects.open().filter(clinic=clinic, case__closed_at__isnull=False)
    report.broken += [
        (key, "is open in a closed case") for key in hidden.values_list("pk", flat=True)
    ]
