"""Find the running services of a home, or start them."""

import os
import signal
import socket
import subprocess
import sys
import time

from .locks import Lock
from .paths import ROOT, Home, Unavailable, read_json

START_S = 60  # a first start makes the cluster, on a slow disk
STOP_S = 30
VARIABLES = {"postgres": "DATABASE_URL", "redis": "REDIS_URL", "mail": "EMAIL_URL"}

_held = {}  # our share in the use of each home, for as long as we live
_started = []  # keepers we started: our children, to be reaped


def wanted():
    """The services that nobody has given an address for."""
    return [name for name, variable in VARIABLES.items() if not os.environ.get(variable)]


def attach(home):
    """Addresses of the running services, which are started if need be. Raises Unavailable."""
    use = _held.setdefault(home.path, Lock(home.run / "users.lock"))
    use.take(shared=True, wait=True)  # waits while a keeper that nobody used is going
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if not is_running(home):
            _start_keeper(home, deadline)
        found = read_json(home.state).get("services", {})
        if found and all(_answers(address) for address in found.values()):
            return _complete(found)
        time.sleep(0.03)
    raise Unavailable(f"The services of {home.path} do not answer; see {home.logs}.")


def is_running(home):
    """Is there a keeper? One that is not yet ready counts."""
    return Lock(home.run / "keeper.lock").holder() is not None


def stop(home, lock="keeper.lock"):
    """Stop the keeper (or the holder of another lock) of a home and wait until it is gone."""
    from .processes import tagged  # not needed by those who only attach

    lock = Lock(home.run / lock)
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + STOP_S
        told = None
        while (pid := lock.holder()) is not None and time.monotonic() < deadline:
            ours = [process for process in tagged("nmdtracker.") if process.pid == pid]
            if ours and pid != told:  # the pid may be an old one, for an instant
                ours[0].send_signal(number)
                told = pid
            time.sleep(0.05)
    return lock.holder() is None


def _start_keeper(home, deadline):
    """Start a keeper and wait until it is ready or has found another at work (status 3)."""
    log = home.logs / "keeper.log"
    with open(log, "ab") as output:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "nmdtracker.embedded.keeper", *wanted()],
            cwd=ROOT,
            env={**os.environ, "NMD_VAR_DIR": str(home.path)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C at our terminal is not for the services
        )
    _started.append(keeper)
    while time.monotonic() < deadline and keeper.poll() is None:
        if read_json(home.state).get("pid") == keeper.pid:
            return
        time.sleep(0.02)
    if keeper.returncode == 1:
        raise Unavailable((log.read_text().strip().splitlines() or ["The services failed."])[-1])


def _answers(address):
    """Does somebody listen there?"""
    try:
        if "socket" in address or "host" in address:
            path = address.get("socket") or f"{address['host']}/.s.PGSQL.{address['port']}"
            with socket.socket(socket.AF_UNIX) as link:
                link.connect(path)
        else:
            socket.create_connection(("127.0.0.1", address["port"]), timeout=1).close()
    except OSError:
        return False
    return True


def _complete(found):
    missing = [name for name in wanted() if name not in found]
    if missing:
        raise Unavailable(
            f"The running services were started without {' and '.join(missing)}, because "
            f"{' and '.join(VARIABLES[name] for name in missing)} was set then: run `make stop`."
        )
    return found


def current():
    """The home that the environment names, for commands."""
    return Home.current()
