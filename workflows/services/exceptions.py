"""Ways beside the five doors: hold, decline, cancel, fail and repeat, not needed, assign."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Role
from audit.models import Event
from workflows.clock import local_day
from workflows.definitions import key_of_captures
from workflows.models import Step
from workflows.models.step import Ended
from workflows.reminders.notices import notify_owner
from workflows.services.doors import _log
from workflows.services.lock import lock_case, lock_step, refuse_if_ended, save_acts
from workflows.services.settle import settle

LONGEST_HOLD = timedelta(days=366)


def _need(reason, sentence):
    if not (reason or "").strip():
        raise ValidationError({"reason": sentence})
    return reason.strip()


@transaction.atomic
def hold(step, *, until, reason, by, at, version=None):
    """Let a step rest until a day, with why."""
    case, step, together = lock_step(step, version)
    refuse_if_ended(step)
    reason = _need(reason, "Say why this step is held.")
    if not until:
        raise ValidationError({"until": "A hold needs a day on which it ends."})
    if until <= local_day(at, case.clinic):
        raise ValidationError({"until": "Choose a day after today."})
    if until > local_day(at, case.clinic) + LONGEST_HOLD:
        raise ValidationError({"until": "A hold ends within a year: then somebody looks again."})
    save_acts(together, held_until=until, hold_reason=reason)
    _log(by, "step.hold", case, step, at, until=str(until))
    settle(case, by=by, at=at)
    return step


@transaction.atomic
def resume(step, *, by, at, version=None):
    case, step, together = lock_step(step, version)
    if not step.held_until:
        raise ValidationError("This step is not on hold.")
    save_acts(together, held_until=None, hold_reason="")
    _log(by, "step.resume", case, step, at)
    settle(case, by=by, at=at)
    return step


@transaction.atomic
def unbook(step, *, by, at, version=None):
    """Take an appointment back: the step is to be booked again."""
    case, step, together = lock_step(step, version)
    refuse_if_ended(step)
    if not step.booked_for or step.performed_on:
        raise ValidationError("There is no appointment to take back.")
    save_acts(together, booked_for=None)
    _log(by, "step.unbook", case, step, at)
    settle(case, by=by, at=at)
    return step


@transaction.atomic
def unorder(step, *, by, at, version=None):
    """Take an order back before anything came of it: the step is to be ordered again."""
    case, step, together = lock_step(step, version)
    refuse_if_ended(step)
    if not step.ordered_at:
        raise ValidationError("There is no order to take back.")
    specimens = Event.objects.filter(step_id=step.pk, verb__startswith="specimen.")
    if step.booked_for or step.performed_on or specimens.exists():
        raise ValidationError(
            "Something has come of this order: a date, a specimen or the test itself. "
            "Take that back first, or cancel the step with why."
        )
    save_acts(together, ordered_at=None, ordered_by=None, sent_to="")
    _log(by, "step.unorder", case, step, at)
    settle(case, by=by, at=at)
    return step


@transaction.atomic
def chase(step, *, by, at, version=None):
    """Remind its owner now, once a day, on a colleague's wish."""
    case, step, _ = lock_step(step, version)
    refuse_if_ended(step)
    if not step.is_open:
        raise ValidationError("This step is not open: nobody has to be reminded.")
    if not notify_owner(case, step, at):
        raise ValidationError("Its owner has been reminded today.")
    _log(by, "step.chase", case, step, at)
    return step


@transaction.atomic
def release(step, *, reason, by, at, version=None):
    """Let a step go on although a rule holds it or an earlier step ended without a result."""
    case, step, together = lock_step(step, version)
    refuse_if_ended(step)
    _need(reason, "Say why this step may go on.")
    save_acts(together, released_at=at)
    _log(by, "step.release", case, step, at)
    settle(case, by=by, at=at)
    return step


