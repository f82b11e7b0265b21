"""Hand-over: ask → accept or decline → move. Until somebody accepts, nothing has moved."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from audit.services import record_many
from workflows.clock import calendar_of, local_day
from workflows.models import Case, Offer, Step
from workflows.models.offer import OfferState
from workflows.reminders.notices import notify_offered, notify_returned, withdraw_notices
from workflows.services.cases import assign_case
from workflows.services.exceptions import assign, check_can_take, give
from workflows.services.lock import lock_case, lock_step, refuse_if_ended

DAYS_TO_ANSWER = {"emergency": 1, "urgent": 1, "soon": 2, "routine": 3}  # working days
PLACES = ("clinician", "coordinator")


@transaction.atomic
def offer(step, *, to, by, at, note="", version=None):
    """Ask `to` to take over an open step. Raises ValidationError, writing nothing, where it cannot

    be: a closed step, her own step, no role here, an offer that waits for its answer already.
    """
    case, step, _ = lock_step(step, version)
    refuse_if_ended(step)
    if not step.is_open:
        raise ValidationError("This step is not open; there is nothing to hand over.")
    if to.pk == step.owner_id:
        raise ValidationError({"to": f"{to.short_name} has this step already."})
    check_can_take(to, step.owner_role, case, at)
    if waiting := Offer.objects.asked().filter(step=step).select_related("to_user").first():
        raise ValidationError(f"{waiting.to_user.short_name} has been asked and not answered yet.")
    days = DAYS_TO_ANSWER[step.urgency]
    made = _ask(case, step, step.owner_id, to, by, at, note, days)
    notify_offered([(made, step)], at)
    return made


def _ask(case, step, from_id, to, by, at, note, days):
    day = local_day(at, case.clinic)
    made = Offer.objects.create(
        clinic_id=case.clinic_id,
        case=case,
        step=step,
        from_user_id=from_id,
        to_user=to,
        asked_by=by,
        asked_at=at,
        until=calendar_of(case.clinic).add(day, days),
        note=note,
    )
    _log(by, "offer.ask", [made], at)
    return made


def _log(by, verb, offers, at):
    rows = [
        {
            "clinic_id": each.clinic_id,
            "patient_id": each.case.patient_id,
            "case_id": each.case_id,
            "step_id": each.step_id,
            "detail": {"to": each.to_user_id, "from": each.from_user_id},
        }
        for each in offers
    ]
    record_many(by, verb, rows, at=at)


@transaction.atomic
def accept_offer(made, *, by, at):
    """`by`, who was asked, takes it: the step, or the place in the whole case, is hers now."""
    made = _locked(made, by)
    _answer(made, OfferState.ACCEPTED, at)
    if made.step_id:
        assign(made.step, to=by, by=by, at=at)
    else:
        _take_place(made, by, at)
    _log(by, "offer.accept", [made], at)
    return made


def _take_place(made, by, at):
    """In a whole case: where the other one was responsible, and what was hers by name."""
    case = lock_case(made.case)
    places = {
        role: by if getattr(case, f"{role}_id") == made.from_user_id else getattr(case, role)
        for role in PLACES
    }
    assign_case(case, by=by, at=at, **places)
    for step in case.steps.filter(is_open=True, twin_of=None, assigned_to=made.from_user_id):
        give(step, to=by, by=by, at=at)


@transaction.atomic
def decline_offer(made, *, by, at, reason):
    """It stays with whom it was, who is told."""
    made = _locked(made, by)
    if not (reason or "").strip():
        raise ValidationError({"reason": "Say why you do not take it."})
    _answer(made, OfferState.DECLINED, at, reason.strip())
    _log(by, "offer.decline", [made], at)
    notify_returned(made, at, escalate=False)
    return made


@transaction.atomic
def withdraw_offer(made, *, by, at):
    """The one who asked, or whose work it is, does not want it answered any more."""
    made = _locked(made)
    _answer(made, OfferState.WITHDRAWN, at)
    _log(by, "offer.withdraw", [made], at)
    return made


@transaction.atomic
def notice_return(made, *, by, at):
    """The person who has the work has seen that it came back: it leaves her day."""
    made = Offer.objects.select_for_update().get(pk=made.pk)
    made.noticed_at = at
    made.save(update_fields=["noticed_at"])
    _log(by, "offer.notice", [made], at)
    return made


def _locked(made, by=None):
    """The offer under its case's lock, still open. by: who answers, and only she may."""
    lock_case(Case(pk=made.case_id))
    rows = Offer.objects.select_for_update(of=("self",)).select_related("case", "step", "to_user")
    made = rows.get(pk=made.pk)
    if by is not None and made.to_user_id != by.pk:
        raise ValidationError(f"Only {made.to_user.short_name} was asked, and can answer.")
    if made.state != OfferState.ASKED:
        raise ValidationError(f"This hand-over is {made.get_state_display()} already.")
    return made


