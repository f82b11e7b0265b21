"""Reminders under attack: `python -m bench.chaos [--reminders N] [--kills N] [--seed N]`.

Two workers and two beats deliver to a mail server that refuses a tenth of all tries and sometimes
breaks off before it answers, while all of them are killed, Redis is flushed and PostgreSQL killed.
Exits with 1 if a message is lost, doubled without a mark, sent in two different copies or given up.
"""

import argparse
import os
import random
import signal
import sys
import time
from collections import Counter
from contextlib import suppress

from bench.instance import Instance
from bench.programs import Beat, Worker

REFUSE, LOSE = 0.10, 0.01  # shares of the tries
PATIENCE_S = 120  # without progress for so long, the run has failed
QUICK = {  # what lasts minutes to hours in production
    "NMD_REMINDER_LEASE_SECONDS": "6",
    "NMD_REMINDER_BACK_OFF_SECONDS": "1,2,4,8",
    "NMD_REMINDER_QUIET_HOURS": "False",
}


class Attack:
    """The site and what is done to it."""

    def __init__(self, instance, env, log, seed):
        self.instance, self.env, self.log = instance, env, log
        self.chance, self.done = random.Random(seed), Counter()
        self.workers = [self._worker() for _ in range(2)]
        self.beats = [self._beat(n) for n in range(2)]

    def _worker(self):
        return Worker(self.env, self.log)

    def _beat(self, n):
        return Beat(self.env, self.instance.home.run / f"chaos-beat-{n}", self.log)

    def kill(self):
        """A worker with all its processes, or one of them; who is whole comes back at once."""
        n = self.chance.randrange(2)
        if self.chance.random() < 0.5 and self.workers[n].kill_one(self.chance):
            self.done["processes of workers"] += 1
            return
        self.workers[n].kill()
        self.workers[n] = self._worker()
        self.done["workers"] += 1

    def kill_beat(self):
        n = self.chance.randrange(2)
        self.beats[n].kill()
        self.beats[n] = self._beat(n)
        self.done["beats"] += 1

    def flush(self):
        import redis

        from nmdtracker import embedded

        redis.Redis.from_url(embedded.redis_url()).flushall()
        self.done["flushes of Redis"] += 1

    def restart_postgres(self):
        """Its first process is killed; the keeper of the embedded services starts another."""
        os.kill(self.instance.server_pid(), signal.SIGKILL)
        self.done["restarts of PostgreSQL"] += 1

    def plan(self, kills, reminders):
        """(messages taken, what is done then), in order."""
        acts = [self.kill] * kills + [self.kill_beat] * 2 + [self.flush] * 2
        acts.append(self.restart_postgres)
        moments = [self.chance.uniform(0.01, 0.97) * reminders for _ in acts]
        return sorted(zip(moments, acts, strict=True), key=lambda pair: pair[0])

    def stop(self):
        for program in [*self.workers, *self.beats]:
            program.kill()


def until(enough, progress):
    """Wait for `enough()`; fails when `progress()` stays the same for too long."""
    seen, since = None, time.monotonic()
    while not enough():
        now = progress()
        if now != seen:
            seen, since = now, time.monotonic()
        if time.monotonic() - since > PATIENCE_S:
            raise SystemExit(f"Nothing has moved for {PATIENCE_S} s.")
        time.sleep(0.02)


def ready(instance, reminders):
    """The instance with nothing in it but reminders that are due; their keys."""
    from django.db import connection

    from accounts.rls import ALL, clinics
    from bench.owed import owed
    from nmdtracker.embedded.testing import empty_tables
    from tests import make

    empty_tables(connection.settings_dict["NAME"])
    with clinics(ALL):
        sites = [make.clinic(f"site{n}") for n in range(5)]
        doctors = [(site, make.user(site)) for site in sites for _ in range(8)]
    return owed(doctors, reminders)


def run(instance, wanted):
    """(Outcome, what was done, what the mail server did by chance, seconds)."""
    from django.db import Error, connection

    from bench.owed import Outcome, none_waits, rows_of
    from tests.mailbox import Mailbox

    def over():
        time.sleep(0.3)
        with suppress(Error):
            return none_waits(keys)
        connection.close()  # PostgreSQL is coming back
        return False

    keys, began = ready(instance, wanted.reminders), time.monotonic()
    with (
        open(instance.home.logs / "chaos.log", "wb") as log,
        Mailbox(0.002, refuse=REFUSE, lose=LOSE, seed=wanted.seed) as mailbox,
    ):
        env = {**os.environ, **QUICK, "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}"}
        attack = Attack(instance, env, log, wanted.seed)
        try:
            for moment, act in attack.plan(wanted.kills, wanted.reminders):
                until(lambda: len(mailbox.raw) >= moment, lambda: len(mailbox.raw))  # noqa: B023
                act()
            until(over, lambda: len(mailbox.raw))
        finally:
            attack.stop()
        seconds = time.monotonic() - began
        return Outcome(rows_of(keys), mailbox.messages), attack.done, mailbox.answers, seconds


def options(arguments=None):
    parser = argparse.ArgumentParser(prog="bench.chaos", description="Reminders under attack.")
    parser.add_argument("--reminders", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=24, help="of workers or their processes")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what it started ends with it
    wanted, instance = options(), Instance("chaos")
    instance.start()
    instance.enter()
    found, done, answers, seconds = run(instance, wanted)
    acts = ", ".join(f"{count} {what}" for what, count in sorted(done.items()))
    tries = found.copies.total() + answers["refused"]
    print(
        f"{wanted.reminders:,} reminders, two workers, two beats, {seconds:.0f} s; kill -9 and "
        f"worse: {acts}\n  the mail server refused {answers['refused']:,} of {tries:,} tries "
        f"({answers['refused'] / tries:.0%}) and left {answers['unanswered']:,} unanswered\n"
        f"  {found}"
    )
    return f"BROKEN: {'; '.join(found.broken)}" if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
