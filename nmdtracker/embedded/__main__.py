"""`python -m nmdtracker.embedded start|stop|status`: the services of this clone, by hand."""

import argparse
import sys

from . import client
from .paths import Home, Unavailable, read_json

SUPERVISOR = "supervise.lock"


def start(home):
    print("Running:", ", ".join(client.attach(home)))  # noqa: T201


def stop(home):
    """Stop the supervisor first: it would start the services again."""
    stopped = [client.stop(home, lock) for lock in (SUPERVISOR, "keeper.lock")]
    print("Nothing is running." if all(stopped) else "Something did not stop.")  # noqa: T201


def status(home):
    names = read_json(home.state).get("services", {}) if client.is_running(home) else {}
    print("Running:", ", ".join(names) or "nothing")  # noqa: T201


def main():
    parser = argparse.ArgumentParser(prog="python -m nmdtracker.embedded", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status"])
    command = {"start": start, "stop": stop, "status": status}[parser.parse_args().command]
    try:
        command(Home.current())
    except Unavailable as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
