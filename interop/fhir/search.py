"""A search for Tasks: one ordered branch per clinic, read as flat values and paged by key."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.db.models import OuterRef, Q, Subquery

from clinical.engine import Stage
from interop.fhir import names
from interop.fhir.outcome import Refusal
from interop.fhir.parameters import KEY, READERS, condition
from interop.fhir.task import COLUMNS
from patients.models import clinics_for
from workflows.models import Step

PAGE, MOST = 50, 100
IS_TASK = ~Q(stage=Stage.INACTIVE.value, activated_on=None)  # something has asked for it
CHANGES = Step.pgh_event_model.objects.filter(pgh_obj=OuterRef("pk"))
MODIFIED = Subquery(CHANGES.order_by("-pgh_created_at").values("pgh_created_at")[:1])


@dataclass
class Search:
    """What an address asks for. `words` are its parameters as they were used, but the place."""

    rows: Q = field(default_factory=Q)
    outstanding: bool = False
    bounded: bool = False
    size: int = PAGE
    total: bool = False
    after: tuple[date | None, int] | None = None
    words: list[tuple[str, str]] = field(default_factory=list)

    @property
    def order(self):
        """Overdue first where only outstanding work can be found, else as Tasks came to be."""
        return ("sort_on", "id") if self.outstanding else ("id",)

    def url(self, **more):
        words = urlencode([*self.words, *more.items()])
        return f"{names.BASE}/Task{'?' if words else ''}{words}"


def search_of(query, today, *, lenient=False):
    """Search of the address's QueryDict. lenient: what is not known is left out, not refused."""
    asked, last = Search(), ""
    for name, values in query.lists():
        for text in values:
            if name == "_after":
                last = text
            elif name in RESULT:
                RESULT[name](asked, text)
            elif name in READERS:
                found = condition(name, text, today)
                asked.rows &= found.rows
                asked.outstanding |= found.outstanding
                asked.bounded |= found.outstanding or name in ("patient", "_id")
            elif lenient:
                continue
            else:
                known = ", ".join([*READERS, *RESULT])
                text = f"{name[:40]}: there is no such search parameter; known are {known}"
                raise Refusal(400, "not-supported", text)
            asked.words += [(name, text)] if name != "_after" else []
    if last:
        asked.after = _place(last, asked.outstanding)
    return asked


def _count(asked, text):
    if not KEY.fullmatch(text) or int(text) < 1:
        raise Refusal(400, "value", f"_count: a number from 1; at most {MOST} are given")
    asked.size = min(int(text), MOST)


def _total(asked, text):
    if text not in ("none", "estimate", "accurate"):
        raise Refusal(400, "value", "_total: one of none, estimate, accurate")
    asked.total = text == "accurate"


RESULT = {"_count": _count, "_total": _total, "_format": lambda asked, text: None}


def _place(text, outstanding):
    """Where the page before ended: `2026-03-29_12`, or `12` in the order of keys."""
    day, _, key = text.rpartition("_")
    try:
        if not KEY.fullmatch(key) or bool(day) != outstanding:
            raise ValueError
        return date.fromisoformat(day) if day else None, int(key)
    except ValueError:
        raise Refusal(400, "value", "_after: take it from the next link of a page") from None


def page(user, asked):
    """(rows as named tuples of COLUMNS, the place of the next page or "")."""
    ranges = [_range(clinic, asked).values("pk") for clinic in clinics_for(user)]
    if not ranges:
        return [], ""
    first, *others = [each.order_by(*asked.order)[: asked.size + 1] for each in ranges]
    keys = first.union(*others, all=True) if others else first
    steps = Step.objects.filter(pk__in=keys).order_by(*asked.order)[: asked.size + 1]
    found = list(flat(steps))
    rows = found[: asked.size]
    if len(found) == len(rows):
        return rows, ""
    last = rows[-1]
    return rows, f"{last.sort_on}_{last.id}" if asked.outstanding else str(last.id)


def flat(steps):
    return steps.annotate(modified=MODIFIED).values_list(*COLUMNS, named=True)


def _range(clinic_id, asked):
    steps = Step.objects.filter(clinic_id=clinic_id)
    steps = steps.open() if asked.outstanding else steps.filter(IS_TASK)
    if asked.after:
        day, key = asked.after
        if asked.outstanding:
            steps = steps.filter(Q(sort_on__gt=day) | Q(sort_on=day, id__gt=key), sort_on__gte=day)
        else:
            steps = steps.filter(id__gt=key)
    return steps.filter(asked.rows)


def total_of(user, asked):
    """How many there are, where an index counts them; None where that means reading all rows."""
    if not (asked.total and asked.bounded):
        return None
    steps = Step.objects.filter(clinic_id__in=clinics_for(user))
    steps = steps.open() if asked.outstanding else steps.filter(IS_TASK)
    return steps.filter(asked.rows).count()
