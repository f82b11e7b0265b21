"""A report that has to be looked at again on a day: one open step holds that day."""

from django.db import transaction

from workflows.clock import local_day
from workflows.services.exceptions import _free_code, add_step, mark_not_needed
from workflows.services.lock import lock_case, save_acts
from workflows.services.settle import settle


@transaction.atomic
def look_again(case, *, code, label, captures, due_on, by, at):
    """Keep one open step `code` in the case, due on a day.

    due_on None: nothing of the report has to be looked at again; an open step ends.
    """
    case = lock_case(case)
    waiting = case.steps.filter(code__startswith=code, is_open=True).first()
    if due_on is None:
        if waiting:
            reason = "Nothing in the report is left to look at again"
            mark_not_needed(waiting, reason=reason, by=by, at=at)
        return
    if waiting is None:
        taken = case.steps.filter(code=code).exists()
        add_step(
            case,
            code=_free_code(case, code) if taken else code,
            label=label,
            modality="other",
            captures=captures,
            profile="routine",
            days=(due_on - local_day(at, case.clinic)).days,
            by=by,
            at=at,
        )
        return
    days = (due_on - waiting.activated_on).days
    save_acts([waiting], definition=waiting.definition | {"days": days}, label=label)
    settle(case, by=by, at=at)
