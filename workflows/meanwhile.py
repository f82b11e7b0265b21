"""What became of a step since somebody looked at it."""

from audit.models import Event
from workflows.say import event_words

LOOKS = ["step.view"]
SILENT = [*LOOKS, "step.chase"]  # neither changes the step
MOST = 5


def changes_since(step, version):
    """Events in words, newest first, that made `step` newer than `version`; none: nothing did.

    What a rule or an act on the whole case did to it is the last event that is known of the step.
    """
    newer = step.version - version
    return _latest(step, min(newer, MOST)) if newer > 0 else []


def last_change(step):
    """The latest act in words, or nothing yet."""
    return next(iter(_latest(step, 1, silent=LOOKS)), None)


def _latest(step, many, silent=SILENT):
    found = Event.objects.filter(step_id=step.twin_of_id or step.pk).exclude(verb__in=silent)
    return [event_words(each) for each in found.select_related("actor").order_by("-id")[:many]]
