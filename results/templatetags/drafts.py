"""The reader's own drafts, beside her lists. Nobody else sees them, and no list counts them."""

from datetime import datetime

from django import template
from django.utils import timezone

from patients.models import clinics_for
from results.drafts.models import Draft
from results.drafts.services import NOTICE, SHOWN
from workflows.models import Step

register = template.Library()


@register.inclusion_tag("results/_drafts.html", takes_context=True)
def own_drafts(context, case=None, step=None):
    """Her open drafts: of one step, of one case as `charted` reads it, or all.

    Those that end soon say so.
    """
    user, now = context["user"], timezone.now()
    rows = _read_with(case, user) if case is not None else _read(user, step)
    for row in rows:
        row.expired = row.has_expired(now)
        row.ends_soon = not row.expired and row.expires_at - now <= NOTICE
    return {"rows": rows, "one": step is not None, "names": case is None}


def _read(user, step):
    found = Draft.objects.for_user(user).open()
    if step is not None:
        found = found.filter(step=step)
    return list(found.select_related("step__patient").order_by("-saved_at")[:SHOWN])


def _read_with(case, user):
    if case.clinic_id not in clinics_for(user, "record"):
        return []
    return [
        Draft(
            step=Step(pk=row["step_id"], label=row["label"]),
            saved_at=datetime.fromisoformat(row["saved_at"]),
            expires_at=datetime.fromisoformat(row["expires_at"]),
        )
        for row in case.lists["drafts"]
    ]
