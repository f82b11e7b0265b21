"""A real SMTP server on the loopback interface that keeps every message: `python -m ...sink`.

A message is acknowledged when it lies whole on the disk as `outbox/<time>-<random>.eml`.
"""

import asyncio
import hashlib
import os
import secrets
import signal
import socket
import sys
from datetime import UTC, datetime
from functools import partial

from aiosmtpd.smtp import SMTP

from .paths import Home, write_private
from .processes import finish

HOST = "127.0.0.1"
LARGEST_BYTES = 10 * 1024 * 1024


class Sink:
    """The sink as a service of the keeper."""

    name = "mail"

    def __init__(self, home: Home):
        self.home, self.note = home, home.run / "mail.port"
        self.tag = "nmd-" + hashlib.sha256(os.fsencode(home.outbox)).hexdigest()[:12]

    def prepare(self):
        finish(self.tag)

    def command(self):
        return [sys.executable, "-m", "nmdtracker.embedded.sink", self.home.path, self.tag]

    def ready(self):
        try:
            with socket.create_connection((HOST, self.address()["port"]), timeout=1) as link:
                return link.recv(64).startswith(b"220 nmd-sink")
        except (OSError, ValueError):
            return False

    def address(self):
        return {"port": int(self.note.read_text())}


class Handler:
    """What the server does with a message."""

    def __init__(self, outbox):
        self.outbox = outbox

    async def handle_DATA(self, server, session, envelope):
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}Z-{secrets.token_hex(4)}.eml"
        trace = "".join(f"Delivered-To: {address}\r\n" for address in envelope.rcpt_tos)
        content = f"Return-Path: <{envelope.mail_from}>\r\n{trace}".encode() + envelope.content
        await asyncio.to_thread(_store, self.outbox / name, content)
        return "250 OK"


def _store(path, content):
    temporary = path.with_suffix(".part")
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _listen(note):
    """A listening socket, on the port of last time if it is free: settings remember it."""
    last = int(note.read_text()) if note.exists() else 0
    for port in (last, 0):
        try:
            return socket.create_server((HOST, port))
        except OSError:
            if not port:
                raise
    return None


async def serve(home):
    note, outbox = home.run / "mail.port", home.outbox
    for broken in outbox.glob("*.part"):
        broken.unlink()
    listener = _listen(note)
    loop = asyncio.get_running_loop()
    made = partial(SMTP, Handler(outbox), hostname="nmd-sink", data_size_limit=LARGEST_BYTES)
    server = await loop.create_server(partial(made, loop=loop), sock=listener)
    write_private(note, str(listener.getsockname()[1]))
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(Home.current()))
