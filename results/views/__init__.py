"""Record, correct, read, take back: one view of each for every modality."""

from results.views.attachments import attach, file, withdraw
from results.views.drafts import discard, draft
from results.views.record import correct, reading, record
from results.views.report import detail, retract, text
from results.views.search import search
from results.views.trends import trend, trends

__all__ = [
    "attach",
    "correct",
    "detail",
    "discard",
    "draft",
    "file",
    "reading",
    "record",
    "retract",
    "search",
    "text",
    "trend",
    "trends",
    "withdraw",
]
