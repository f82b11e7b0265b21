"""One row of the list as texts, its marks already drawn."""

from datetime import timedelta

from patients import ages
from workflows import look
from workflows.definitions import published_step
from workflows.templatetags import nt

GROUPS = ("Overdue", "Due in seven days", "Later, or no date yet")


def cells_of(row, today, zone, heading):
    """Texts alone, marks already drawn: the template does least where it does it fifty times.

    zone: of the clinic, whose days they are.
    """
    due = ("none", "")
    if row["stage"] != "done":
        due = look.due_text(row["due_on"], today, waiting=row["stage"] == "waiting")
    name = f"{row['given_names']} {row['family_name']}".strip()
    since = row["door_open_since"]
    return {
        "heading": heading,
        "id": row["id"],
        "step": str(row["id"]),
        "tick": f"{row['id']}:{row['version']}",
        "case": str(row["case_id"]),
        "name": name or f"Unnamed patient {row['patient_id']}",
        "mrn": row["mrn"] or "",
        "age_sex": f"{_age(row, today)} · {look.SEX[row['sex']]}",
        "label": row["label"],
        "modality": nt.modality(row["modality"]),
        "prio": nt.prio(row["urgency"]),
        "stage": nt.stage(row["stage"]),
        "owner": _owner(row),
        "initials": _initials(row),
        "ordered": _day(row["ordered_at"], today, zone),
        "days": str((today - since).days) if since else "",
        "due_kind": due[0],
        "due": nt.due_mark(*due),
        "awaits": row["stage"] == "awaiting_result",
        "attention": _attention(row, today, zone),
        "note": _note(row),
    }


def _attention(row, today, zone):
    """When it is to take place, or what somebody said of it without doing it."""
    if row["stage"] == "booked" and row["booked_for"]:
        at = look.moment_text(row["booked_for"].astimezone(zone), today, " at ")
        return f"on {at}" if at[0].isdigit() else at
    rests = row["snoozed_until"] and row["snoozed_until"] > today
    until = look.day_text(row["snoozed_until"], today) if rests else ""
    if tries := row["not_reached"]:
        words = "not reached" if tries == 1 else f"not reached, {tries} tries"
        return f"{words}; next try {until}" if rests else words
    if rests:
        return f"reminders rest until {until}"
    return "seen, not done" if row["seen_at"] else ""


def _note(row):
    """What people wrote, then the last thing known."""
    last, stage = row["last"], row["stage"]
    if last and stage == "waiting":
        last = f"Waits for {_name_of(last)}"
    elif last and stage == "awaiting_result" and not row["result_status"]:
        last = f"Sent to {last}"
    elif row["result_status"] == "preliminary" and stage != "on_hold":
        last = f"Preliminary: {last}"
    return " · ".join(filter(None, (row["note"], last)))


def _name_of(code):
    """Of the step that is waited for, as its pathway calls it."""
    step = published_step(code.partition(".")[0])
    return step.label if step else "an earlier step"


def _age(row, today):
    if row["birth_on"]:
        return ages.in_words(ages.years_between(row["birth_on"], today))
    stated = row["stated_age"]
    return ages.in_words(ages.years(stated)) if stated else "age not known"


def _owner(row):
    if row["owner_family"] is None:
        return {"clinician": "Clinicians", "coordinator": "Coordinators"}.get(row["owner_role"], "")
    return f"{row['owner_given'][:1]} {row['owner_family']}"


def _initials(row):
    if row["owner_family"] is None:
        return ""
    return (row["owner_given"][:1] + row["owner_family"][:1]).upper()


def _day(at, today, zone):
    return look.day_text(at.astimezone(zone).date(), today) if at else "–"


def group_of(sort_on, today):
    overdue, soon, later = GROUPS
    if sort_on < today:
        return overdue
    return soon if sort_on <= today + timedelta(days=7) else later
