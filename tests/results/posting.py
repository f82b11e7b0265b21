"""A form as a browser sends it."""

import re

from django.utils import timezone


def post(page, step, act="record", **fields):
    """Send a report of today; the step is as it stands afterwards."""
    step.refresh_from_db()
    today = timezone.localdate().isoformat()
    data = {"performed_on": today, "status": "final", "version": step.version} | fields
    answer = page.post(f"/results/{act}/{step.pk}/", data)
    step.refresh_from_db()
    return answer


def shown(answer):
    """The page with its white space folded."""
    return re.sub(r"\s+", " ", answer.content.decode())
