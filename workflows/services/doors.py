"""The five doors, in their order: ordered → performed → reported → reviewed → told."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.services import record
from clinical.engine import Door
from workflows.clock import local_day
from workflows.definitions import doors_of
from workflows.models.step import ResultStatus, ReviewOutcome
from workflows.reminders.hours import wall_time
from workflows.services.follow_ups import put_follow_up
from workflows.services.lock import lock_step, lock_table, put_acts, refuse_if_ended, save_acts
from workflows.services.settle import Held, settle

NOON = time(12)
FURTHEST_BOOKED = timedelta(days=2 * 366)
TOLD_HOW = {"visit": "at a visit", "phone": "by phone", "letter": "by letter", "video": "by video"}


def _log(by, verb, case, step, at, **detail):
    record(
        by,
        verb,
        clinic_id=case.clinic_id,
        patient_id=case.patient_id,
        case_id=case.pk,
        step_id=step.pk,
        at=at,
        **detail,
    )


@transaction.atomic
def order(step, *, by, at, sent_to="", on=None, version=None):
    """Ask for the test. Raises ValidationError, writing nothing, where it cannot be ordered.

    `on`: the day on which it was ordered, where that is not the day on which it is entered.
    """
    case, step, together = lock_step(step, version)
    check_orderable(step)
    ordered_at = _effective(on, at, case)
    acts = {"ordered_at": ordered_at, "ordered_by": by, "sent_to": sent_to}
    save_acts(together, **acts, **_wake(step, at, case))
    _log(by, "step.order", case, step, at, **_backdated(on, at, case))
    settle(case, by=by, at=at)
    return step


def check_orderable(step):
    """Raises ValidationError where it cannot be ordered as it stands."""
    refuse_if_ended(step)
    if Door.ORDERED not in doors_of(step):
        raise ValidationError("This step needs no order: book it or record it.")
    if step.ordered_at:
        raise ValidationError("This test is ordered already.")
    if step.waits_for and not step.released_at:
        raise ValidationError("This test waits for an earlier step. Release it first, with why.")


def _effective(on, at, case, since=None):
    """The instant to keep of an act of the day `on` that is entered at `at`: noon, or `at` itself.

    since: the day before which it cannot have been.
    """
    today = local_day(at, case.clinic)
    if on is None or on == today:
        return at
    if on > today:
        raise ValidationError({"on": "This day lies in the future."})
    since = since or case.patient.birth_on
    if since and on < since:
        raise ValidationError({"on": f"It cannot have been before {since:%-d %B %Y}."})
    return wall_time(on, NOON, ZoneInfo(case.clinic.time_zone))


def _backdated(on, at, case):
    return {} if on in (None, local_day(at, case.clinic)) else {"day": str(on)}


def _wake(step, at, case):
    """A conditional step that somebody acts on is active from that day."""
    return {} if step.activated_on else {"activated_on": local_day(at, case.clinic)}


@transaction.atomic
def book(step, *, booked_for, by, at, version=None):
    """Set or move the appointment. A day that is over or beyond two years is refused."""
    case, step, together = lock_step(step, version)
    check_bookable(step)
    _check_booked(local_day(booked_for, case.clinic), local_day(at, case.clinic))
    save_acts(together, booked_for=booked_for, **_wake(step, at, case))
    _log(by, "step.book", case, step, at, day=str(local_day(booked_for, case.clinic)))
    settle(case, by=by, at=at)
    return step


def check_bookable(step):
    """Raises ValidationError where it cannot be booked for any day."""
    refuse_if_ended(step)
    if Door.ORDERED in doors_of(step) and not step.ordered_at:
        raise ValidationError("Order this test before you book it.")
    if step.performed_on:
        raise ValidationError("This test has been done already.")


def _check_booked(day, today):
    if day < today:
        raise ValidationError({"booked_for": "This day is over. Choose today or a later day."})
    if day > today + FURTHEST_BOOKED:
        raise ValidationError(
            {"booked_for": "This is more than two years away: is the year right?"}
        )


@transaction.atomic
def perform(step, *, performed_on, by, at, version=None):
    """The test was done, the sample was taken; the report is awaited from now on."""
    case, step, together = lock_step(step, version)
    refuse_if_ended(step)
    if Door.ORDERED in doors_of(step) and not step.ordered_at:
        raise ValidationError("Order this test before it is done.")
    if step.performed_on:
        raise ValidationError("This test has been done already.")
    _check_performed(performed_on, case, at)
    save_acts(together, performed_on=performed_on, performed_by=by, **_wake(step, at, case))
    _log(by, "step.perform", case, step, at)
    settle(case, by=by, at=at)
    return step


def _check_performed(day, case, at):
    if day > local_day(at, case.clinic):
        raise ValidationError({"performed_on": "This day lies in the future."})
    if case.patient.birth_on and day < case.patient.birth_on:
        raise ValidationError({"performed_on": "This day is before the patient’s birth."})


def _own_date(day, performed_on, case, at):
    """The date of a report, the day of its entry where it names none."""
    today = local_day(at, case.clinic)
    if day is None:
        return today
    if day > today:
        raise ValidationError({"reported_on": "This day lies in the future."})
    if day < performed_on:
        done = f"The test it reports was done on {performed_on:%-d %B %Y}."
        raise ValidationError({"reported_on": done})
    return day


@transaction.atomic
def report(
    step,
    *,
    facts,
    captures,
    summary,
    flag,
    status,
    performed_on,
    by,
    at,
    version=None,
    reported_on=None,
    reviewed_by=None,
    follow_up=None,
):
    """Copy a typed result to its step and pass the doors that it proves.

    A final report passes *reported* (and, unless somebody did so before, *ordered* and
    *performed*: a result on paper proves both). A preliminary one gives its facts but leaves the
    door shut. A correction, or a report entered in error, opens review and telling again.
    `reported_on`: the report's own date, where that is not the day on which it is entered.
    `reviewed_by`: the clinician for whom recording is reviewing (history, exam, decisions).
    `follow_up`: what has to be looked at again (FollowUp), settled with the report.
    """
    case, step, together, steps = lock_table(step, version)
    if step.ended and step.ended != "answered":
        refuse_if_ended(step)
    _check_performed(performed_on, case, at)
    own = _own_date(reported_on, performed_on, case, at)
    result = {"facts": facts, "captured": list(captures), "summary": summary[:240], "flag": flag}
    acts = _report_doors(step, status, by, at, own, reviewed_by) | _wake(step, at, case)
    acts |= {"performed_on": performed_on, "performed_by": step.performed_by or by}
    columns = put_acts(together, result_status=status, **result, **acts, **NOT_ENDED)
    _log(by, "step.report", case, step, at, status=status, flag=flag, **_backdated(own, at, case))
    if follow_up:
        changed, more = put_follow_up(follow_up, case, steps, by=by, at=at)
        together, columns = [*together, *changed], [*columns, *more]
    settle(case, by=by, at=at, held=Held(steps, together, columns))
    return step


NOT_ENDED = {"ended": "", "ended_at": None, "ended_by": None, "answered_by": None}
UNREAD = {
    "reported_at": None,
    "reported_by": None,
    "reported_on": None,
    "reviewed_at": None,
    "reviewed_by": None,
    "review_outcome": "",
    "review_note": "",
    "told_at": None,
    "told_by": None,
    "told_how": "",
}


def _report_doors(step, status, by, at, reported_on, reviewed_by):
    """The doors that a report of this status passes, and those that it opens again."""
    doors = dict(UNREAD)
    if Door.ORDERED in doors_of(step) and not step.ordered_at:
        doors |= {"ordered_at": at, "ordered_by": by}
    if status in (ResultStatus.FINAL, ResultStatus.CORRECTED):
        doors |= {"reported_at": at, "reported_by": by, "reported_on": reported_on}
        if reviewed_by:
            doors |= {"reviewed_at": at, "reviewed_by": reviewed_by}
    return doors


@transaction.atomic
def review(step, *, by, at, outcome="", note="", on=None, version=None):
    """A clinician has read the report and says what follows: a ReviewOutcome, and in words.

    Empty only for a report that was reviewed elsewhere, where nobody said so.
    `on`: the day on which it was read, where that is not today.
    """
    case, step, together = lock_step(step, version)
    refuse_if_ended(step)
    if not step.reported_at:
        raise ValidationError("There is no report to review yet.")
    if step.reviewed_at:
        raise ValidationError("This report has been reviewed already.")
    _check_outcome(outcome, note, step)
    reviewed_at = _effective(on, at, case, since=step.reported_on)
    said = {"review_outcome": outcome, "review_note": note}
    save_acts(together, reviewed_at=reviewed_at, reviewed_by=by, **said)
    _log(by, "step.review", case, step, at, outcome=outcome, **_backdated(on, at, case))
    settle(case, by=by, at=at)
    return step


def _check_outcome(outcome, note, step):
    """A decision needs its words where the result alone does not explain it."""
    if outcome == ReviewOutcome.ACTION and not note:
        raise ValidationError({"note": "Say what was done."})
    if outcome == ReviewOutcome.NOTHING and step.flag in ("abnormal", "critical") and not note:
        raise ValidationError({"note": "The result is not normal: say why nothing is needed."})


@transaction.atomic
def tell(step, *, how, by, at, on=None, version=None):
    """The patient knows: the last door. `on`: the day she was told, where that is not today."""
    case, step, together = lock_step(step, version)
    refuse_if_ended(step)
    if Door.TOLD not in doors_of(step):
        raise ValidationError("This step ends with its review; there is nothing to tell.")
    if not step.reviewed_at:
        raise ValidationError("Review the report before you tell the patient.")
    if step.told_at:
        raise ValidationError("The patient has been told already.")
    if how not in TOLD_HOW:
        raise ValidationError({"how": "Choose how the patient was told."})
    told_at = _effective(on, at, case, since=step.performed_on)
    save_acts(together, told_at=told_at, told_by=by, told_how=how)
    _log(by, "step.tell", case, step, at, how=how, **_backdated(on, at, case))
    settle(case, by=by, at=at)
    return step
