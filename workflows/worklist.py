"""All that is outstanding, overdue first: one index range per clinic, flat rows, keyset pages."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q, Value

from patients import ages
from patients.models import clinics_for, record_number
from workflows import look
from workflows.models import Step
from workflows.templatetags import nt

PAGE = 50
TABS = [
    "open",
    "to_order",
    "to_book",
    "booked",
    "awaiting_result",
    "to_review",
    "to_tell",
    "on_hold",
    "waiting",
    "done",
]
COLUMNS = [
    "id",
    "case_id",
    "patient_id",
    "modality",
    "label",
    "urgency",
    "stage",
    "due_on",
    "sort_on",
    "ordered_at",
    "door",
    "door_open_since",
    "owner_role",
    "flag",
    "result_status",
    "summary",
    "hold_reason",
    "version",
    "owner__given_name",
    "owner__family_name",
    "patient__given_names",
    "patient__family_name",
    "patient__birth_on",
    "patient__stated_age",
    "patient__sex",
    "mrn",
]


@dataclass(frozen=True)
class Filter:
    """What the address of a worklist says: it can be kept, sent and opened by somebody else."""

    tab: str = "open"
    mine: bool = False
    overdue: bool = False
    modality: str = ""
    urgency: str = ""
    after: tuple[date, int] | None = None

    @classmethod
    def from_query(cls, query):
        """Words that mean nothing are left out, so that an old bookmark still opens."""
        return cls(
            tab=query.get("tab") if query.get("tab") in TABS else "open",
            mine=query.get("mine") == "1",
            overdue=query.get("overdue") == "1",
            modality=query.get("modality") if query.get("modality") in look.MODALITIES else "",
            urgency=query.get("urgency") if query.get("urgency") in look.URGENCIES else "",
            after=_parse_after(query.get("after", "")),
        )

    def narrow(self, steps, user, today):
        if self.mine:
            steps = steps.filter(owner=user)
        if self.overdue:
            steps = steps.filter(sort_on__lt=today)
        if self.modality:
            steps = steps.filter(modality=self.modality)
        if self.urgency:
            steps = steps.filter(urgency=self.urgency)
        return steps


def _parse_after(text):
    day, _, key = text.partition("_")
    try:
        return date.fromisoformat(day), int(key)
    except ValueError:
        return None


@dataclass
class Page:
    rows: list = field(default_factory=list)
    next_after: str = ""


def page(user, chosen: Filter, today: date, size=PAGE) -> Page:
    """The rows of one page as flat dictionaries, ready to be shown."""
    order = ("-id",) if chosen.tab == "done" else ("sort_on", "id")
    ranges = [
        _range(clinic, user, chosen, today).order_by(*order)[: size + 1]
        for clinic in clinics_for(user)
    ]
    if not ranges:
        return Page()
    steps = ranges[0]
    if len(ranges) > 1 or chosen.mine:  # by keys alone first, so that only a page is joined
        first, *others = [each.values("pk") for each in ranges]
        keys = first.union(*others, all=True) if others else first
        steps = Step.objects.filter(pk__in=keys).order_by(*order)[: size + 1]
    found = steps.annotate(mrn=record_number("patient_id")).values_list(*COLUMNS)
    rows = [dict(zip(COLUMNS, values, strict=True)) for values in found]
    shown = rows[:size]
    last = f"{shown[-1]['sort_on']}_{shown[-1]['id']}" if len(rows) > size else ""
    page, above = Page(next_after=last), None
    for row in shown:
        group = "" if chosen.tab == "done" else _group(row["sort_on"], today)
        page.rows.append(_row(row, today, heading=group if group != above else ""))
        above = group
    return page


def _range(clinic_id, user, chosen, today):
    """One clinic's steps, as an index holds them in order."""
    steps = Step.objects.filter(clinic_id=clinic_id)
    if chosen.tab == "done":
        steps = steps.filter(stage="done")
        if chosen.after:
            steps = steps.filter(id__lt=chosen.after[1])
        return chosen.narrow(steps, user, today)
    steps = steps.open()
    if chosen.tab != "open":
        steps = steps.filter(stage=chosen.tab)
    if chosen.after:
        day, key = chosen.after
        steps = steps.filter(Q(sort_on__gt=day) | Q(sort_on=day, id__gt=key), sort_on__gte=day)
    return chosen.narrow(steps, user, today)


