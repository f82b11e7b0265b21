"""Record, correct, take back a result: the typed rows and the step's move, all or nothing."""

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.services import collected
from clinical.engine import Door
from patients.models import clinics_for
from results.base import Status
from results.drafts.models import ending
from results.registry import MODALITIES
from results.rows import insert_rows
from workflows.definitions import doors_of
from workflows.services import FollowUp, report

FINAL = (Status.FINAL, Status.CORRECTED)


def model_for(step):
    return MODALITIES[step.modality].model


def leader_of(step):
    """Key of the step that carries the report: of two done together, the leading one."""
    return step.twin_of_id or step.pk


def reviewer(step, by):
    """The clinician for whom recording is reviewing (history, exam, decisions), or None."""
    if Door.ORDERED in doors_of(step) or not getattr(by, "pk", None):
        return None
    return by if step.clinic_id in clinics_for(by, "decide") else None


def current_result(step):
    """The row that stands for this step now (the end of its chain of corrections), or None."""
    chain = model_for(step).objects.filter(step_id=leader_of(step), replaced_by=None)
    return chain.order_by("-pk").first()


@transaction.atomic
def record_result(step, draft, *, by, at, version):
    """Save a draft (unsaved result with_rows) and move the step on.

    draft.status is preliminary or final. After a preliminary report, or after one that was
    entered in error, the draft replaces it. Raises ValidationError, writing nothing: code "stale"
    when the step has moved on since `version`, else what is wrong in words.
    """
    if draft.status not in (Status.PRELIMINARY, Status.FINAL):
        raise ValidationError("A new report is preliminary or final.")
    earlier = current_result(step) if step.result_status else None
    if earlier and earlier.status in FINAL:
        raise ValidationError(
            "This step has a final report. Correct that one; nothing was saved.", code="stale"
        )
    return _save(step, draft, earlier, by=by, at=at, version=version)


@transaction.atomic
def correct_result(step, draft, *, by, at, version, reason):
    """Save a draft in the place of the report that stands; the earlier one stays on record.

    Re-opens the review door. Raises ValidationError like record_result.
    """
    earlier = current_result(step)
    if earlier is None or earlier.status not in FINAL:
        raise ValidationError("There is no final report to correct yet.")
    if not reason.strip():
        raise ValidationError({"correction_reason": "Say why this report is corrected."})
    draft.status, draft.correction_reason = Status.CORRECTED, reason.strip()
    return _save(step, draft, earlier, by=by, at=at, version=version)


@transaction.atomic
def mark_entered_in_error(step, *, by, at, version, reason):
    """Take a report back (wrong patient, wrong test). Its values stay readable, its facts go."""
    standing = current_result(step)
    if standing is None or standing.status == Status.ENTERED_IN_ERROR:
        raise ValidationError("There is no report to take back.")
    if not reason.strip():
        raise ValidationError({"correction_reason": "Say why this report is taken back."})
    standing.status, standing.correction_reason = Status.ENTERED_IN_ERROR, reason.strip()
    _report(
        step,
        standing,
        Status.ENTERED_IN_ERROR,
        follow_up=_follow_up(standing),
        facts={},
        captures=(),
        summary="Entered in error",
        flag="",
        by=by,
        at=at,
        version=version,
    )
    standing.save(update_fields=["status", "correction_reason"])
    return standing


def _save(step, draft, earlier, *, by, at, version):
    draft.step, draft.clinic_id = step.twin_of or step, step.clinic_id
    draft.recorded_by, draft.recorded_at = (by if getattr(by, "pk", None) else None), at
    draft.replaces = earlier
    for line in draft.all_rows():
        line.clinic_id = step.clinic_id
    draft.check_draft()
    with collected() as events:
        _report_draft(step, draft, by=by, at=at, version=version)  # locks, and refuses what is late
        draft.save(force_insert=True)
        draft.save_beside(by=by)
    rows = [events, *(_placed(draft, name) for name in draft.ROWS)]
    insert_rows(rows, beside=[ending(draft.step_id, by, at)])
    return draft


def _report_draft(step, draft, **who):
    _report(
        step,
        draft,
        draft.status,
        facts=draft.facts(),
        captures=draft.captures(),
        summary=draft.summary(),
        flag=draft.flag(),
        reported_on=draft.reported_on,
        follow_up=_follow_up(draft),
        **who,
    )


def _follow_up(result):
    """What has to be looked at again is a step with an owner and a day, not a note."""
    what = result.LOOK_AGAIN
    if not what or result.status == Status.PRELIMINARY:
        return None
    due_on = None if result.status == Status.ENTERED_IN_ERROR else result.look_again_on()
    return FollowUp(**what | {"code": f"{what['code']}_{result.step_id}", "due_on": due_on})


def _report(step, result, status, *, facts, captures, summary, flag, **who):
    report(
        step,
        facts=facts,
        captures=list(dict.fromkeys(captures)),
        summary=summary,
        flag=str(flag),
        status=str(status),
        performed_on=result.performed_on or step.performed_on,
        reviewed_by=reviewer(step, who["by"]),
        **who,
    )


def _placed(draft, name):
    """The lines `name` in their order, as lines of this result."""
    lines = draft.rows(name)
    for at, line in enumerate(lines):
        line.position, line.result = at, draft
    return lines
