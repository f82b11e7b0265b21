"""Send what is due: claim, look again, address, mark, hand over, record."""

import logging
import random
import time
from collections import Counter
from datetime import timedelta

from django.conf import settings

from accounts.rls import clinics
from workflows.clock import local_day
from workflows.reminders import claims
from workflows.reminders.message import content
from workflows.reminders.plan import leaves_at, plan_cases
from workflows.reminders.smtp import Courier, Later, NoServer, Refused, Uncertain

log = logging.getLogger(__name__)
CLAIM = 8  # few, because they wait for the end of their lease if this worker is killed
TRIES, TRYING = 12, timedelta(hours=24)
OVER = ("sent", "dead", "withdrawn")
TIME_S = 40  # a new claim is begun until then; the task's soft limit is 50 s


def deliver_due(batch=500, time_s=TIME_S):
    """Send up to `batch` reminders that are due, for at most about `time_s` seconds.

    Safe to run any number of times at once. Returns a Counter of outcomes: sent, dead, withdrawn,
    later, uncertain, lost (to another worker), no_server.
    """
    done, until = Counter(), time.monotonic() + time_s
    with Courier() as courier:
        while done.total() < batch and time.monotonic() < until and not done["no_server"]:
            rows, token, now = claims.claim(min(CLAIM, batch - done.total()))
            if not rows:
                break
            outcomes = _deliver(rows, token, now, courier)
            done.update(outcomes.values())
            _plan_next([row for row in rows if outcomes[row.pk] in OVER], now)
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
    if not (_stands(row) and _may_get(row, now)):
        return "withdrawn" if claims.withdraw(row, token, anyhow=True) else "lost"
    wait = (leaves_at(now, row.clinic, row.step.urgency, row.kind) - now).total_seconds()
    if wait > 0:
        claims.mark_again([row], token, wait_s=wait, tried=False)
        return "later"
    try:
        return _send(row, token, now, courier)
    except Refused as error:
        claims.mark_dead(row, token, str(error))
        return "dead"
    except Later as error:
        return _again(row, token, now, str(error))
    except Uncertain as error:
        return _again(row, token, now, str(error), uncertain=True)


def _send(row, token, now, courier):
    try:
        text = content(row, now)
    except Exception as error:  # one row that cannot be worded must not stop the others
        log.exception("Reminder %s cannot be worded.", row.pk)
        return _again(row, token, now, f"no text: {type(error).__name__}")
    courier.address(row.recipient.email)
    if row.pk not in claims.mark_sending([row], token):
        courier.drop()
        return "withdrawn" if claims.withdraw(row, token) else "lost"
    courier.hand_over(text)
    claims.mark_sent([row], token)
    return "sent"


def _again(row, token, now, why, *, uncertain=False):
    """Back off; give up after so many tries or so long."""
    if row.attempts >= TRIES or now - row.first_attempt_at >= TRYING:
        claims.mark_dead(row, token, why, uncertain=uncertain)
        return "dead"
    pauses = settings.NMD_REMINDER_BACK_OFF_SECONDS
    pause = pauses[min(row.attempts, len(pauses)) - 1] * random.uniform(0.8, 1.2)
    claims.mark_again([row], token, wait_s=pause, why=why, uncertain=uncertain)
    return "uncertain" if uncertain else "later"


def _stands(row):
    """Whether its step waits at that door still: a first look, `mark_sending` has the last one."""
    return row.step.is_open and row.step.door == row.door and row.step.twin_of_id is None


def _may_get(row, now):
    """Whether its recipient still works in the clinic, and so may open the link."""
    day = local_day(now, row.clinic)
    works = any(
        role.starts_on <= day and (role.ends_on is None or day <= role.ends_on)
        for role in row.roles
    )
    return works and row.recipient.is_active


def _plan_next(rows, now):
    """A step that is still late is chased again, a person who left is replaced.

    Not part of the marks: the sweep plans whatever is missing if this worker dies before it.
    """
    by_clinic = {row.clinic_id: row.clinic for row in rows}
    for key, clinic in by_clinic.items():
        with clinics([key]):
            plan_cases(clinic, {row.step.case_id for row in rows if row.clinic_id == key}, now)