def _row(row, today, heading):
    """Texts alone, marks already drawn: the template does least where it does it fifty times."""
    due = look.due_text(row["due_on"], today, waiting=row["stage"] == "waiting")
    name = f"{row['patient__given_names']} {row['patient__family_name']}".strip()
    since = row["door_open_since"]
    return {
        "heading": heading,
        "id": row["id"],
        "step": str(row["id"]),
        "tick": f"{row['id']}:{row['version']}",
        "case": str(row["case_id"]),
        "name": name or f"Unnamed patient {row['patient_id']}",
        "mrn": row["mrn"] or "",
        "age_sex": f"{_age(row, today)} · {look.SEX[row['patient__sex']]}",
        "label": row["label"],
        "modality": nt.modality(row["modality"]),
        "prio": nt.prio(row["urgency"]),
        "stage": nt.stage(row["stage"]),
        "owner": _owner(row),
        "initials": _initials(row),
        "ordered": _day(row["ordered_at"], today),
        "days": str((today - since).days) if since else "",
        "due_kind": due[0],
        "due": nt.due_mark(*due),
        "note": _note(row),
    }


def _note(row):
    if row["stage"] == "on_hold":
        return row["hold_reason"]
    word = "Preliminary: " if row["result_status"] == "preliminary" else ""
    return word + row["summary"]


def _age(row, today):
    if row["patient__birth_on"]:
        return ages.in_words(ages.years_between(row["patient__birth_on"], today))
    stated = row["patient__stated_age"]
    return ages.in_words(ages.years(stated)) if stated else "age not known"


def _owner(row):
    if row["owner__family_name"] is None:
        return {"clinician": "Clinicians", "coordinator": "Coordinators"}.get(row["owner_role"], "")
    return f"{row['owner__given_name'][:1]} {row['owner__family_name']}"


def _initials(row):
    if row["owner__family_name"] is None:
        return ""
    return (row["owner__given_name"][:1] + row["owner__family_name"][:1]).upper()


def _day(at, today):
    return look.day_text(at.date(), today) if at else "–"


def _group(sort_on, today):
    if sort_on < today:
        return "Overdue"
    return "Due in seven days" if sort_on <= today + timedelta(days=7) else "Later, or no date yet"


def counts(user, chosen: Filter, today: date):
    """({tab: (open, overdue)} with the other filters of the list, all that is overdue).

    Exact, one query. The second number stands beside “Worklist” and knows no filter.
    """
    mine = Step.objects.open().filter(clinic_id__in=clinics_for(user))
    late = Count("id", filter=Q(sort_on__lt=today))
    found = chosen.narrow(mine, user, today).values_list("stage").annotate(n=Count("id"), late=late)
    everything = (
        mine.filter(sort_on__lt=today).values_list(Value("")).annotate(n=Count("id"), l=late)
    )
    by_stage = {stage: (n, late) for stage, n, late in found.order_by().union(everything, all=True)}
    _, overdue = by_stage.pop("", (0, 0))
    total = [sum(column) for column in zip(*by_stage.values(), strict=True)] or [0, 0]
    by_tab = {"open": tuple(total)} | {tab: by_stage.get(tab, (0, 0)) for tab in TABS[1:-1]}
    return by_tab, overdue


def overdue_count(user, today: date):
    """The red number beside “Worklist” on every page: a short index range of each clinic."""
    late = Step.objects.filter(clinic_id__in=clinics_for(user)).overdue(today)
    return late.filter(sort_on__lt=today).count()
