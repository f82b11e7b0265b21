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
    """The message of a reminder as bytes for SMTP. `now`: aware; its step, clinic and people

    are loaded. Message-ID is the row's, so that a copy of it can be told from a second one.
    """
    words = _words(row, local_day(now, row.clinic))
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"] = words["subject"]
    mail["From"], mail["To"] = settings.DEFAULT_FROM_EMAIL, row.recipient.email
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = row.message_id
    mail["Auto-Submitted"] = "auto-generated"
    text, html = (render_to_string(f"mail/reminder.{kind}", words) for kind in ("txt", "html"))
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail.as_bytes()


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
    return "1 day" if count == 1 else f"{count} days"


def _responsible(row):
    owner = row.step.owner
    if owner is None:
        return f"every {row.step.owner_role} of the clinic"
    return "you" if owner.pk == row.recipient_id else owner.get_full_name()
