"""Everything the site needs, in the foreground: `python -m nmdtracker.supervise`.

The web server on 127.0.0.1:NMD_PORT, a Celery worker and one beat, on top of the embedded services.
What crashes is started again; Ctrl-C or SIGTERM stops all, the embedded services included.
"""

import http.client
import os
import signal
import socket
import sys
import time

from nmdtracker.embedded import Home, Unavailable, client
from nmdtracker.embedded.locks import Lock
from nmdtracker.embedded.processes import Group

HOST = "127.0.0.1"
READY_S = 60


class Process:
    """A Python program of the site as a service of the group."""

    def __init__(self, name, *arguments):
        self.name, self.arguments = name, arguments

    def prepare(self):
        """Nothing is left behind by these: what they know is in the database."""

    def command(self):
        return [sys.executable, "-m", *self.arguments]

    def ready(self):
        return True


class Web(Process):
    """gunicorn: two processes of four threads, forked from one that has loaded the site."""

    def __init__(self, port):
        self.port = port
        super().__init__(
            *("web", "gunicorn", "nmdtracker.wsgi:application", "--bind", f"{HOST}:{port}"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4"),
            *("--graceful-timeout", "8", "--no-control-socket", "--preload"),
        )

    def ready(self):
        """Does a page come? gunicorn listens before its processes have read the settings."""
        link = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            link.request("HEAD", "/")
            return link.getresponse().status > 0
        except (OSError, http.client.HTTPException):
            return False
        finally:
            link.close()


def services(home, port):
    celery = ("celery", "--app", "nmdtracker.celery:app")
    worker = ("--concurrency", "2", "--without-gossip", "--without-mingle", "--loglevel", "INFO")
    schedule = ("--schedule", home.run / "beat-schedule", "--pidfile", "")
    return [
        Process("worker", *celery, "worker", *worker),
        Process("beat", *celery, "beat", *schedule),
        Web(port),
    ]


def is_free(port, wait=2):
    """Can the port be had within `wait` seconds? A web server that is ending lets go of it."""
    deadline = time.monotonic() + wait
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                time.sleep(0.1)
            else:
                return True
    return False


def say(text):
    print(text, flush=True)  # noqa: T201


class Services:
    """The embedded services: looked after while we run, stopped when we do."""

    def __init__(self, home):
        self.home, self.needed = home, bool(client.wanted())

    def tend(self):
        if self.needed and not client.is_running(self.home):
            say("The embedded services ended and are started again.")
            client.attach(self.home)
        return False

    def start(self):
        if self.needed:
            client.attach(self.home)

    def stop(self):
        if self.needed:
            client.stop(self.home)


def supervise(home, port):
    """Run until told to stop. Raises Unavailable when something does not start."""
    group = Group(services(home, port), home.logs, say)
    signal.signal(signal.SIGHUP, group.told)
    embedded = Services(home)
    try:
        embedded.start()
        group.start(READY_S)
        if not group.stopping:
            say(f"NMD Tracker runs at http://{HOST}:{port}/ - Ctrl-C stops it. Logs: {home.logs}")
        group.run(embedded.tend)
    finally:
        group.stop()
        embedded.stop()
        say("Stopped.")


def main():
    home, port = Home.current(), int(os.environ.get("NMD_PORT", "8000"))
    lock = Lock(home.run / "supervise.lock")
    if not lock.claim():
        return f"NMD Tracker already runs in {home.path} (process {lock.holder()}); `make stop`."
    if not is_free(port):
        return f"Port {port} is in use: choose another with NMD_PORT, or stop what uses it."
    try:
        supervise(home, port)
    except Unavailable as reason:
        return str(reason)
    return 0


if __name__ == "__main__":
    sys.exit(main())
