"""Record, correct, read, take back: one view of each for every modality."""

from results.views.drafts import discard, draft
from results.views.record import correct, record
from results.views.report import detail, retract

__all__ = ["correct", "detail", "discard", "draft", "record", "retract"]
