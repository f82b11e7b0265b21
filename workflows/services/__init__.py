"""The acts: each a verb, one transaction, all or nothing, its event included."""

from workflows.services.absences import cancel_absence, move_covered, set_absence
from workflows.services.additions import ask_for, review_and_ask
from workflows.services.attention import acknowledge, snooze, try_in_vain, wake, write_note
from workflows.services.cases import (
    assign_case,
    close_case,
    open_case,
    resettle,
    start_pathway,
)
from workflows.services.diagnoses import set_diagnosis, tell_diagnosis
from workflows.services.doors import (
    book,
    check_bookable,
    check_orderable,
    order,
    perform,
    report,
    review,
    tell,
)
from workflows.services.escalation import offer_escalated
from workflows.services.exceptions import (
    add_step,
    assign,
    cancel,
    chase,
    decline,
    fail_and_repeat,
    hold,
    mark_not_needed,
    release,
    resume,
    unbook,
    unorder,
)
from workflows.services.follow_ups import FollowUp
from workflows.services.offers import (
    accept_offer,
    decline_offer,
    lapse_offers,
    notice_return,
    offer,
    offer_case,
    offer_everything,
    withdraw_offer,
)
from workflows.services.pauses import go_on, pause
from workflows.services.proposals import accept, accept_rule, decline_proposal
from workflows.services.settle import settle

__all__ = [
    "FollowUp",
    "accept",
    "accept_offer",
    "accept_rule",
    "acknowledge",
    "add_step",
    "ask_for",
    "assign",
    "assign_case",
    "book",
    "cancel",
    "cancel_absence",
    "chase",
    "check_bookable",
    "check_orderable",
    "close_case",
    "decline",
    "decline_offer",
    "decline_proposal",
    "fail_and_repeat",
    "go_on",
    "hold",
    "lapse_offers",
    "mark_not_needed",
    "move_covered",
    "notice_return",
    "offer",
    "offer_case",
    "offer_escalated",
    "offer_everything",
    "open_case",
    "order",
    "pause",
    "perform",
    "release",
    "report",
    "resettle",
    "resume",
    "review",
    "review_and_ask",
    "set_absence",
    "set_diagnosis",
    "settle",
    "snooze",
    "start_pathway",
    "tell",
    "tell_diagnosis",
    "try_in_vain",
    "unbook",
    "unorder",
    "wake",
    "withdraw_offer",
    "write_note",
]
