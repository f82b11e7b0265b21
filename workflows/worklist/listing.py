"""A page of a list, and how many steps stand in each tab."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils import timezone

from accounts.models import User
from accounts.planned import fetched
from workflows.worklist import statements
from workflows.worklist.cells import cells_of, group_of
from workflows.worklist.filters import OPEN_LOOPS, TABS, Filter

PAGE = 50
OPTIONAL = {  # what a person may leave out of the table
    "age": "Age · sex",
    "priority": "Priority",
    "owner": "Owner",
    "ordered": "Ordered",
    "days": "Days",
    "known": "Last known",
}


@dataclass
class Page:
    rows: list = field(default_factory=list)
    next_after: str = ""


@dataclass(frozen=True)
class Listing:
    """What a person asked for on a day."""

    user: User
    chosen: Filter
    today: date

    def page(self, size=PAGE) -> Page:
        """The rows of one page as flat dictionaries, ready to be shown."""
        found = fetched(*statements.rows(self.chosen, self._values, size + 1))
        rows = [dict(zip(statements.COLUMNS, values, strict=True)) for values in found]
        shown = rows[:size]
        last = f"{shown[-1]['sort_on']}_{shown[-1]['id']}" if len(rows) > size else ""
        return Page(list(self._cells(shown)), next_after=last)

    def _cells(self, rows):
        above, zone = None, timezone.get_current_timezone()
        for row in rows:
            group = "" if self.chosen.tab == "done" else group_of(row["sort_on"], self.today)
            yield cells_of(row, self.today, zone, heading=group if group != above else "")
            above = group

    def counts(self):
        """({tab: (open, overdue)} with the other filters of the list, {"late", "loops"} of all).

        Exact, one query. What stands beside “Worklist” on every page knows no filter.
        """
        found = fetched(*statements.counts(self.chosen, self._values))
        by_stage = {stage: (n, late) for stage, n, late in found}
        standing = {name: by_stage.pop(name)[0] for name in ("late", "loops") if name in by_stage}
        done, _ = by_stage.pop("done", (0, 0))
        total = [sum(column) for column in zip(*by_stage.values(), strict=True)] or [0, 0]
        by_tab = {"open": tuple(total)} | {tab: by_stage.get(tab, (0, 0)) for tab in TABS[1:-1]}
        if statements.tallied(self.chosen):  # else nobody counts years of steps for a number
            by_tab["done"] = (done, 0)
        loops = sum(by_tab[tab][0] for tab in OPEN_LOOPS)
        return by_tab, standing or {"late": total[1], "loops": loops}

    @cached_property
    def _values(self):
        return statements.values_of(self.user, self.chosen, self.today)


def standing_counts(user, today: date):
    """{"late", "loops"}: what is overdue, and what was reported and not reviewed or not told.

    On every page, in one query of short index ranges.
    """
    return {name: n for name, n, _ in fetched(*statements.standing(user, today))}
