"""A page of a list, and how many steps stand in each tab."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from accounts.planned import fetched
from workflows.worklist import statements
from workflows.worklist.cells import GROUPS, cells_of, group_of
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


class Count(NamedTuple):
    """How many steps there are, are overdue, and are overdue or due in seven days."""

    n: int = 0
    late: int = 0
    soon: int = 0

    def of_groups(self):
        """{heading of a group: how many stand below it}."""
        return dict(
            zip(GROUPS, (self.late, self.soon - self.late, self.n - self.soon), strict=True)
        )


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
        """({tab: Count} with the other filters of the list, {"late", "loops"} of all).

        Exact, one query. What stands beside “Worklist” on every page knows no filter.
        """
        found = fetched(*statements.counts(self.chosen, self._values))
        by_stage = {stage: Count(*numbers) for stage, *numbers in found}
        standing = {name: by_stage.pop(name).n for name in ("late", "loops") if name in by_stage}
        done = by_stage.pop("done", Count())
        total = Count(*map(sum, zip(*by_stage.values(), strict=True)))
        by_tab = {"open": total} | {tab: by_stage.get(tab, Count()) for tab in TABS[1:-1]}
        if statements.tallied(self.chosen):  # else nobody counts years of steps for a number
            by_tab["done"] = Count(done.n)
        loops = sum(by_tab[tab].n for tab in OPEN_LOOPS)
        return by_tab, standing or {"late": total.late, "loops": loops}

    @cached_property
    def _values(self):
        return statements.values_of(self.user, self.chosen, self.today)


def standing_counts(user, today: date):
    """{"late", "loops"}: what is overdue, and what was reported and not reviewed or not told.

    On every page, in one query of short index ranges.
    """
    return {name: n for name, n, *_ in fetched(*statements.standing(user, today))}
