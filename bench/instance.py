"""Instances of the product under `var/bench`: with a stock of one size, or empty."""

import os
import subprocess
import sys

import django
import psycopg

from bench import stock
from nmdtracker.embedded import Home, client
from nmdtracker.embedded.paths import ROOT, secret

OTHERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "NMD_DB_ROLE")
SETTINGS = "nmdtracker.settings"


class Instance:
    """Its services, its database and the sessions that measure it."""

    def __init__(self, name):
        for each in OTHERS:  # what was set for another instance does not count here
            os.environ.pop(each, None)
        os.environ["NMD_IDLE_SECONDS"] = "5"  # its services end by themselves when nobody is left
        self.home = Home(ROOT / "var" / "bench" / name)
        self.home.path.parent.mkdir(mode=0o711, parents=True, exist_ok=True)

    def start(self):
        """Start the services and migrate."""
        self.address = client.attach(self.home)["postgres"]
        self.run("manage.py", "migrate", "--verbosity", "0")

    def enter(self):
        """Become a process of this instance: Django is set up for it."""
        os.environ.update(NMD_VAR_DIR=str(self.home.path), DJANGO_SETTINGS_MODULE=SETTINGS)
        django.setup()

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


class Stocked(Instance):
    """One with so many steps."""

    def __init__(self, steps, seed=1, **options):
        """`options`: those of `stock.load`, which further parts of the name tell apart."""
        busy = ["busy", options.get("clinics", "")] if options else []
        super().__init__("-".join(map(str, [steps, seed, *busy])))
        self.steps, self.seed, self.options = steps, seed, options

    def prepare(self):
        """Start it, and load the stock if it is not there yet."""
        self.start()
        self.run("manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        with self.connect("superuser", autocommit=True) as link:
            if stock.count(link) == 0:
                stock.load(link, self.steps, seed=self.seed, **self.options)
            stock.tidy(link)