def _answer(made, state, at, words=""):
    made.state, made.answered_at, made.answer = state, at, words[:300]
    made.save(update_fields=["state", "answered_at", "answer"])
    withdraw_notices(made)


def offer_everything(person, to, *, clinic, by, at, note=""):
    """A colleague leaves: her place in every open case, and every step that is hers by name.

    Each case in a transaction of its own. Returns (offers made, sentences of what was refused).
    """
    made, refused = [], []
    hers = Case.objects.open().filter(clinic=clinic)
    for case in [
        *hers.filter(clinician=person),
        *hers.filter(coordinator=person).exclude(clinician=person),
    ]:
        try:
            made.append(offer_case(case, person, to=to, by=by, at=at, note=note))
        except ValidationError as refusal:
            refused += [f"{case}: {sentence}" for sentence in refusal.messages]
    named = Step.objects.open().filter(clinic=clinic, assigned_to=person)
    for step in named.exclude(case__in=[each.case_id for each in made]):
        try:
            made.append(offer(step, to=to, by=by, at=at, note=note))
        except ValidationError as refusal:
            refused += [f"{step.label}: {sentence}" for sentence in refusal.messages]
    return made, refused


@transaction.atomic
def offer_case(case, person, *, to, by, at, note=""):
    """Ask `to` to take over the place of `person` in a whole case, with all that is to come."""
    case = lock_case(case)
    roles = [role for role in PLACES if getattr(case, f"{role}_id") == person.pk]
    if not roles:
        raise ValidationError(f"{person.short_name} is not responsible for this case.")
    if to == person:
        raise ValidationError({"to": "Choose somebody else."})
    for role in roles:
        check_can_take(to, role, case, at)
    if Offer.objects.asked().filter(case=case, step=None, from_user=person).exists():
        raise ValidationError("This case has been offered and not answered yet.")
    open_steps = list(case.steps.filter(is_open=True, twin_of=None).order_by("sort_on", "id"))
    days = min((DAYS_TO_ANSWER[step.urgency] for step in open_steps), default=3)
    made = _ask(case, None, person.pk, to, by, at, note, days)
    notify_offered([(made, step) for step in open_steps[:1]], at)
    return made


def lapse_offers(clinic, at):
    """What nobody answered in time goes back to whom it was; she and a second person are told.

    Of a step that has ended meanwhile nobody needs an answer. Run by the hourly sweep. Returns how
    many.
    """
    over = Q(until__lt=local_day(at, clinic)) | Q(step__is_open=False)
    keys = list(Offer.objects.asked().filter(over, clinic=clinic).values_list("pk", flat=True))
    return sum(_lapse(key, at) for key in keys)


@transaction.atomic
def _lapse(key, at):
    rows = Offer.objects.select_for_update(of=("self",), skip_locked=True)
    made = rows.select_related("case", "step").filter(pk=key, state=OfferState.ASKED).first()
    if made is None:
        return 0
    if made.step and not made.step.is_open:
        _answer(made, OfferState.WITHDRAWN, at)
        _log(None, "offer.withdraw", [made], at)
        return 1
    _answer(made, OfferState.LAPSED, at)
    _log(None, "offer.lapse", [made], at)
    notify_returned(made, at, escalate=True)
    return 1
