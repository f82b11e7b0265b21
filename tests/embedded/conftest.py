"""Instances of the embedded services, each in a folder of its own, with nothing set for them."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from nmdtracker.embedded import testing
from nmdtracker.embedded.paths import ROOT, Home, read_json, secret

OURS = ("NMD_", "DATABASE_", "REDIS_", "EMAIL_", "PG")


class Instance:
    """A home folder and the processes that serve it."""

    def __init__(self, path):
        self.path, self.home = path, Home(path)

    def environment(self, **more):
        plain = {key: value for key, value in os.environ.items() if not key.startswith(OURS)}
        return {**plain, "NMD_VAR_DIR": str(self.path), "NMD_IDLE_SECONDS": "60", **more}

    def launch(self, *arguments, module="nmdtracker.embedded", **more):
        return self.python("-m", module, *arguments, **more)

    def python(self, *arguments, **more):
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environment(**more),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def start(self, **more):
        process = self.launch("start", **more)
        output = process.communicate(timeout=60)[0]
        assert process.returncode == 0, output

    def stop(self):
        return self.launch("stop").communicate(timeout=60)[0]

    def connect(self, role="app"):
        address = self.services()["postgres"]
        password = secret(f"postgres-{role}", self.home)
        login = {"user": "postgres" if role == "superuser" else f"nmd_{role}"}
        return psycopg.connect(
            **login,
            host=address["host"],
            port=address["port"],
            dbname=address["name"],
            password=password,
            autocommit=True,
        )

    def services(self):
        return read_json(self.home.state)["services"]

    def keeper(self):
        return psutil.Process(read_json(self.home.state)["pid"])

    @staticmethod
    def words(process):
        """The command line; none for a process that is ending."""
        with suppress(psutil.Error):
            return process.cmdline()
        return []

    def child(self, mark):
        """The server with `mark` in its command line; None while there is none."""
        with suppress(psutil.Error, KeyError):
            children = self.keeper().children()
            return next((p for p in children if any(mark in w for w in self.words(p))), None)

    def wait_until(self, condition, seconds=10):
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it took too long"
            time.sleep(0.05)

    def answers(self):
        """Can a row be read again? A crashed server needs a moment."""
        try:
            with self.connect() as link:
                return link.execute("SELECT 1").fetchone() == (1,)
        except (psycopg.Error, KeyError):
            return False

    def processes(self):
        """Every process that has to do with this instance."""
        return [p for p in psutil.process_iter() if self._is_mine(p)]

    def _is_mine(self, process):
        words = self.words(process)
        if any(str(self.path) in word for word in words):
            return True
        with suppress(psutil.Error):
            return bool(words) and process.environ().get("NMD_VAR_DIR") == str(self.path)
        return False

    def remove(self):
        self.stop()
        left = self.processes()
        for note in self.home.run.glob("*.place"):
            shutil.rmtree(note.read_text())
        link = self.path / "pg"
        if link.is_symlink():
            shutil.rmtree(link.resolve())
        shutil.rmtree(self.path)
        assert left == []


@pytest.fixture(scope="session")
def place():
    """A short folder that root's server user can pass, unlike pytest's own."""
    path = testing.temporary_folder()
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def seed(place):
    """An instance that was started and stopped: to copy, where its making is not the point."""
    instance = Instance(place / "seed")
    instance.start()
    instance.stop()
    return instance.path


@pytest.fixture
def make(place, seed):
    """Make instances; at the end of the test they are stopped and leave no process."""
    made = []

    def one(name="var", *, inside=place, fresh=False):
        folder = Path(tempfile.mkdtemp(prefix="i", dir=inside))
        folder.chmod(0o711)
        made.append(Instance(folder / name))
        if not fresh:
            made[-1].path.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["cp", "-a", seed, made[-1].path], check=True)
        return made[-1]

    yield one
    for instance in made:
        instance.remove()


@pytest.fixture(scope="module")
def shared(place):
    """A running instance for tests that leave it running."""
    instance = Instance(place / "shared")
    instance.start()
    yield instance
    instance.remove()
