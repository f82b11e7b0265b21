"""Events in words, for the history of a step and the timeline of a case."""

from datetime import date

from django.utils import timezone

from clinical.vocabulary import humanise, in_sentence, plain_unit, vocabulary
from patients import ages
from workflows.definitions import published_step
from workflows.look import day_text
from workflows.models.step import ReviewOutcome
from workflows.services.doors import TOLD_HOW

VERBS = {
    "case.open": "Referral taken on",
    "case.pathway": "Pathway started",
    "case.assign": "Responsibility assigned",
    "case.close": "Case closed",
    "case.pause": "Case paused",
    "case.go_on": "Case goes on",
    "offer.ask": "Hand-over asked for",
    "offer.accept": "Hand-over accepted",
    "offer.decline": "Hand-over declined",
    "offer.lapse": "Hand-over not answered in time",
    "offer.withdraw": "Hand-over withdrawn",
    "offer.notice": "Hand-over came back, seen",
    "step.order": "Ordered",
    "step.book": "Booked",
    "step.perform": "Done",
    "step.unbook": "Appointment taken back",
    "step.unorder": "Order taken back",
    "step.chase": "Owner reminded by a colleague",
    "step.report": "Reported",
    "step.review": "Reviewed",
    "step.tell": "Patient told",
    "step.not_reached": "Patient not reached",
    "step.hold": "Put on hold",
    "step.acknowledge": "Acknowledged, not done yet",
    "step.note": "Note written",
    "step.snooze": "Reminders rest",
    "step.wake": "Reminders again as before",
    "step.resume": "Resumed",
    "step.release": "Released",
    "step.assign": "Assigned",
    "step.add": "Added",
    "step.not_needed": "Set to not needed",
    "step.declined": "Declined by the patient",
    "step.cancelled": "Cancelled",
    "step.failed": "Failed, repeated",
    "proposal.accept": "Proposal accepted",
    "proposal.decline": "Proposal declined",
    "diagnosis.set": "Diagnosis recorded",
    "diagnosis.tell": "Diagnosis told",
    "reminder.sent": "Reminder sent",
    "reminder.dead": "Reminder could not be delivered",
    "reminder.again": "Reminder sent again by an admin",
    "patient.create": "Record made",
    "patient.edit": "Details corrected",
    "relative.add": "Relative added",
    "relative.edit": "Relative corrected",
    "result.record": "Result recorded",
    "result.correct": "Result corrected",
    "specimen.taken": "Specimen taken",
    "specimen.sent": "Specimen sent",
    "specimen.received": "Specimen received",
    "specimen.stored": "Specimen stored",
    "specimen.lost": "Specimen lost",
    "specimen.used_up": "Specimen used up",
    "attachment.add": "File attached",
    "attachment.withdraw": "File withdrawn",
}
KINDS = {
    "activate": "step needed",
    "skip": "step not needed",
    "cancel": "order no longer needed",
    "prioritise": "more urgent",
    "hold": "hold",
    "answer": "answered by another result",
    "start_pathway": "start a pathway",
    "close_pathway": "close a pathway",
    "set_dx": "diagnosis",
    "create_referral": "referral",
    "alert": "alert read",
    "show_treatment_option": "treatment option",
}
BACKDATED = ("step.order", "step.report", "step.review", "step.tell")
STATUS = {
    "preliminary": "preliminary report",
    "final": "final report",
    "corrected": "corrected report",
    "entered_in_error": "report entered in error",
}


def _day(text):
    return day_text(date.fromisoformat(text), timezone.localdate()) if text else "a day"


def event_words(event):
    """{pk, at, what, who} of an event."""
    who = event.actor.get_full_name() if event.actor else "by rule"
    return {"pk": event.pk, "at": event.at, "what": act_words(event), "who": who}


def act_words(event):
    """What somebody did, with what its detail adds: "Booked for 24 Nov"."""
    words = VERBS.get(event.verb, event.verb.replace(".", " ").replace("_", " "))
    if event.verb == "step.report":
        words = f"{words}: {STATUS.get(event.detail.get('status'), 'report')}"
    if event.verb.startswith("proposal."):
        kind = event.detail.get("key", "::").split(":")[1]
        words = f"{words}: {KINDS.get(kind, kind)}"
    if event.verb == "step.review" and event.detail.get("outcome"):
        words = f"{words}: {ReviewOutcome(event.detail['outcome']).label.lower()}"
    if event.verb in BACKDATED and event.detail.get("day"):
        words = f"{words} on {_day(event.detail['day'])}, entered later"
    if event.verb == "step.book":
        words = f"{words} for {_day(event.detail.get('day'))}"
    if event.verb in ("step.hold", "step.snooze"):
        words = f"{words} until {_day(event.detail.get('until'))}"
    if event.verb == "step.not_reached":
        again = event.detail.get("until")
        words = f"{words} {TOLD_HOW.get(event.detail.get('how'), '')}".strip()
        words += f", next try on {_day(again)}" if again else ""
    return words


def fact_label(path):
    """What a fact is called: "CK", "DMD deletion or duplication", "Step “Core bloods”"."""
    known = vocabulary().fact(path)
    if known:
        return known.label[:1].upper() + known.label[1:]
    family, _, code = path.partition(".")
    step = published_step(code)
    return f"Step “{step.label}”" if family == "step" and step else humanise(code)


def fact_value(path, value):
    """A stored value in words and with its unit: "60 × the upper limit", "Deletion"."""
    known = vocabulary().fact(path)
    if path == "pt.age_years":
        return ages.in_words(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(fact_value(path, each) for each in value) or "none"
    if isinstance(value, int | float):
        unit = plain_unit(known.unit) if known else ""
        if unit.startswith("×"):  # a quotient of ours, not what somebody measured
            value = float(f"{value:.3g}")
        return f"{value:g} {unit}".strip()
    label = known.labels.get(value, humanise(value)) if known else humanise(str(value))
    return in_sentence(label)
