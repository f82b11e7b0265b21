"""The doors a step passes in order, and the stages that follow from them."""

from enum import StrEnum


class Door(StrEnum):
    """What somebody does to a step; a step is closed when the patient has been told."""

    ORDERED = "ordered"
    PERFORMED = "performed"
    REPORTED = "reported"
    REVIEWED = "reviewed"
    TOLD = "told"


class Stage(StrEnum):
    """Where a step stands; derived, never entered."""

    INACTIVE = "inactive"
    WAITING = "waiting"
    TO_ORDER = "to_order"
    TO_BOOK = "to_book"
    BOOKED = "booked"
    AWAITING_RESULT = "awaiting_result"
    TO_REVIEW = "to_review"
    TO_TELL = "to_tell"
    ON_HOLD = "on_hold"
    DONE = "done"
    NOT_NEEDED = "not_needed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    FAILED = "failed"


OPEN = frozenset(Stage) - {
    Stage.INACTIVE,
    Stage.DONE,
    Stage.NOT_NEEDED,
    Stage.DECLINED,
    Stage.CANCELLED,
    Stage.FAILED,
}
# the words that rules use for a step's stage, facts `step.<code>`
STATUS = {
    Stage.INACTIVE: "inactive",
    Stage.WAITING: "blocked",
    Stage.ON_HOLD: "blocked",
    Stage.TO_ORDER: "ready",
    Stage.TO_BOOK: "ordered",
    Stage.BOOKED: "scheduled",
    Stage.AWAITING_RESULT: "done_awaiting_result",
    Stage.TO_REVIEW: "resulted",
    Stage.TO_TELL: "reviewed",
    Stage.DONE: "reviewed",
    Stage.NOT_NEEDED: "not_needed",
    Stage.DECLINED: "declined",
    Stage.CANCELLED: "cancelled",
    Stage.FAILED: "failed",
}
