"""Goals (a) on nothing but open steps: `python -m bench.lists [--open N] [--rounds N] ...`.

Ten sites or more (`--sites`), four steps in five open: first page, every tab, every filter, page
1,000, three and ten sites; each beside the same rows by hand and the floor page of the same run.
"""

import argparse
import sys

from bench import pages
from bench.figures import Figure, table
from bench.instance import Stocked
from bench.limits import OPEN, rows
from bench.stock import BUSY, ONE_SITE, TEN_SITES, THREE_SITES

TABS = [
    *("to_order", "to_book", "booked", "awaiting_result", "to_review", "to_tell"),
    *("on_hold", "waiting"),
]
FILTERS = {  # words of the address: the same by hand
    "mine=1": "s.owner_id = 1",
    "team=1": "s.owner_role = 'clinician'",
    "nobody=1": "s.owner_id IS NULL",
    "overdue=1": "s.sort_on < current_date",
    "week=1": "s.sort_on <= current_date + 7",
    "loops=1": "s.stage IN ('to_review', 'to_tell')",
    "modality=emg": "s.modality = 'emg'",
    "urgency=emergency": "s.urgency = 'emergency'",
    "flag=critical": "s.flag = 'critical'",
    "pathway=als": "s.pathway = 'als'",
    "clinician=2": "s.case_id IN (SELECT id FROM workflows_case WHERE clinician_id = 2)",
    "lab=genetics": "s.sent_to ILIKE '%genetics%'",
    "q=lindqui": "p.search_key LIKE '%lindqui%'",  # of a name
    "q=0000": "i.value LIKE '0000%'",  # of a record number
    "q=muscle": "s.label ILIKE '%muscle%'",  # of a test
    "q=zzzz": "s.label ILIKE '%zzzz%'",  # of nothing
}
DEEP = 1000 * 50 - 51  # rows before the last one of page 999
PLACE = """
SELECT sort_on, id FROM workflows_step
WHERE clinic_id = 1 AND is_open AND twin_of_id IS NULL ORDER BY sort_on, id
OFFSET least({deep}, (SELECT count(*) FROM workflows_step
  WHERE clinic_id = 1 AND is_open AND twin_of_id IS NULL) - 51) LIMIT 1
"""


def plan(link):
    """({page: (URL, who)}, {page: least SQL}) for the stock of `link`."""
    day, key = link.execute(PLACE.format(deep=DEEP)).fetchone()
    urls, least = {"worklist": ("/worklist/", ONE_SITE)}, {"worklist": [rows()]}
    for tab in TABS:
        urls[f"tab={tab}"] = (f"/worklist/?tab={tab}", ONE_SITE)
        least[f"tab={tab}"] = [rows(f"{OPEN} AND s.stage = '{tab}'")]
    urls["tab=done"] = ("/worklist/?tab=done", ONE_SITE)
    least["tab=done"] = [rows("s.clinic_id = 1 AND s.stage = 'done'", "s.id DESC")]
    for words, condition in FILTERS.items():
        urls[words] = (f"/worklist/?{words}", ONE_SITE)
        least[words] = [rows(f"{OPEN} AND {condition}")]
    urls["page 1,000"] = (f"/worklist/?after={day}_{key}", ONE_SITE)
    least["page 1,000"] = [rows(f"{OPEN} AND (s.sort_on, s.id) > ('{day}', {key})")]
    urls["three sites"] = ("/worklist/", THREE_SITES)
    urls["ten sites"] = ("/worklist/", TEN_SITES)
    return urls, least


def figures(found):
    """List against the first page's and against the least SQL; the whole page against the floor."""
    first, lean = found.sql["worklist"], found.costs["lean"]
    yield Figure("", "floor, flat rows: CPU", lean.cpu, "ms", why=f"p50 {lean.p50:.1f} ms")
    most = max(found.queries, key=found.queries.get)
    yield Figure("(a)", "queries, whatever is asked", found.queries[most], "", 6, f"most: {most}")
    for page, ms in found.sql.items():
        sites = {"three sites": 4, "ten sites": 13}.get(page, 2)
        least = found.least.get(page)
        goal, why = sites * first, f"{sites} x page 1"
        if page == "worklist":
            goal, why = 1.5 * least, "1.5 x least SQL"
        if least:
            why += f"; least SQL {least:.2f} ms"
        yield Figure("(a)", f"{page}: list SQL", ms, "ms", goal, why)
    for page in found.sql:
        spent = found.costs[page]
        why = (
            f"1.15 x floor; app {spent.app:.1f} + db {spent.database:.1f}, "
            f"p50 {spent.p50:.1f} ms, counts {found.counts[page]:.1f} ms"
        )
        yield Figure("(a)", f"{page}: CPU", spent.cpu, "ms", 1.15 * lean.cpu, why)


def options(arguments=None):
    parser = argparse.ArgumentParser(prog="bench.lists", description="Worklists of open steps.")
    parser.add_argument("--open", type=int, default=100_000, help="open steps (about)")
    parser.add_argument("--sites", type=int, default=10, help="at least ten")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=40, help="for a page in each round")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def main():
    wanted = options()
    instance = Stocked(wanted.open * 5 // 4, wanted.seed, clinics=wanted.sites, shares=BUSY)
    instance.prepare()
    with instance.connect("superuser") as link:
        (count,) = link.execute("SELECT count(*) FROM workflows_step WHERE is_open").fetchone()
    chosen = {"rounds": wanted.rounds, "requests": wanted.requests, "seed": wanted.seed}
    (found,) = pages.measure([instance], **chosen, plan=plan)
    print(f"Worklists of {count:,} open steps in {wanted.sites} sites")
    print("\n".join(table(list(figures(found)))))


if __name__ == "__main__":
    sys.exit(main())
