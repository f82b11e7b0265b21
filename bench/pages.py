"""Measures the pages of one or two sizes of stock, round by round, each page in every round."""

import json
import random
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median

from bench import limits
from bench.figures import Figure
from bench.server import Cost, Server, Visitor, cost
from bench.stock import ONE_SITE, SITES, THREE_SITES

NAME, INFIX, NUMBER = "lind", "erg", "0000"
CASE = """
SELECT s.case_id FROM workflows_step s
JOIN workflows_proposal USING (case_id) JOIN workflows_diagnosis USING (case_id)
WHERE s.clinic_id = 1 GROUP BY s.case_id
HAVING count(*) BETWEEN 10 AND 25 AND count(*) FILTER (WHERE s.result_status <> '') = 8
ORDER BY s.case_id LIMIT 1
"""
LATER = """
SELECT sort_on || '_' || id FROM workflows_step
WHERE clinic_id = 1 AND is_open AND twin_of_id IS NULL ORDER BY sort_on, id OFFSET 99 LIMIT 1
"""


def plan(link):
    """({page: (URL, who)}, {page: least SQL}) for the stock of `link`."""
    (case,) = link.execute(CASE).fetchone()
    (later,) = link.execute(LATER).fetchone()
    return addresses(case, later), limits.least(case, NAME, NUMBER)


def addresses(case, later):
    """{page: (URL, who)}; `later` is the key after which the third page begins."""
    return {
        "worklist": ("/worklist/", ONE_SITE),
        "stage": ("/worklist/?tab=awaiting_result", ONE_SITE),
        "modality": ("/worklist/?modality=emg", ONE_SITE),
        "mine": ("/worklist/?mine=1", ONE_SITE),
        "later": (f"/worklist/?after={later}", ONE_SITE),
        "three": ("/worklist/", THREE_SITES),
        "name": (f"/patients/?q={NAME}", ONE_SITE),
        "number": (f"/patients/?q={NUMBER}", ONE_SITE),
        "infix": (f"/patients/?q={INFIX}", ONE_SITE),
        "chart": (f"/cases/{case}/", ONE_SITE),
    }


@dataclass
class Measured:
    """Medians of one size of stock."""

    costs: dict[str, Cost] = field(default_factory=dict)  # page or floor
    sql: dict[str, float] = field(default_factory=dict)  # ms of a page's clinical statements
    counts: dict[str, float] = field(default_factory=dict)  # ms of a page's counting statements
    least: dict[str, float] = field(default_factory=dict)  # ms of the least SQL
    queries: dict[str, int] = field(default_factory=dict)
    memory_mib: float = 0.0


class Site:
    """One instance with its servers, sessions and statements, ready to be measured."""

    def __init__(self, instance, stack, plan=plan):
        self.instance = instance
        self.web = self._server(stack)
        self.floor = self._server(stack, floor=True)
        self.super = stack.enter_context(instance.connect("superuser", autocommit=True))
        self.app = stack.enter_context(instance.connect("app", autocommit=True))
        self.urls, self.least = plan(self.super)
        asked = [part for page in self.urls.values() for part in page]
        found = json.loads(instance.run("-m", "bench.queries", *asked))
        self.statements = dict(zip(self.urls, found, strict=True))
        self.web.wait()
        self.floor.wait()
        everybody = {who for _, who in self.urls.values()}
        self.visitors = {who: Visitor.signed_in(self.web, who) for who in everybody}
        self.at_floor = self.visitors[ONE_SITE].at(self.floor)

    def _server(self, stack, **options):
        server = Server(self.instance, **options)
        stack.callback(server.stop)
        return server

    def visits(self):
        """(page, function of the number of requests that returns its Cost)."""
        for page, (url, who) in self.urls.items():
            yield page, self._visit(self.visitors[who], self.web, url)
        for page in ("lean", "full"):
            yield page, self._visit(self.at_floor, self.floor, f"/{page}/1/")

    @staticmethod
    def _visit(visitor, server, url):
        return lambda requests: cost(visitor, server, url, requests)

    def sql(self):
        """({page: ms of its list}, {page: ms of its counts}, {page: ms of the least SQL}), once."""
        own, counts = {}, {}
        for page, statements in self.statements.items():
            scope = SITES[self.urls[page][1]]
            self.app.execute("SELECT set_config('nmd.clinics', %s, false)", [scope])
            own[page] = limits.milliseconds(self.app, limits.clinical(statements))
            counts[page] = limits.milliseconds(self.app, limits.counting(statements), repeats=5)
        return (
            own,
            counts,
            {
                page: limits.milliseconds(self.super, statements)
                for page, statements in self.least.items()
            },
        )


