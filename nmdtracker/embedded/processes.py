"""Child processes that are kept alive together and never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import psutil

from .paths import ROOT, Unavailable

PR_SET_PDEATHSIG = 1
PATIENCE_S = 10  # between asking a process to stop and killing it
BACK_OFF_S = (0.2, 10)  # first and longest pause before a crashed process is started again
SETTLED_S = 30  # a process that ran this long is healthy: its next crash restarts at once

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _follow(death_signal):
    """What a child does before it starts: on Linux, ask for `death_signal` when we die."""
    parent = os.getpid()

    def follow():  # runs after the change of user, which would clear it
        if _libc:
            _libc.prctl(PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:  # it died before we could ask to be told
                os.kill(os.getpid(), signal.SIGKILL)

    return follow


def _as(user):
    """Arguments that start a process as `user`; only root has another than itself."""
    if not user or user.pw_uid == os.geteuid():
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _text(argv):
    return [os.fspath(part) for part in argv]


def clean_environment():
    """The environment without libpq's variables, which would redirect our own servers."""
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")}


def spawn(argv, *, log, death_signal=signal.SIGTERM, user=None):
    """Start `argv` in a session of its own, its output appended to the file `log`."""
    with open(log, "ab") as output:
        return subprocess.Popen(
            _text(argv),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT if not _as(user) else "/",
            env=clean_environment(),
            start_new_session=True,
            preexec_fn=_follow(death_signal),
            **_as(user),
        )


def run(argv, *, user=None, text=None):
    """Run `argv` to its end with `text` as its input. Raises Unavailable when it fails."""
    done = subprocess.run(
        _text(argv),
        input=text,
        capture_output=True,
        text=True,
        cwd="/",
        env=clean_environment(),
        check=False,
        preexec_fn=_follow(signal.SIGKILL),
        **_as(user),
    )
    if done.returncode:
        reason = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise Unavailable(f"{os.path.basename(argv[0])} failed: {' '.join(reason)}")


def tagged(tag):
    """Live processes with `tag` in their command line (a server shows it in its title)."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and any(tag in part for part in process.cmdline()):
                found.append(process)
    return found


def finish(tag):
    """Wait for what an earlier, killed parent left behind; stop it by force if it stays."""
    for force in (None, signal.SIGTERM, signal.SIGKILL):
        left = tagged(tag)
        for process in left if force else ():
            with suppress(psutil.Error):
                process.send_signal(force)
        if not left:
            return
        psutil.wait_procs(left, timeout=3)


class Child:
    """One service of a group: `prepare`, `command`, `ready`, and its life so far."""

    def __init__(self, service, log):
        self.service, self.log = service, log
        self.process, self.started, self.due, self.pause = None, 0.0, 0.0, BACK_OFF_S[0]

    def start(self):
        self.service.prepare()
        if self.log.exists() and self.log.stat().st_size > 5_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        stop = getattr(self.service, "stop_signal", signal.SIGTERM)
        user = getattr(self.service, "user", None)
        self.process = spawn(self.service.command(), log=self.log, death_signal=stop, user=user)
        self.started = time.monotonic()

    def tend(self, say):
        """Start the process again if it ended, sooner or later by how often it did."""
        now = time.monotonic()
        if self.process and self.process.poll() is not None:
            say(f"{self.service.name} ended ({self.process.returncode}), see {self.log.name}")
            self._sweep()
            self.process = None
            if now - self.started > SETTLED_S:
                self.pause = BACK_OFF_S[0]
            self.due, self.pause = now + self.pause, min(self.pause * 2, BACK_OFF_S[1])
        if not self.process and now >= self.due:
            self.start()

    def excuse(self):
        """One sentence on a process that did not come up."""
        last = self.log.read_text(errors="replace").strip().splitlines()[-1:]
        return f"{self.service.name} did not start: {' '.join(last)} (see {self.log})"

    def ask_to_stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(getattr(self.service, "stop_signal", signal.SIGTERM))

    def stop(self, deadline):
        """Wait until `deadline` (monotonic seconds), then kill the process and what it started."""
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.1, deadline - time.monotonic()))
            self._sweep()
            self.process.wait()

    def _sweep(self):
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


class Group:
    """Services that run until they are told to stop; the first of the list stops last."""

    def __init__(self, services, logs, say):
        self.children = [Child(service, logs / f"{service.name}.log") for service in services]
        self.say, self.stopping = say, False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.told)

    def told(self, *_):
        self.stopping = True

    def start(self, wait):
        """Start all and wait (seconds) until each answers. Raises Unavailable if one does not."""
        for child in self.children:
            child.start()
        deadline = time.monotonic() + wait
        waiting = self.children
        while waiting and not self.stopping:
            waiting = [child for child in waiting if not child.service.ready()]
            ended = [child for child in self.children if child.process.poll() is not None]
            if ended or (waiting and time.monotonic() > deadline):
                raise Unavailable((ended or waiting)[0].excuse())
            time.sleep(0.02)

    def run(self, tend):
        """Keep all alive until a signal comes or `tend()`, called five times a second, is true."""
        while not self.stopping and not tend():
            for child in self.children:
                child.tend(self.say)
            time.sleep(0.2)

    def stop(self):
        deadline = time.monotonic() + PATIENCE_S
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in reversed(self.children):
            child.stop(deadline)
