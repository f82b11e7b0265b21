"""Read what the mail sink has kept."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from .paths import Home


@dataclass(frozen=True)
class Stored:
    """One message, when it came and how its file is called."""

    name: str
    received_at: datetime
    message: EmailMessage

    @property
    def recipients(self):
        return [str(address) for address in self.message.get_all("Delivered-To", [])]

    @property
    def text(self):
        body = self.message.get_body(("plain", "html"))
        return body.get_content().replace("\r\n", "\n") if body else ""


def messages(limit=200, home=None):
    """The last messages that the sink took, newest first."""
    folder = (home or Home.current()).outbox
    newest = sorted(folder.glob("*.eml"), reverse=True)[:limit]
    return [_read(path) for path in newest]


def _read(path):
    stamp = path.name.partition("Z-")[0]
    received = datetime.strptime(stamp, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    return Stored(path.stem, received, message_from_bytes(path.read_bytes(), policy=policy.default))
