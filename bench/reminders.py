"""How many reminders a second one worker claims and marks: `python -m bench.reminders`.

The mail server is left out, everything else is the product's: leases, the second look at the step,
events, what is planned next. Rows are made for a day in 2001 and removed afterwards.
"""

import time
from collections import Counter

STEPS = 20_000  # the smaller stock of `python -m bench`
STOCKS = (10_000, 100_000)
MEASURED = {8: 800, 500: 10_000}  # rows that are sent, by the size of a claim
MAKE = """
INSERT INTO workflows_reminder (clinic_id, step_id, door, kind, due_at, recipient_id, state,
  attempts, next_attempt_at, message_id, uncertain, last_error,
  in_digest)
SELECT clinic_id, id, door, 'overdue', moment, owner_id, 'planned', 0, moment,
  format('<bench-%%s-%%s@nmdtracker>', id, n), 0, '', false
FROM workflows_step, generate_series(1, 100) AS n,
  LATERAL (SELECT timestamptz '2001-01-01 00:00Z' + make_interval(mins => n) AS moment)
WHERE is_open AND twin_of_id IS NULL AND owner_id IS NOT NULL
ORDER BY n, id LIMIT %s
"""


def run():
    """Lines to print, measured in a process of its own on the stock of 20,000 steps."""
    from bench.instance import Stocked

    instance = Stocked(STEPS)
    instance.prepare()
    return instance.run("-m", "bench.reminders").splitlines()


def lines():
    yield "Reminders of one worker, mail server left out (claim + second look + marks + events)"
    for stock in STOCKS:
        for size, count in MEASURED.items():
            make(stock)
            yield line(stock, size, *drain(size, count))
    remove()


def make(count):
    """Exactly `count` reminders that are due, and none else."""
    from django.db import connection

    from accounts.rls import ALL, clinics
    from workflows.models import Reminder

    remove()
    with clinics(ALL), connection.cursor() as cursor:
        cursor.execute(MAKE, [count])
        found = Reminder.objects.filter(due_at__year=2001).count()
    if found != count:
        raise SystemExit(f"The stock has open steps for {found} reminders only, not {count}.")


def remove():
    from accounts.rls import ALL, clinics
    from workflows.models import Reminder

    with clinics(ALL):
        Reminder.objects.filter(due_at__year=2001).delete()


def drain(size, count):
    """(rows marked as sent, seconds by part) for claims of `size`, until `count` rows are sent."""
    from workflows.reminders import claims

    parts, sent = Counter(), 0
    while sent < count:
        began = time.perf_counter()
        rows, token, _ = claims.claim(size)
        claimed = time.perf_counter()
        # the delivery loop marks one by one, because each mark stands for one message
        groups = [[row] for row in rows] if size == 8 else [rows]
        for group in groups:
            if len(claims.mark_sending(group, token)) != len(group):
                raise SystemExit("Somebody else works on this stock.")
            claims.mark_sent(group, token)
        ended = time.perf_counter()
        parts += Counter(claim=claimed - began, mark=ended - claimed)
        sent += len(rows)
    return sent, parts


def line(stock, size, sent, parts):
    how = "one by one, as the loop does" if size == 8 else "in sets"
    shares = ", ".join(f"{name} {1000 * s / sent:.2f} ms" for name, s in parts.items())
    return (
        f"  {stock:>7,} planned, claims of {size:>3}, marked {how}: "
        f"{sent / parts.total():,.0f} a second (each: {shares})"
    )


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmdtracker.settings")
    django.setup()
    print("\n".join(lines()))
