"""Send what is due: claim, look again, address, mark, hand over, record."""

import logging
import random
import time
from collections import Counter, defaultdict
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import Reach
from accounts.rls import clinics
from workflows.clock import local_day
from workflows.reminders import claims, service
from workflows.reminders.gather import gather
from workflows.reminders.leaving import breaks_quiet, leaves_at
from workflows.reminders.message import content, in_short
from workflows.reminders.plan import plan_cases
from workflows.reminders.smtp import Courier, Later, NoServer, Refused, Uncertain

log = logging.getLogger(__name__)
CLAIM = 8  # few, because they wait for the end of their lease if this worker is killed
TRIES, TRYING = 12, timedelta(hours=24)
SERVICE_TRIES = 3  # after that a message goes by mail
OVER = ("sent", "dead", "withdrawn")
TIME_S = 40  # a new claim is begun until then; the task's soft limit is 50 s


def deliver_due(batch=500, time_s=TIME_S):
    """Send up to `batch` reminders that are due, for at most about `time_s` seconds.

    Safe to run any number of times at once. Returns a Counter of outcomes: sent, dead, withdrawn,
    later, uncertain, lost (to another worker), no_server.
    """
    done, until = Counter(), time.monotonic() + time_s
    gather(timezone.now())
    with Courier() as courier:
        while done.total() < batch and time.monotonic() < until and not done["no_server"]:
            rows, token, now = claims.claim(min(CLAIM, batch - done.total()))
            if not rows:
                break
            lines = {row.pk: row.lines for row in rows}
            outcomes = _deliver(rows, token, now, courier)
            done.update(outcomes.values())
            over = [row for row in rows if outcomes[row.pk] in OVER]
            _plan_next([line for row in over for line in lines[row.pk]], now)
    return done


def _deliver(rows, token, now, courier):
    """Outcomes by key of the row."""
    outcomes = {}
    for position, row in enumerate(rows):
        try:
            outcomes[row.pk] = _one(row, token, now, courier)
        except NoServer as error:
            left = rows[position:]
            log.warning("No mail server (%s): %d reminders wait.", error, len(left))
            pause = settings.NMD_REMINDER_BACK_OFF_SECONDS[0]
            claims.mark_again(left, token, wait_s=pause, why=f"{error}", tried=False)
            return outcomes | {row.pk: "no_server" for row in left}
    return outcomes


def _one(row, token, now, courier):
    """The outcome of one reminder. Raises NoServer."""
    if row.attempts > TRIES:
        claims.mark_dead(row, token, row.last_error or "every try ended with the worker")
        return "dead"
    row.lines = [line for line in row.lines if _stands(line) and _may_get(line, row, now)]
    if not row.lines:
        return "withdrawn" if claims.withdraw(row, token, anyhow=True) else "lost"
    wait = (_leaves(row, now) - now).total_seconds()
    if wait > 0:
        claims.mark_again([row], token, wait_s=wait, tried=False)
        return "later"
    try:
        return _send(row, token, now, courier)
    except Refused as error:
        claims.mark_dead(row, token, str(error))
        return "dead"
    except Later as error:
        return _again(row, token, str(error))
    except Uncertain as error:
        return _again(row, token, str(error), uncertain=True)


def _leaves(row, now):
    urgency = row.step.urgency if row.step else None
    return leaves_at(now, now, row.clinic, urgency, row.kind, row.recipient.wishes)


def _send(row, token, now, courier):
    """By mail, which alone is sure; by the service instead or as well, as its recipient wishes."""
    try:
        text, short = content(row, now), in_short(row, now)
    except Exception as error:  # one row that cannot be worded must not stop the others
        log.exception("Reminder %s cannot be worded.", row.pk)
        return _again(row, token, f"no text: {type(error).__name__}")
    by_mail = _by_mail(row)
    if by_mail:
        courier.address(row.recipient.email)
    if row.pk not in claims.mark_sending([row], token):
        courier.drop()
        return "withdrawn" if claims.withdraw(row, token) else "lost"
    if by_mail:
        courier.hand_over(text)
    else:
        service.tell(row.recipient.wishes.service_url, *short)
    claims.mark_sent([row], token)
    if by_mail and row.recipient.wishes.reach != Reach.MAIL:
        _as_well(row, short)
    return "sent"


def _by_mail(row):
    """A service may swallow a message or be gone: what cannot wait goes by mail, too, and in the

    end what the service did not take.
    """
    urgency = row.step.urgency if row.step else None
    if row.recipient.wishes.reach != Reach.SERVICE or breaks_quiet(urgency, row.kind):
        return True
    return row.attempts > SERVICE_TRIES


def _as_well(row, short):
    """Beside the mail, which has gone: if the service fails, that is said and no more."""
    try:
        service.tell(row.recipient.wishes.service_url, *short)
    except Later as error:
        claims.note(row, str(error))


def _again(row, token, why, *, uncertain=False):
    """Back off; give up after so many tries or so long."""
    if row.attempts >= TRIES or row.tried_for_s >= TRYING.total_seconds():
        claims.mark_dead(row, token, why, uncertain=uncertain)
        return "dead"
    pauses = settings.NMD_REMINDER_BACK_OFF_SECONDS
    pause = pauses[min(row.attempts, len(pauses)) - 1] * random.uniform(0.8, 1.2)
    claims.mark_again([row], token, wait_s=pause, why=why, uncertain=uncertain)
    return "uncertain" if uncertain else "later"


def _stands(line):
    """Whether its step waits at that door still: a first look, `mark_sending` has the last one."""
    step = line.step
    return step.is_open and step.door == line.door and step.twin_of_id is None


def _may_get(line, row, now):
    """Whether its recipient still works in the clinic, and so may open the link."""
    day = local_day(now, line.clinic)
    works = any(first <= day and (last is None or day <= last) for first, last in line.terms)
    return works and row.recipient.is_active


def _plan_next(lines, now):
    """A step that is still late is chased again, a person who left is replaced.

    Not part of the marks: the sweep plans whatever is missing if this worker dies before it.
    """
    cases = defaultdict(set)
    for line in lines:
        cases[line.clinic].add(line.step.case_id)
    for clinic, keys in cases.items():
        with clinics([clinic.pk]):
            plan_cases(clinic, keys, now)
