"""All that is outstanding, overdue first: one index range per clinic, flat rows, keyset pages."""

from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from django.db.models import Count, Q, Value

from accounts.models import Role
from clinical.pathways import pathways
from patients import ages
from patients.models import clinics_for, record_number
from patients.search import is_found
from workflows import look
from workflows.models import Step
from workflows.templatetags import nt

PAGE = 50
OPEN_LOOPS = ["to_review", "to_tell"]  # reported and not reviewed; reviewed and not told
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
SPARSE = ["mine", "team", "nobody", "loops", "urgency", "flag", "pathway", "clinician", "lab", "q"]
OPTIONAL = {  # what a person may leave out of the table
    "age": "Age · sex",
    "priority": "Priority",
    "owner": "Owner",
    "ordered": "Ordered",
    "days": "Days",
    "known": "What is known",
}
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
    "note",
    "seen_at",
    "snoozed_until",
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
    team: bool = False
    overdue: bool = False
    nobody: bool = False
    week: bool = False
    loops: bool = False
    modality: str = ""
    urgency: str = ""
    flag: str = ""
    pathway: str = ""
    clinician: int = 0
    clinic: str = ""
    lab: str = ""
    q: str = ""
    after: tuple[date, int] | None = None

    @classmethod
    def from_query(cls, query):
        """Words that mean nothing are left out, so that an old bookmark still opens."""
        return cls(
            tab=query.get("tab") if query.get("tab") in TABS else "open",
            mine=query.get("mine") == "1",
            team=query.get("team") == "1",
            overdue=query.get("overdue") == "1",
            nobody=query.get("nobody") == "1",
            week=query.get("week") == "1",
            loops=query.get("loops") == "1",
            modality=_one_of(look.MODALITIES, query.get("modality")),
            urgency=_one_of(look.URGENCIES, query.get("urgency")),
            flag=_one_of(look.FLAGS, query.get("flag")),
            pathway=_one_of(pathways(), query.get("pathway")),
            clinician=_key(query.get("clinician")),
            clinic=_words(query.get("clinic")),
            lab=_words(query.get("lab")),
            q=_words(query.get("q")),
            after=_parse_after(query.get("after", "")),
        )

    @property
    def words(self):
        """The same as words of an address, without the place in the list; the tab comes first."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        said.pop("after")
        told = {name: "1" if value is True else value for name, value in said.items() if value}
        return urlencode(told)

    @property
    def is_sparse(self):
        """Whether rows are read and left out, because no index has what is asked for in order."""
        return any(getattr(self, name) for name in SPARSE)

    def kept_but(self, *asked):
        """Pairs of all other words, for the hidden fields of a form that asks for these."""
        return [(name, value) for name, value in parse_qsl(self.words) if name not in asked]

    def narrow(self, steps, user, today):
        for name in ("modality", "urgency", "flag", "pathway"):
            if value := getattr(self, name):
                steps = steps.filter(**{name: value})
        if self.mine:
            steps = steps.filter(owner=user)
        if self.team:
            steps = steps.filter(owner_role__in=team_of(user))
        if self.overdue:
            steps = steps.filter(sort_on__lt=today)
        if self.nobody:
            steps = steps.filter(owner=None)
        if self.week:
            steps = steps.filter(sort_on__lte=today + timedelta(days=7))
        if self.loops:
            steps = steps.filter(stage__in=OPEN_LOOPS)
        if self.clinician:
            steps = steps.filter(case__clinician=self.clinician)
        if self.lab:
            steps = steps.filter(sent_to__icontains=self.lab)
        return steps.filter(_says(self.q, user)) if self.q else steps


def team_of(user):
    """The roles in which steps wait for her and her colleagues: she shares their pool."""
    held = getattr(user, "current_memberships", [])
    return sorted({each.role for each in held} & {Role.CLINICIAN, Role.COORDINATOR})


def clinics_of(user):
    """{code: clinic} of those that she sees; they come with her memberships, without a query."""
    held = getattr(user, "current_memberships", [])
    return {each.clinic.code: each.clinic for each in held}


def clinics_shown(user, chosen):
    """Keys of the clinics of a list: the chosen one, or all of hers."""
    one = clinics_of(user).get(chosen.clinic) if chosen.clinic else None
    return [key for key in clinics_for(user) if one is None or key == one.pk]


def _says(text, user):
    """Steps by their name, or their patient's name or number."""
    return Q(label__icontains=text) | is_found(clinics_for(user), text)


def _one_of(known, word):
    return word if word in known else ""


def _key(text):
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _words(text):
    return (text or "").replace("\0", "").strip()[:60]


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
        for clinic in clinics_shown(user, chosen)
    ]
    if not ranges:
        return Page()
    steps = ranges[0]
    if len(ranges) > 1 or chosen.is_sparse:  # by keys alone first, so that only a page is joined
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
        "awaits": row["stage"] == "awaiting_result",
        "attention": _attention(row, today),
        "note": _note(row),
    }


def _attention(row, today):
    """What somebody said of it without doing it."""
    if row["snoozed_until"] and row["snoozed_until"] > today:
        return f"reminders rest until {look.day_text(row['snoozed_until'], today)}"
    return "seen, not done" if row["seen_at"] else ""


def _note(row):
    """What people wrote, then what is known."""
    known = row["summary"]
    if row["stage"] == "on_hold":
        known = row["hold_reason"]
    elif row["result_status"] == "preliminary":
        known = f"Preliminary: {known}"
    return " · ".join(filter(None, (row["note"], known)))


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
    """({tab: (open, overdue)} with the other filters of the list, {"late", "loops"} of all).

    Exact, one query. What stands beside “Worklist” on every page knows no filter.
    """
    mine = Step.objects.open().filter(clinic_id__in=clinics_for(user))
    late = Count("id", filter=Q(sort_on__lt=today))
    shown = mine.filter(clinic_id__in=clinics_shown(user, chosen)) if chosen.clinic else mine
    found = (
        chosen.narrow(shown, user, today).values_list("stage").annotate(n=Count("id"), late=late)
    )
    whole = [each.annotate(l=Value(0)) for each in _standing(mine, today)]
    by_stage = {stage: (n, late) for stage, n, late in found.order_by().union(*whole, all=True)}
    standing = {name: by_stage.pop(name, (0, 0))[0] for name in ("late", "loops")}
    total = [sum(column) for column in zip(*by_stage.values(), strict=True)] or [0, 0]
    by_tab = {"open": tuple(total)} | {tab: by_stage.get(tab, (0, 0)) for tab in TABS[1:-1]}
    return by_tab, standing


def standing_counts(user, today: date):
    """{"late", "loops"}: what is overdue, and what was reported and not reviewed or not told.

    On every page, in one query of short index ranges.
    """
    late, loops = _standing(Step.objects.open().filter(clinic_id__in=clinics_for(user)), today)
    return {"late": 0, "loops": 0} | dict(late.union(loops, all=True))


def _standing(steps, today):
    ranges = {"late": Q(sort_on__lt=today), "loops": Q(stage__in=OPEN_LOOPS)}
    return [
        steps.filter(rows).order_by().values_list(Value(name)).annotate(n=Count("id"))
        for name, rows in ranges.items()
    ]
