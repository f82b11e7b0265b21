"""Keep what is typed, give it back, and end it with its report. A draft is never a result."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from results.drafts.models import Draft, Ended
from results.services import leader_of

PLUMBING = ("csrfmiddlewaretoken", "draft-window", "draft-shown")
NOTICE = timedelta(days=3)  # how long before its end a draft asks for a look
SHOWN = 20
# of a chart, beside the case `held` (workflows.charted): her own
LISTS = {
    "drafts": f"""
      SELECT draft.step_id, step.label, draft.saved_at, draft.expires_at
      FROM workflows_step AS step JOIN results_draft AS draft ON draft.step_id = step.id
      WHERE step.case_id = held.id AND draft.user_id = %(user)s AND draft.ended = ''
      ORDER BY draft.saved_at DESC LIMIT {SHOWN}
    """  # noqa: S608 - our own words
}


class Overtaken(Exception):
    """Another open page of the same person has kept a later draft of this form."""

    def __init__(self, saved_at):
        super().__init__("Another window has kept a later draft.")
        self.saved_at = saved_at


def keep(step, posted, *, by, at):
    """Keep the fields of a form (a QueryDict) as they are. Returns the moment it was kept at.

    Raises Overtaken when another window wrote since this one was opened. One statement where the
    draft exists; what had expired is ended and stays as it was.
    """
    mine = _of(step, by).open()
    values = {
        "data": {
            name: [text.replace("\0", "") for text in typed]  # PostgreSQL keeps no NUL
            for name, typed in posted.lists()
            if name not in PLUMBING
        },
        "step_version": _whole(posted.get("version")) or step.version,
        "window": posted.get("draft-window", "")[:32],
        "saved_at": at,
        "expires_at": at + timedelta(days=settings.NMD_DRAFT_DAYS),
    }
    standing = mine.filter(expires_at__gt=at)
    same = Q(window=values["window"]) | Q(saved_at=_moment(posted.get("draft-shown")))
    if not standing.filter(same).update(**values):
        _refuse_overtaken(standing, at)
        mine.update(ended=Ended.EXPIRED, ended_at=F("expires_at"))
        _begin(step, by, at, values)
    return at


def _refuse_overtaken(standing, at):
    later = standing.values_list("saved_at", flat=True).first()
    if later:
        raise Overtaken(later)


def _begin(step, by, at, values):
    row = Draft(step_id=leader_of(step), clinic_id=step.clinic_id, user=by, started_at=at, **values)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # two windows began in the same moment
        raise Overtaken(at) from None


def own_draft(step, user):
    """The open draft of this person for this step, expired or not, or None."""
    return _of(step, user).open().first()


def end(step, user, how, at):
    """No longer offered; the row stays."""
    _of(step, user).open().update(ended=how, ended_at=at)


def _of(step, user):
    return Draft.objects.filter(step_id=leader_of(step), user=user)


def _whole(text):
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _moment(text):
    try:
        return datetime.fromisoformat(text or "")
    except ValueError:
        return None