def measure(instances, *, rounds=3, requests=30, seed=1, plan=plan):
    """[Measured] of each instance; pages and sizes take turns, in another order each round."""
    with ExitStack() as stack:
        sites = [Site(instance, stack, plan) for instance in instances]
        visits = [(n, *each) for n, site in enumerate(sites) for each in site.visits()]
        costs, times = {}, [[] for _ in sites]
        for _ in range(rounds):
            random.Random(seed).shuffle(visits)
            for n, page, visit in visits:
                costs.setdefault((n, page), []).append(visit(requests))
            for n, site in enumerate(sites):
                times[n].append(site.sql())
        return [_medians(n, site, costs, times[n]) for n, site in enumerate(sites)]


def _medians(n, site, costs, times):
    found = Measured(memory_mib=site.web.memory_mib())
    found.queries = {page: len(texts) for page, texts in site.statements.items()}
    for (number, page), each in costs.items():
        if number == n:
            found.costs[page] = Cost(*map(median, zip(*map(_values, each), strict=True)))
    for n, part in enumerate((found.sql, found.counts, found.least)):
        part.update({page: median(each[n][page] for each in times) for page in times[0][n]})
    return found


def _values(each):
    return each.app, each.database, each.p50, each.kilobytes


def figures(found, smaller=None):
    """Goals (a) to (c) for the larger stock; growth against the smaller one."""
    return [*_worklist(found), *_search(found), *_chart(found), *_growth(found, smaller)]


def _page(path, found, page, name, goal=None, why=""):
    spent = found.costs[page]
    detail = f"app {spent.app:.1f} + db {spent.database:.1f} ms, p50 {spent.p50:.1f} ms"
    why = f"{why}; {detail}" if why else detail
    return Figure(path, f"{name}: CPU", spent.cpu, "ms", goal, why)


def _worklist(found):
    lean, full = found.costs["lean"].cpu, found.costs["full"].cpu
    first = found.sql["worklist"]
    yield _page("", found, "lean", "floor, flat rows")
    yield _page("", found, "full", "floor, model instances")
    yield _page("(a)", found, "worklist", "worklist", 1.15 * lean, "1.15 x flat floor")
    yield Figure(
        "(a)", "worklist: CPU", found.costs["worklist"].cpu, "ms", 0.75 * full, "0.75 x full"
    )
    yield Figure("(a)", "worklist: queries", found.queries["worklist"], "", 6)
    limit = 1.5 * found.least["worklist"]
    yield Figure("(a)", "worklist: list SQL", first, "ms", limit, "1.5 x least SQL")
    for page in ("stage", "modality", "mine"):
        yield Figure(
            "(a)", f"filter {page}: list SQL", found.sql[page], "ms", 2 * first, "2 x page 1"
        )
    yield Figure("(a)", "third page: list SQL", found.sql["later"], "ms", 2 * first, "2 x page 1")
    yield Figure(
        "(a)", "three sites: list SQL", found.sql["three"], "ms", 4 * first, "4 x one site"
    )
    for page in ("stage", "modality", "mine", "later", "three"):
        yield _page("(a)", found, page, f"worklist, {page}")


def _search(found):
    for page in ("name", "number"):
        limit = 1.5 * found.least[page]
        yield Figure("(b)", f"{page} prefix: SQL", found.sql[page], "ms", limit, "1.5 x least SQL")
        yield _page("(b)", found, page, f"{page} prefix", 10)
    yield Figure("(b)", "name infix: SQL", found.sql["infix"], "ms", 2)
    yield _page("(b)", found, "infix", "name infix")


def _chart(found):
    limit = 1.5 * found.least["chart"]
    yield Figure("(c)", "chart: queries", found.queries["chart"], "", 8)
    yield Figure("(c)", "chart: SQL", found.sql["chart"], "ms", limit, "1.5 x least SQL")
    yield _page("(c)", found, "chart", "chart", 20)
    yield Figure("", "memory of a web worker (PSS)", found.memory_mib, "MiB", 80)


def _growth(found, smaller):
    if smaller is None:
        return
    goals = {"worklist": 1.4, "chart": 1.5, "name": 1.5, "number": 1.5, "infix": 1.5}
    for page, before in smaller.costs.items():
        if page not in ("lean", "full"):
            ratio = found.costs[page].cpu / before.cpu
            yield Figure("", f"growth of {page}: CPU", ratio, "x", goals.get(page, 1.6))
