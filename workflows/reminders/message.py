"""The mail: what waits, for how long, who has it, and a link. Nothing about the patient."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from clinical.engine import Door
from workflows.clock import local_day
from workflows.models.reminder import Kind
from workflows.models.step import NEVER

WHAT = {
    Door.ORDERED: "a test order",
    Door.PERFORMED: "an appointment",
    Door.REPORTED: "a test report",
    Door.REVIEWED: "the review of a report",
    Door.TOLD: "telling a patient a result",
}
TO_DO = {
    Door.ORDERED: "order the test",
    Door.PERFORMED: "book it, or record what was done",
    Door.REPORTED: "ask for the report",
    Door.REVIEWED: "read the report and say what follows",
    Door.TOLD: "tell the patient",
}
NOTICE = {  # what, how it stands, what to do
    Kind.OFFERED: ("a hand-over", "waits for your answer", "accept it, or decline it with why"),
    Kind.RETURNED: ("a hand-over", "came back", "keep it, or ask somebody else"),
}


def content(row, now):
    """The message of a reminder as bytes for SMTP. `now`: aware; its lines, their steps, clinic

    and people are loaded. Message-ID is the row's, so that a copy of it can be told from a second
    one. Who wants other messages, or at other hours, is led to her preferences.
    """
    name, words = _worded(row, now)
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = words["subject"]
    mail["From"], mail["To"] = settings.DEFAULT_FROM_EMAIL, row.recipient.email
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = row.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["List-Unsubscribe"] = f"<{words['preferences']}>"
    text, html = (render_to_string(f"mail/{name}.{kind}", words) for kind in ("txt", "html"))
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail.as_bytes()


def in_short(row, now):
    """(title, text) of a reminder for a chat or an SMS: what waits, and a link."""
    _, words = _worded(row, now)
    return words["subject"], f"{words['in_short']} {words['link']}"


def _worded(row, now):
    """(name of its template, words)."""
    if row.kind == Kind.DIGEST:
        name, words = "digest", _words_of_day(row, now)
    else:
        [line] = row.lines
        name, words = "reminder", _words(line, local_day(now, line.clinic))
        words["in_short"] = f"What to do: {words['to_do']}."
    preferences = settings.BASE_URL + reverse("workflows:preferences")
    return name, words | {"preferences": preferences}


def _words_of_day(row, now):
    """Lines of a daily message by patient, who is a number here: the most overdue one first."""
    by_patient = {}
    for line in sorted(row.lines, key=lambda line: (line.step.due_on or NEVER, line.pk)):
        words = _words(line, local_day(now, line.clinic))
        by_patient.setdefault(line.step.patient_id, []).append(words)
    count, people = len(row.lines), len(by_patient)
    what = f"{_number(count, 'step')} of {_number(people, 'patient')}"
    return {
        "subject": f"NMD Tracker: {what} {'waits' if count == 1 else 'wait'} for you",
        "what": what,
        "groups": [
            {"link": settings.BASE_URL + reverse("workflows:patient", args=[key]), "lines": lines}
            for key, lines in by_patient.items()
        ],
        "clinics": len({line.clinic_id for line in row.lines}) > 1,
        "in_short": "Your list of today:",
        "link": settings.BASE_URL + reverse("workflows:my_day"),
    }


def _words(row, today):
    what, (state, days) = WHAT[row.door], _state(row, today)
    is_critical = row.kind == Kind.CRITICAL
    what = "a test report" if is_critical else NOTICE.get(row.kind, (what,))[0]
    return {
        "subject": f"NMD Tracker: {what} {state}",
        "what": what[:1].upper() + what[1:],
        "state": state,
        "days": days,
        "to_do": _to_do(row),
        "responsible": _responsible(row),
        "second": row.kind == Kind.ESCALATION,
        "seen": _seen(row),
        "clinic": row.clinic.name,
        "link": settings.BASE_URL + _path(row),
    }


def _to_do(row):
    if row.kind in NOTICE:
        return NOTICE[row.kind][2]
    return TO_DO[Door.REVIEWED if row.kind == Kind.CRITICAL else row.door]


def _path(row):
    if row.kind in NOTICE:
        return reverse("workflows:hand_overs")
    return reverse("workflows:step", args=[row.step_id])


def _state(row, today):
    """(how it stands, in how many days or since when) on the day the mail leaves, which may be

    later than the day it was planned for.
    """
    due = row.step.due_on
    if row.kind in NOTICE:
        return NOTICE[row.kind][1], ""
    if row.kind == Kind.CRITICAL:
        return "has a critical value", ""
    if row.kind == Kind.NO_DATE or due is None:
        since = row.step.door_open_since
        return "waits without a date", f"for {_days((today - since).days)}" if since else ""
    days = (due - today).days
    if days < 0:
        return "is overdue", f"by {_days(-days)}"
    return ("is due soon", f"in {_days(days)}") if days else ("is due today", "")


def _days(count):
    return _number(count, "day")


def _number(count, word):
    return f"{count} {word}{'' if count == 1 else 's'}"


def _seen(row):
    """Who has acknowledged it, which is not to have done it."""
    by = row.step.seen_by
    if by is None:
        return ""
    return "you" if by.pk == row.recipient_id else by.get_full_name()


def _responsible(row):
    owner = row.step.owner
    if owner is None:
        return f"every {row.step.owner_role} of the clinic"
    return "you" if owner.pk == row.recipient_id else owner.get_full_name()
