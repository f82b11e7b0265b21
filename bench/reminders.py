"""Goals (e), the sweep: `python -m bench.reminders [--planned N] [--steps N]`.

The mail server is left out, everything else is the product's: leases, the second look at the step,
events, the task that wakes a worker. Rows are made in one statement beside a stock; all of them are
removed at the end. Exits with 1 if a reminder is claimed twice.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from statistics import mean

import psutil

from bench.figures import Figure, table
from bench.instance import Stocked
from bench.server import cpu_s

FEW, SENT = 10_000, 10_000
TICKS = 40  # PostgreSQL's CPU is told in ticks of 10 ms: what takes few of them is repeated
OWN_CASES = 400  # what is planned anew; the made rows belong to the others
MAKE = """
WITH step AS MATERIALIZED (
  SELECT id, clinic_id, door, owner_id, row_number() OVER (ORDER BY md5(id::text)) - 1 AS place
  FROM workflows_step
  WHERE is_open AND twin_of_id IS NULL AND owner_id IS NOT NULL AND case_id > %(own)s
), wanted AS MATERIALIZED (
  SELECT number %% steps AS place, %(first)s + number / steps AS n,
    %(since)s::timestamptz + make_interval(mins => (%(first)s + number / steps)::int) AS moment
  FROM generate_series(0, %(count)s - 1) AS number, (SELECT count(*) AS steps FROM step) AS many
)
INSERT INTO workflows_reminder (clinic_id, step_id, door, kind, due_at, recipient_id, state,
  attempts, next_attempt_at, message_id, uncertain, last_error, in_digest)
SELECT clinic_id, id, door, 'overdue', moment, owner_id, 'planned', 0, moment,
  format('<bench-%%s-%%s-%%s@nmdtracker>', id, n, %(since)s::text), 0, '', false
FROM wanted JOIN step USING (place)
"""
PUT_OFF = (
    "UPDATE workflows_reminder SET next_attempt_at = '2100-01-01Z' WHERE due_at < '2100-01-01Z'"
)
YARD = "SELECT count(*) FROM generate_series(1, 50000) AS n WHERE md5(n::text) < '8'"
FUTURE, PAST = "2100-01-01Z", "2001-01-01Z"


class Stock:
    """Reminders beside the steps of an instance."""

    def __init__(self, instance):
        self.instance = instance
        self.link = instance.connect("superuser", autocommit=True)
        self.later = self.made = 0
        self.empty()

    def empty(self):
        self.link.execute("TRUNCATE workflows_reminder")

    def plan(self, count):
        """So many that are not due for long, in all."""
        self._make(FUTURE, count - self.later)
        self.later = count
        self.link.execute("VACUUM ANALYZE workflows_reminder")
        self.link.execute("CHECKPOINT")

    def owe(self, count):
        """So many that are due now."""
        self.link.execute("DELETE FROM workflows_reminder WHERE due_at < '2002-01-01'")
        self._make(PAST, count)

    def _make(self, since, count):
        self.made += 10_000  # minutes after `since`: no two rows are the same
        values = {"since": since, "first": self.made, "count": count, "own": OWN_CASES}
        with self.link.transaction():
            self.link.execute("SET LOCAL session_replication_role = replica")
            made = self.link.execute(MAKE, values).rowcount
        if made != count:
            raise SystemExit(f"The stock has open steps for {made:,} reminders, not {count:,}.")


class Meter:
    """CPU seconds of this process and of PostgreSQL for all, the clock for each part."""

    def __init__(self, instance):
        self.database = psutil.Process(instance.server_pid())
        self.wall, self.before = Counter(), self._cpu_s()

    def _cpu_s(self):
        return time.process_time() + cpu_s([self.database, *self.database.children()])

    def spent_s(self):
        return self._cpu_s() - self.before

    def run(self, part, act):
        began = time.perf_counter()
        found = act()
        self.wall[part] += time.perf_counter() - began
        return found


def drained(stock):
    """(CPU seconds, seconds by part) of SENT reminders: claimed, dispatched and marked in sets."""
    from nmdtracker.celery import app
    from workflows.reminders import claims
    from workflows.reminders.tasks import BATCH, deliver_reminders

    stock.owe(SENT)
    meter, sent = Meter(stock.instance), 0
    while sent < SENT:
        meter.run("dispatch", deliver_reminders.delay)  # one task for a batch
        rows, token, _ = meter.run("claim", lambda: claims.claim(BATCH))
        ours = meter.run("mark", lambda: claims.mark_sending(rows, token))  # noqa: B023
        if len(ours) != len(rows):
            raise SystemExit("Somebody else works on this stock.")
        meter.run("mark", lambda: claims.mark_sent(rows, token))  # noqa: B023
        sent += len(rows)
    spent = meter.spent_s()
    app.control.purge()
    return spent, meter.wall


def per_run(stock, act, repeats):
    """CPU ms of an act, ours and PostgreSQL's: the least of five series, as noise only adds."""
    act()
    series = []
    for _ in range(5):
        meter = Meter(stock.instance)
        for _ in range(repeats):
            act()
        series.append(1000 * meter.spent_s() / repeats)
    return min(series)


def paced(stock, act, repeats):
    """(CPU ms, the same in yards): see `yard`, before and after."""
    before, ms = yard(stock), per_run(stock, act, repeats)
    return ms, ms / mean((before, yard(stock)))


