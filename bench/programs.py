"""Celery's programs as a site runs them, to be killed: each in a process group of its own."""

import os
import signal
import subprocess
import sys

import psutil

from nmdtracker.embedded.paths import ROOT


class Program:
    """One Celery program; `env` says which site it serves, `log` takes what it says."""

    def __init__(self, env, *arguments, log=None):
        command = [sys.executable, "-m", "celery", "--quiet", "--app", "nmdtracker.celery:app"]
        self.process = subprocess.Popen(
            [*command, *arguments, "--loglevel", "ERROR"],
            **{"env": env, "cwd": ROOT, "stdout": log, "stderr": log, "start_new_session": True},
        )

    def kill(self):
        """`kill -9` for all its processes."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Worker(Program):
    """A worker of two processes."""

    def __init__(self, env, log=None):
        quick = ("--concurrency", "2", "--without-gossip", "--without-mingle")
        super().__init__(env, "worker", *quick, log=log)

    def kill_one(self, chance):
        """`kill -9` for one of the two; False while there is none yet."""
        children = psutil.Process(self.process.pid).children()
        if children:
            chance.choice(children).kill()
        return bool(children)


class Beat(Program):
    """What wakes the workers, on the schedule of the product."""

    def __init__(self, env, schedule, log=None):
        super().__init__(env, "beat", "--schedule", str(schedule), "--pidfile", "", log=log)
