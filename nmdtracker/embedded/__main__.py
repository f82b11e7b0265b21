"""The services of this clone by hand: `python -m nmdtracker.embedded start|stop|status`.

`roles` makes the two database roles on a server of yours: DATABASE_ADMIN_URL is its administrator,
DATABASE_OWNER_URL and DATABASE_URL say which passwords `nmd_owner` and `nmd_app` get.
"""

import argparse
import os
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


def roles(_):
    from .roles import prepare

    variables = ("DATABASE_ADMIN_URL", "DATABASE_OWNER_URL", "DATABASE_URL")
    if missing := [name for name in variables if not os.environ.get(name)]:
        raise Unavailable(f"Set {', '.join(missing)}.")
    prepare(*(os.environ[name] for name in variables))
    print("Roles and database are there.")  # noqa: T201


COMMANDS = {"start": start, "stop": stop, "status": status, "roles": roles}


def main():
    parser = argparse.ArgumentParser(prog="python -m nmdtracker.embedded", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    command = COMMANDS[parser.parse_args().command]
    try:
        command(Home.current())
    except Unavailable as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
