"""Beside the doors: acknowledge a step, write a note to it, let its owner's reminders rest."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from clinical.engine import Door
from workflows.clock import local_day
from workflows.reminders.moments import EMERGENCY
from workflows.services.doors import TOLD_HOW, _log
from workflows.services.lock import lock_step, refuse_if_ended, save_acts
from workflows.services.settle import settle

LONGEST_REST_DAYS = {"urgent": 7, "soon": 30, "routine": 60}  # clinic defaults
NO_REASON = "Say why its reminders rest."


@transaction.atomic
def acknowledge(step, *, by, at, version=None):
    """Say that it is known. Nothing else changes: it stays open, due, and is chased."""
    _, step, together = _open_step(step, version)
    if step.seen_by_id == by.pk:
        raise ValidationError("You have acknowledged this already; it is to be done still.")
    save_acts(together, seen_at=at, seen_by=by)
    _log(by, "step.acknowledge", step.case, step, at)
    return step


@transaction.atomic
def write_note(step, *, text, by, at, version=None):
    """The one note of a step, in its place; what stood there before is in its history."""
    case, step, together = lock_step(step, version)
    text = text.strip()
    if text == step.note:
        raise ValidationError({"text": "This is what stands there already."})
    save_acts(together, note=text)
    _log(by, "step.note", case, step, at)
    return step


@transaction.atomic
def snooze(step, *, until, reason, by, at, version=None):
    """No reminder of its owner before a day, with why. It stays due, and a second person is told

    after the grace of its profile as ever. Errors say what is wrong with the day or the reason.
    """
    case, step, together = _open_step(step, version)
    _refuse_what_cannot_wait(step)
    if not until:
        raise ValidationError({"until": "Say until when: its reminders do not rest for ever."})
    _check_rest(step, until, local_day(at, case.clinic))
    if not (reason or "").strip():
        raise ValidationError({"reason": NO_REASON})
    save_acts(together, snoozed_until=until, snooze_reason=reason.strip())
    _log(by, "step.snooze", case, step, at, until=str(until))
    settle(case, by=by, at=at)
    return step


@transaction.atomic
def try_in_vain(step, *, how, until=None, by, at, version=None):
    """Somebody tried to tell the patient and did not reach her: it is to be told still.

    how: a key of TOLD_HOW. `until`: the day of the next try; reminders rest until then.
    """
    case, step, together = _open_step(step, version)
    if step.door != Door.TOLD:
        raise ValidationError("There is nothing to tell: the report is reviewed first.")
    if how not in TOLD_HOW:
        raise ValidationError({"how": "Choose how it was tried."})
    rest = {}
    if until:
        _refuse_what_cannot_wait(step)
        _check_rest(step, until, local_day(at, case.clinic))
        reason = f"The patient was not reached {TOLD_HOW[how]}."
        rest = {"snoozed_until": until, "snooze_reason": reason}
    save_acts(together, not_reached=step.not_reached + 1, **rest)
    said = {"until": str(until)} if until else {}
    _log(by, "step.not_reached", case, step, at, how=how, **said)
    settle(case, by=by, at=at)
    return step


@transaction.atomic
def wake(step, *, by, at, version=None):
    """Remind its owner again as before."""
    case, step, together = lock_step(step, version)
    if not step.snoozed_until:
        raise ValidationError("Its reminders do not rest.")
    save_acts(together, snoozed_until=None, snooze_reason="")
    _log(by, "step.wake", case, step, at)
    settle(case, by=by, at=at)
    return step


def _open_step(step, version):
    case, step, together = lock_step(step, version)
    refuse_if_ended(step)
    if not step.is_open:
        raise ValidationError("This step is not open: nobody is reminded of it.")
    return case, step, together


def _check_rest(step, until, today):
    longest = LONGEST_REST_DAYS[step.urgency]
    latest = today + timedelta(days=longest)
    if until <= today:
        raise ValidationError({"until": "Choose a day after today."})
    if until > latest:
        sentence = f"Reminders of this step rest for at most {longest} days, until {latest:%-d %B}."
        raise ValidationError({"until": sentence})


def _refuse_what_cannot_wait(step):
    if step.urgency == EMERGENCY:
        raise ValidationError("This is an emergency: its reminders cannot rest.")
    if step.is_critical_unread:
        raise ValidationError("A critical value that nobody has reviewed: review it first.")
