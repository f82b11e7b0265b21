"""Search parameters of Task: each reads its values into a condition, or says what is wrong."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from interop.fhir import names
from interop.fhir.outcome import Refusal
from interop.fhir.task import POOLS, STATUS, TOGETHER
from workflows import look
from workflows.models.step import OPEN_STAGES

OPEN = {stage.value for stage in OPEN_STAGES}
ONE_OPEN = Q(is_open=True, twin_of=None)  # StepQuerySet.open
PART = r"(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?"
DAY = re.compile(rf"(?P<prefix>[a-z]{{2}})?(?P<year>[0-9]{{4}}){PART}")
KEY = re.compile(r"[0-9]{1,18}")


@dataclass(frozen=True)
class Condition:
    """outstanding: only open steps can meet it, each once, as the worklist holds them."""

    rows: Q
    outstanding: bool = False


@dataclass(frozen=True)
class Parameter:
    """kind: FHIR's type of a search parameter; read: (values that were joined by commas, today)."""

    kind: str
    read: Callable[[list[str], date], Condition]
    words: str


class Wrong(Exception):
    """What is wrong with a value; the name of the parameter is put before it."""


def condition(name, text, today):
    """Condition of one `name=text` of the address. Raises Refusal."""
    try:
        return READERS[name](text.split(","), today)
    except Wrong as wrong:
        raise Refusal(400, "value", f"{name}: {wrong}") from None


def status(values, today):
    known = {*STATUS.values()}
    asked = _codes(values, names.TASK_STATUS, known)
    return _stages({stage for stage, each in STATUS.items() if each in asked})


def business_status(values, today):
    return _stages(_codes(values, names.STAGES, STATUS))


def _stages(stages):
    rows = ONE_OPEN & Q(stage__in=sorted(stages & OPEN))
    if stages <= OPEN:
        return Condition(rows, outstanding=True)
    if TOGETHER in stages:
        rows |= Q(is_open=True, twin_of__isnull=False)
    return Condition(rows | Q(stage__in=sorted(stages - OPEN)))


def overdue(values, today):
    """The rule of `StepQuerySet.overdue`."""
    asked = _codes(values, "", {"true", "false"})
    late = ONE_OPEN & Q(sort_on__lt=today)
    if asked == {"true"}:
        return Condition(late, outstanding=True)
    return Condition(~late if asked == {"false"} else Q())


def due(values, today):
    rows = Q()
    for value in values:
        rows |= _due(value)
    return Condition(rows, outstanding=True)


def _due(value):
    found = DAY.fullmatch(value)
    if not found:
        raise Wrong("give a day as 2026-03-29, a month or a year, with eq, lt, le, gt or ge before")
    year, month, day = (int(found[part] or 0) for part in ("year", "month", "day"))
    try:
        first = date(year, month or 1, day or 1)
        month = month or 12
        last = date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:
        raise Wrong("there is no such day") from None
    from_first = Q(due_on__gte=first, sort_on__gte=first)  # the second is what an index holds
    match found["prefix"] or "eq":
        case "eq":
            return from_first & Q(due_on__lte=last)
        case "lt":
            return Q(due_on__lt=first)
        case "le":
            return Q(due_on__lte=last)
        case "gt":
            return Q(due_on__gt=last, sort_on__gt=last)
        case "ge":
            return from_first
        case other:
            raise Wrong(f"the prefix {other} is not supported; eq, lt, le, gt and ge are")


def owner(values, today):
    return Condition(Q(owner__in=_keys(values, "Practitioner")), outstanding=True)


def owner_missing(values, today):
    """Without an owner: a pool's, at its end, or done by another one."""
    asked = _codes(values, "", {"true", "false"})
    if asked == {"false"}:
        return Condition(Q(owner__isnull=False), outstanding=True)
    nobody = Q(owner=None) | Q(is_open=True, twin_of__isnull=False)
    return Condition(nobody if asked == {"true"} else Q())


def performer(values, today):
    asked = _codes(values, names.POOLS, POOLS)
    return Condition(Q(owner_role__in=sorted(asked)), outstanding=True)


def patient(values, today):
    return Condition(Q(patient__in=_keys(values, "Patient")))


def modality(values, today):
    return Condition(Q(modality__in=sorted(_codes(values, names.MODALITIES, look.MODALITIES))))


def own_key(values, today):
    return Condition(Q(pk__in=_keys(values, "Task")))


def _codes(values, system, known):
    """Codes out of `code` or `system|code`, all of them known."""
    asked = set()
    for value in values:
        said, bar, code = value.rpartition("|")
        if bar and said not in ("", system):
            raise Wrong(f"codes are of the system {system or '(none)'}")
        asked.add(code)
    if asked - set(known):
        raise Wrong(f"one of {', '.join(sorted(known))}")
    return asked


def _keys(values, kind):
    """Keys out of `12`, `Patient/12` or the whole address."""
    heads = (f"{names.BASE}/{kind}/", f"{kind}/")
    keys = [next((v.removeprefix(h) for h in heads if v.startswith(h)), v) for v in values]
    if not all(map(KEY.fullmatch, keys)):
        raise Wrong(f"give the key of a {kind}, as 12 or {kind}/12")
    return [int(key) for key in keys]


PARAMETERS = {
    "_id": Parameter("token", own_key, "Key of the Task."),
    "status": Parameter("token", status, "Status, as FHIR has it."),
    "business-status": Parameter("token", business_status, "Stage, as the worklist has it."),
    "owner": Parameter("reference", owner, "The person whose turn it is."),
    "performer": Parameter("token", performer, "Whose turn it is by role; open Tasks only."),
    "patient": Parameter("reference", patient, "The patient."),
    "due": Parameter("date", due, "Ours: day by which the next door is due; open Tasks only."),
    "overdue": Parameter("token", overdue, "Ours: whether that day has passed, by the one clock."),
    "modality": Parameter("token", modality, "Ours: kind of step: labs, mri, emg, genetics ..."),
}
READERS = {name: each.read for name, each in PARAMETERS.items()} | {"owner:missing": owner_missing}
