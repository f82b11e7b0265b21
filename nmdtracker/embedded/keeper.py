"""The process that runs the embedded services of one home: `python -m nmdtracker.embedded.keeper`.

Arguments: the services to run (postgres, redis, mail). `--fast` gives up crash safety for speed,
`--temporary` removes the home at the end: both are for tests. Exit status: 0 stopped, 1 failed
(the last line written says why), 3 another keeper is at work.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from . import template
from .locks import Lock
from .paths import Home, Unavailable, write_private
from .postgres import Postgres
from .processes import Group
from .redis import Redis
from .sink import Sink

READY_S = 50
IDLE_S = 30
BUSY = 3


def say(text):
    print(time.strftime("%Y-%m-%d %H:%M:%S"), text, file=sys.stderr, flush=True)  # noqa: T201


class Idle:
    """True once nobody has used the services for some seconds; then newcomers wait for the end."""

    def __init__(self, home, seconds):
        self.lock, self.seconds = Lock(home.run / "users.lock"), seconds
        self.looked = self.used = time.monotonic()

    def __call__(self):
        now = time.monotonic()
        if now - self.looked < 0.5:
            return False
        self.looked = now
        if not self.lock.take():
            self.used = now
        elif now - self.used >= self.seconds:
            return True  # the lock stays ours, so that nobody attaches to what is going
        self.lock.release()
        return False


class Copied(Postgres):
    """A test's cluster: a copy of a kept one, or made and kept (`template.py`)."""

    def make(self):
        if source := os.environ.get("NMD_TEST_TEMPLATE"):
            template.copy_cluster(Path(source), self.data)
        else:
            super().make()
            template.keep(Path(os.environ["NMD_TEST_EMPTY"]), self.data, self.home)

    def keep(self):
        """After the end, keep it where the session asked for it."""
        wish = self.home.run / "keep"
        if wish.exists():
            template.keep(Path(wish.read_text()), self.data, self.home)


def services(home, names, *, fast):
    made = {
        "postgres": lambda: Copied(home, fast=True) if fast else Postgres(home),
        "redis": lambda: Redis(home),
        "mail": lambda: Sink(home),
    }
    return [made[name]() for name in names]


def run(home, options):
    """Start, keep and stop the services. Raises Unavailable when they do not come up."""
    group = Group(services(home, options.services, fast=options.fast), home.logs, say)
    seconds = float(os.environ.get("NMD_IDLE_SECONDS", IDLE_S))
    tend = (lambda: False) if options.temporary else Idle(home, seconds)
    try:
        group.start(READY_S)
        found = {child.service.name: child.service.address() for child in group.children}
        write_private(home.state, json.dumps({"pid": os.getpid(), "services": found}))
        group.run(tend)
    finally:
        home.state.unlink(missing_ok=True)
        group.stop()
        for child in group.children if options.temporary else ():
            if isinstance(child.service, Copied):
                child.service.keep()


def main():
    parser = argparse.ArgumentParser(prog="nmdtracker.embedded.keeper")
    parser.add_argument("services", nargs="+", choices=["postgres", "redis", "mail"])
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--temporary", action="store_true")
    options = parser.parse_args()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    home = Home.current()
    lock = Lock(home.run / "keeper.lock")
    if not lock.claim():
        return BUSY
    home.state.unlink(missing_ok=True)
    try:
        run(home, options)
    except Unavailable as reason:
        say(reason)
        return 1
    finally:
        if options.temporary:
            shutil.rmtree(home.postgres(), ignore_errors=True)
            shutil.rmtree(home.path, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
