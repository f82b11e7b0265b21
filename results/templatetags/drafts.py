"""The reader's own drafts, beside her lists. Nobody else sees them, and no list counts them."""

from django import template
from django.utils import timezone

from results.drafts.models import Draft
from results.drafts.services import NOTICE

register = template.Library()
SHOWN = 20


@register.inclusion_tag("results/_drafts.html", takes_context=True)
def own_drafts(context, case=None, step=None):
    """Her open drafts: of one step, of one case, or all; those that end soon say so."""
    found = Draft.objects.for_user(context["user"]).open()
    if step is not None:
        found = found.filter(step=step)
    elif case is not None:
        found = found.filter(step__case=case)
    now = timezone.now()
    rows = list(found.select_related("step__patient").order_by("-saved_at")[:SHOWN])
    for row in rows:
        row.expired = row.has_expired(now)
        row.ends_soon = not row.expired and row.expires_at - now <= NOTICE
    return {"rows": rows, "one": step is not None, "names": case is None}
