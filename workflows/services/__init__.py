"""The acts: each a verb, one transaction, all or nothing, its event included."""

from workflows.services.cases import (
    assign_case,
    close_case,
    open_case,
    resettle,
    start_pathway,
)
from workflows.services.diagnoses import set_diagnosis, tell_diagnosis
from workflows.services.doors import book, order, perform, report, review, tell
from workflows.services.exceptions import (
    add_step,
    assign,
    cancel,
    decline,
    fail_and_repeat,
    hold,
    mark_not_needed,
    release,
    resume,
)
from workflows.services.follow_ups import look_again
from workflows.services.proposals import accept, accept_rule, decline_proposal
from workflows.services.settle import settle

__all__ = [
    "accept",
    "accept_rule",
    "add_step",
    "assign",
    "assign_case",
    "book",
    "cancel",
    "close_case",
    "decline",
    "decline_proposal",
    "fail_and_repeat",
    "hold",
    "look_again",
    "mark_not_needed",
    "open_case",
    "order",
    "perform",
    "release",
    "report",
    "resettle",
    "resume",
    "review",
    "set_diagnosis",
    "settle",
    "start_pathway",
    "tell",
    "tell_diagnosis",
]
