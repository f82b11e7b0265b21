"""Words, icons and hues of the screens: one place, used by rows, stations, mails and exports."""

from datetime import date, datetime, time

STAGES = {  # stage: (word, icon)
    "inactive": ("Only if needed", "dash-circle-dotted"),
    "waiting": ("Waiting", "hourglass-split"),
    "to_order": ("To order", "plus-circle"),
    "to_book": ("To book", "calendar-plus"),
    "booked": ("Booked", "calendar-check"),
    "awaiting_result": ("Awaiting result", "clock"),
    "to_review": ("To review", "eye"),
    "to_tell": ("To tell", "chat-dots"),
    "on_hold": ("On hold", "pause-circle"),
    "done": ("Done", "check-circle-fill"),
    "not_needed": ("Not needed", "slash-circle"),
    "declined": ("Declined", "hand-thumbs-down"),
    "cancelled": ("Cancelled", "x-circle"),
    "failed": ("Failed, repeat", "arrow-repeat"),
}
STATION_ICONS = {  # on the path: a tick in the disc, a plus in the square
    "done": "check-lg",
    "to_order": "plus-lg",
    "not_needed": "slash-lg",
    "inactive": "dash",
}
MODALITIES = {  # modality: (label, icon); genetics has a drawing of its own
    "history": ("History", "chat-left-text"),
    "exam": ("Examination", "clipboard2-pulse"),
    "labs": ("Labs", "droplet"),
    "mri": ("Imaging", "magnet"),
    "emg": ("EMG/NCS", "activity"),
    "biopsy": ("Biopsy", "eyedropper"),
    "genetics": ("Genetic test", ""),
    "respiratory": ("Respiratory", "lungs"),
    "cardiac": ("Cardiac", "heart-pulse"),
    "other": ("Decision", "people"),
}
URGENCIES = {
    "emergency": ("Emergency", "chevron-double-up"),
    "urgent": ("Urgent", "chevron-up"),
    "soon": ("Soon", "dash"),
    "routine": ("Routine", "chevron-down"),
}
FLAGS = {
    "critical": ("Critical", "exclamation-octagon-fill"),
    "abnormal": ("Abnormal", "exclamation-triangle-fill"),
    "normal": ("Normal", "check-lg"),
}
DOORS = {  # door: (passed, what is due, the act)
    "ordered": ("Ordered", "order", "Order"),
    "performed": ("Performed", "test", "Record"),
    "reported": ("Reported", "report", "Record"),
    "reviewed": ("Reviewed", "review", "Review"),
    "told": ("Told", "telling", "Told"),
}
SOON_DAYS = 3
SEX = {"female": "F", "male": "M", "unknown": "sex not known"}


def day_text(day: date, today: date) -> str:
    """24 Nov; with its year when that is not this one; today and yesterday as words."""
    if day == today:
        return "today"
    if (today - day).days == 1:
        return "yesterday"
    text = f"{day.day} {day:%b}"
    return text if day.year == today.year else f"{text} {day.year}"


def moment_text(at: datetime, today: date, joined: str = " ") -> str:
    """24 Nov 10:30 of a local time; 24 Nov alone where only the day of an appointment is known."""
    day = day_text(at.date(), today)
    return day if at.time() == time(0) else f"{day}{joined}{at:%H:%M}"


def partial_text(when, today: date) -> str:
    """A partial date as it is known: "2024", "Mar 2024", or a day; "not known"."""
    if when.on is None:
        return "not known"
    exact = {"year": "%Y", "month": "%b %Y"}.get(when.precision)
    return when.on.strftime(exact) if exact else day_text(when.on, today)


def due_text(due: date | None, today: date, what="", waiting=False) -> tuple[str, str]:
    """(kind, words) of a due day: kind late, soon, due or none.

    A step that waits for another one shows the day the pathway aims at; it is not late by itself.
    """
    if due is None:
        return "none", "no date yet"
    if waiting:
        return "due", f"target {day_text(due, today)}"
    days = (due - today).days
    start = f"{what} " if what else ""
    if days < 0:
        return "late", f"{start}{-days} d overdue"
    if days == 0:
        return "soon", f"{start}due today"
    if days == 1:
        return "soon", f"{start}due tomorrow"
    return ("soon" if days <= SOON_DAYS else "due"), f"{start}due {day_text(due, today)}"
