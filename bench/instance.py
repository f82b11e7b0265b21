"""An instance of the product for one size of stock, under `var/bench/<steps>`."""

import os
import subprocess
import sys

import psycopg

from bench import stock
from nmdtracker.embedded import Home, client
from nmdtracker.embedded.paths import ROOT, secret

OTHERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "NMD_DB_ROLE")


class Instance:
    """Its services, its database and the sessions that measure it."""

    def __init__(self, steps, seed=1):
        for name in OTHERS:  # what was set for another instance does not count here
            os.environ.pop(name, None)
        os.environ["NMD_IDLE_SECONDS"] = "5"  # its services end by themselves when nobody is left
        self.steps, self.seed = steps, seed
        self.home = Home(ROOT / "var" / "bench" / f"{steps}-{seed}")
        self.home.path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)

    def prepare(self):
        """Start the services, migrate, and load the stock if it is not there yet."""
        self.address = client.attach(self.home)["postgres"]
        self.run("manage.py", "migrate", "--verbosity", "0")
        self.run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        with self.connect("superuser", autocommit=True) as link:
            if stock.count(link) == 0:
                stock.load(link, self.steps, seed=self.seed)
            stock.tidy(link)

    def environment(self, **more):
        return {**os.environ, "NMD_VAR_DIR": str(self.home.path), **more}

    def run(self, *arguments):
        """A Python program on this instance; returns what it printed."""
        command = [sys.executable, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(), check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout

    def connect(self, role, **options):
        """A psycopg session as "superuser", "owner" or "app"."""
        user = "postgres" if role == "superuser" else f"nmd_{role}"
        place = {"host": self.address["host"], "port": self.address["port"]}
        password = secret(f"postgres-{role}", self.home)
        return psycopg.connect(
            user=user, password=password, dbname=self.address["name"], **place, **options
        )

    def server_pid(self):
        """The first process of PostgreSQL: the others are its children."""
        return int((self.home.postgres() / "18" / "postmaster.pid").read_text().split()[0])