def yard(stock):
    """CPU ms of work that is always the same, ours and PostgreSQL's.

    What is compared is minutes apart, and a shared machine is half as fast in one as in the other.
    """

    def work():
        stock.link.execute(YARD).fetchall()
        sum(n * n for n in range(100_000))

    return per_run(stock, work, TICKS // 2)


def parts(stock):
    """{what: (CPU ms, in yards)} that must not grow with what is planned."""
    from django.utils import timezone

    from accounts.models import Clinic
    from accounts.rls import ALL, clinics
    from workflows.models import Case
    from workflows.reminders.deliver import deliver_due
    from workflows.reminders.plan import plan_cases
    from workflows.reminders.sweep import withdraw_moved_on

    with clinics([1]):
        clinic = Clinic.objects.get(pk=1)
        own = Case.objects.filter(clinic=1, closed_at=None, pk__lte=OWN_CASES)
        cases = list(own.values_list("pk", flat=True))

    def plan():
        with clinics([1]):
            plan_cases(clinic, cases, timezone.now())

    def look():
        with clinics(ALL):
            withdraw_moved_on(timezone.now())

    plan()
    stock.link.execute(PUT_OFF)
    found = {
        "an empty sweep": paced(stock, deliver_due, 200),
        "planning of its cases": paced(stock, plan, 2 * TICKS),
    }
    stock.owe(SENT)
    found[f"the hourly look at {SENT:,} that leave"] = paced(stock, look, TICKS // 2)
    pace = yard(stock)
    spent, wall = min((drained(stock) for _ in range(3)), key=lambda run: run[0])
    batch = 1000 * spent * 500 / SENT
    found["a batch of 500"] = batch, batch / mean((pace, yard(stock)))
    return found, (spent, wall)


def workers(stock, **environment):
    """Two workers, each a process of its own, that have just begun to claim."""
    env = stock.instance.environment(**environment)
    command = [sys.executable, "-m", "bench.drain"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(command, env=env, **pipes) for _ in range(2)]
    for worker in both:
        worker.stdout.readline()
    for worker in both:
        worker.stdin.write("\n")
        worker.stdin.flush()
    return both


def together_s(stock):
    """Seconds for SENT reminders until the last is marked by two workers side by side."""
    from nmdtracker.celery import app

    stock.owe(SENT)
    said = [worker.communicate()[0].splitlines()[-1].split() for worker in workers(stock)]
    began, ended = zip(*said, strict=True)
    app.control.purge()
    return max(map(float, ended)) - min(map(float, began))


def broken(stock):
    """(reminders claimed twice or never, how many were taken over) by two workers, one killed."""
    stock.owe(SENT)
    before = stock.link.execute("SELECT count(*) FROM audit_event").fetchone()[0]
    one, other = workers(stock, NMD_REMINDER_LEASE_SECONDS="1")
    other.stdout.readline()  # both claim; this one is killed with its first set in hand
    other.kill()
    other.wait()
    one.communicate()
    sent, taken_over = stock.link.execute(
        "SELECT count(*) FILTER (WHERE state = 'sent'), count(*) FILTER (WHERE attempts > 1) "
        "FROM workflows_reminder WHERE due_at < '2002-01-01'"
    ).fetchone()
    told = stock.link.execute("SELECT count(*) FROM audit_event").fetchone()[0] - before
    return abs(told - SENT) + SENT - sent, taken_over


def figures(stock, planned):
    stock.plan(FEW)
    before, _ = parts(stock)
    began = time.monotonic()
    stock.plan(planned)
    yield Figure("", f"{planned:,} reminders made", time.monotonic() - began, "s")
    after, (spent, wall) = parts(stock)
    for what, (ms, yards) in after.items():
        ms_of_few, yards_of_few = before[what]
        why = f"{ms_of_few:.2f} ms with {FEW:,} planned; at the same pace of the machine"
        ratio = yards / yards_of_few
        yield Figure("(e)", f"{what}: {ms:.2f} CPU ms, growth", ratio, "x", 1.2, why)
    each = ", ".join(f"{part} {1e6 * s / SENT:.0f} us" for part, s in wall.items())
    why = f"10,000 a second on two cores; one worker alone {SENT / wall.total():,.0f} ({each})"
    yield Figure("(e)", f"{SENT:,} claimed, dispatched, marked: CPU", spent, "s", 2, why)
    seconds = min(together_s(stock) for _ in range(3))
    why = f"10,000 a second: {SENT / seconds:,.0f}; load {os.getloadavg()[0]:.1f}, "
    why += f"a yard {yard(stock):.0f} ms"
    yield Figure("(e)", "the same by two workers side by side", seconds, "s", 1, why)
    wrong, taken_over = broken(stock)
    why = f"{taken_over:,} of {SENT:,} taken over"
    yield Figure("(e)", "claimed twice or never, a worker killed", wrong, "", 0, why)


def main():
    parser = argparse.ArgumentParser(prog="bench.reminders", description="The sweep.")
    parser.add_argument("--planned", type=int, default=300_000)
    parser.add_argument("--steps", type=int, default=200_000)
    wanted = parser.parse_args()
    instance = Stocked(wanted.steps)
    instance.prepare()
    instance.enter()
    stock = Stock(instance)
    try:
        found = list(figures(stock, wanted.planned))
    finally:
        stock.empty()
    print("\n".join(table(found)))
    return int(not all(each.met for each in found if each.path and each.goal == 0))


if __name__ == "__main__":
    sys.exit(main())
