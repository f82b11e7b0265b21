"""A worker without a mail server: claims and marks what is due in sets, `python -m bench.drain`.

For each set it sends a task, as if to wake the next worker. Says that it is ready, begins at a line
of input, says how many it claimed each time; in the end, when it began and when it was done.
"""

import time

import django

django.setup()

import nmdtracker.celery  # noqa: E402, F401 - where tasks go
from workflows.reminders import claims  # noqa: E402
from workflows.reminders.tasks import BATCH, deliver_reminders  # noqa: E402

QUIET_S = 3  # what a killed worker had is due again within that


def main():
    deliver_reminders.delay()  # all connections are open
    claims.claim(0)
    print("ready", flush=True)
    input()  # the others are ready, too
    began = last = time.time()
    while time.time() - last < QUIET_S:
        rows, token, _ = claims.claim(BATCH)
        if not rows:
            time.sleep(0.1)
            continue
        print(len(rows), flush=True)
        deliver_reminders.delay()
        claims.mark_sending(rows, token)
        claims.mark_sent(rows, token)
        last = time.time()
    print(began, last)


if __name__ == "__main__":
    main()
