"""The engine: from what people did and what is known to what comes next, and why.

`evaluate` is a pure function of a snapshot: no clock, no I/O, the same outcome for the same input.
"""

from clinical.doors import OPEN, STATUS, Door, Stage
from clinical.engine.evaluate import evaluate
from clinical.engine.kinds import (
    Outcome,
    Pause,
    Raised,
    Reason,
    Snapshot,
    Start,
    StepState,
    Verdict,
)
from clinical.workdays import WorkCalendar

__all__ = [
    "OPEN",
    "STATUS",
    "Door",
    "Outcome",
    "Pause",
    "Raised",
    "Reason",
    "Snapshot",
    "Stage",
    "Start",
    "StepState",
    "Verdict",
    "WorkCalendar",
    "evaluate",
]
