"""Where an instance keeps its data, and how its folders stay private.

Everything lies under one home folder (`NMD_VAR_DIR`, by default `var/` in the clone), so that
several instances run side by side and removing the folder removes the instance.
"""

import json
import os
import pwd
import secrets
import stat
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOCKET_PATH_BYTES = 103  # sun_path holds 104 bytes on the smallest system, one of them the end mark
OUTSIDE = Path("/var/lib/nmdtracker")  # for root, where the clone lies in a closed folder


class Unavailable(RuntimeError):
    """An embedded service cannot be had; the message says why and what to do."""


@dataclass(frozen=True)
class Home:
    """The folders of one instance."""

    path: Path

    @classmethod
    def current(cls):
        """The instance that the environment names."""
        return cls((ROOT / os.environ.get("NMD_VAR_DIR", "var")).absolute())

    def folder(self, name, user=None):
        """A folder of the home that only `user` (by default the one running this) may enter."""
        if not self.path.exists():  # root's server runs as another user, who has to pass through
            self.path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        return private_folder(self.path / name, user)

    @property
    def run(self):
        return self.folder("run")

    @property
    def logs(self):
        return self.folder("log")

    @property
    def outbox(self):
        return self.folder("outbox")

    @property
    def state(self):
        """Written when every service answers, gone while they do not."""
        return self.run / "services.json"

    @cached_property
    def server_user(self):
        """The account PostgreSQL runs as: oneself, but `nobody` for root, whom it refuses."""
        return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())

    def postgres(self):
        """The folder above PostgreSQL's data; a link leads outside where its user cannot pass."""
        link = self.path / "pg"
        if link.is_symlink():
            return link.resolve()
        if link.is_dir() or passable(self.folder("run").parent, self.server_user):
            return self.folder("pg", self.server_user)
        OUTSIDE.mkdir(mode=0o711, parents=True, exist_ok=True)
        place = private_folder(OUTSIDE / secrets.token_hex(6), self.server_user)
        link.symlink_to(place)
        return place


def private_folder(path, user=None):
    """Make `path` a folder that only its owner may enter, and hand it to `user`."""
    path.mkdir(mode=0o700, exist_ok=True)
    if user and path.stat().st_uid != user.pw_uid:
        os.chown(path, user.pw_uid, user.pw_gid)
    if stat.S_IMODE(path.stat().st_mode) != 0o700:
        path.chmod(0o700)
    return path


def passable(path, user):
    """Can `user` walk down to `path`? Group rights are not counted: `nobody` has none."""
    path = path.resolve()
    return all(
        p.stat().st_uid == user.pw_uid or p.stat().st_mode & stat.S_IXOTH
        for p in (path, *path.parents)
    )


def socket_folder(preferred, socket_name, user, home):
    """`preferred`, or where a socket's path would be too long, a private temporary folder.

    The temporary folder is noted in the home and used again, so that addresses stay what they were.
    """
    if len(os.fsencode(preferred / socket_name)) <= SOCKET_PATH_BYTES:
        return private_folder(preferred, user)
    note = home.run / f"{preferred.name}-{socket_name.strip('.')}.place"
    if note.exists():
        place = Path(note.read_text())
        if _is_private(place, user):
            return place
    base = tempfile.gettempdir()
    place = Path(tempfile.mkdtemp(prefix="nmd-", dir=base if len(base) < 60 else "/tmp"))  # noqa: S108
    private_folder(place, user)
    write_private(note, str(place))
    return place


def _is_private(path, user):
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    mine = found.st_uid == user.pw_uid and stat.S_IMODE(found.st_mode) == 0o700
    return stat.S_ISDIR(found.st_mode) and mine


def write_private(path, text, user=None):
    """Write a file that only its owner can read; it appears whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    if user:
        os.chown(temporary, user.pw_uid, user.pw_gid)
    Path(temporary).replace(path)


def secret(name, home=None):
    """A password of this instance, made at its first use and kept under `secrets/` (mode 0600)."""
    folder = (home or Home.current()).folder("secrets")
    path = folder / name
    if not path.exists():
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{name}-")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:  # of two processes that come first, one wins and both read its secret
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            Path(temporary).unlink()
    return path.read_text()


def read_json(path):
    """What a runtime file says, or nothing if it is missing or not a whole one."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