def _end(step, how, *, reason, by, at, version=None, rule=""):
    case, step, together = lock_step(step, version)
    refuse_if_ended(step)
    if step.reported_at:
        raise ValidationError("This step has a report: review it and tell the patient.")
    if step.is_critical_unread:
        raise ValidationError(
            "This step has a critical value that nobody has reviewed: record the final report"
            " and review it, or take the report back."
        )
    save_acts(
        together,
        ended=how,
        ended_at=at,
        ended_by=by,
        ended_reason=reason,
        ended_rule=rule,
        held_until=None,
        hold_reason="",
    )
    _log(by, f"step.{how}", case, step, at, rule=rule)
    settle(case, by=by, at=at)
    return step


@transaction.atomic
def decline(step, *, reason, by, at, version=None):
    """The patient does not want this test."""
    reason = _need(reason, "Say what the patient said.")
    return _end(step, Ended.DECLINED, reason=reason, by=by, at=at, version=version)


@transaction.atomic
def cancel(step, *, reason, by, at, version=None):
    reason = _need(reason, "Say why this step is cancelled.")
    return _end(step, Ended.CANCELLED, reason=reason, by=by, at=at, version=version)


@transaction.atomic
def mark_not_needed(step, *, reason, by, at, version=None, rule=""):
    reason = _need(reason, "Say why this step is not needed.")
    return _end(step, Ended.NOT_NEEDED, reason=reason, by=by, at=at, version=version, rule=rule)


@transaction.atomic
def fail_and_repeat(step, *, reason, by, at, version=None):
    """The sample or the test failed: this step ends, a new one asks for it again."""
    reason = _need(reason, "Say what went wrong.")
    failed = _end(step, Ended.FAILED, reason=reason, by=by, at=at, version=version)
    case = lock_case(failed.case)
    again = add_step(
        case,
        code=_free_code(case, failed.code),
        label=failed.label,
        modality=failed.modality,
        captures=failed.captures,
        profile=failed.urgency,
        days=7,
        by=by,
        at=at,
        repeat_of=failed,
    )
    return again


def _free_code(case, code):
    base = code.split(".")[0]
    taken = set(case.steps.filter(code__startswith=base).values_list("code", flat=True))
    return next(f"{base}.{n}" for n in range(2, 1000) if f"{base}.{n}" not in taken)


@transaction.atomic
def add_step(case, *, code, label, modality, captures=(), profile, days, by, at, repeat_of=None):
    """A step that no pathway lists: a repeat, a referral. Due `days` (calendar) after today."""
    case = lock_case(case)
    step = Step.objects.create(
        clinic_id=case.clinic_id,
        case=case,
        patient_id=case.patient_id,
        code=code,
        pathway="",
        modality=modality,
        label=label,
        captures=list(captures),
        capture_key=key_of_captures(captures),
        definition={"days": days, "profile": profile},
        activated_on=local_day(at, case.clinic),
        repeat_of=repeat_of,
    )
    _log(by, "step.add", case, step, at)
    if settle(case, by=by, at=at):
        step.refresh_from_db()
    return step


@transaction.atomic
def assign(step, *, to, by, at, version=None):
    """Make one person the owner of a step as long as its doors are hers to pass. `to` None gives

    it back to its role. Whoever books a test does not become the one who reads its report.
    """
    return give(step, to=to, by=by, at=at, version=version, only_if_hers=True)


def give(step, *, to, by, at, version=None, only_if_hers=False):
    """only_if_hers: refuse where its next door is not hers to pass."""
    case, step, together = lock_step(step, version)
    refuse_if_ended(step)
    if to is not None:
        check_can_take(to, step.owner_role if only_if_hers else "", case, at)
    save_acts(together, assigned_to=to)
    _log(by, "step.assign", case, step, at, to=to.pk if to else None)
    settle(case, by=by, at=at)
    return step


def check_can_take(to, role, case, at):
    """Raises ValidationError unless she works in the clinic and, for a clinician's door, as one."""
    held = to.memberships.active(local_day(at, case.clinic)).filter(clinic_id=case.clinic_id)
    held = set(held.values_list("role", flat=True)) & set(Role.values)
    if not to.is_active or not held:
        raise ValidationError({"to": f"{to.short_name} has no role in this clinic today."})
    if role == Role.CLINICIAN and role not in held:
        raise ValidationError({"to": f"{to.short_name} is no clinician: this needs one."})
