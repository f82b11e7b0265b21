"""Every act begins the same way: lock the case, because a case settles as a whole."""

from django.core.exceptions import ValidationError
from django.db.models import Q

from workflows.models import Case
from workflows.services.settle import held_case
from workflows.services.write import write_columns
from workflows.standing import with_standing

STALE = (
    "Somebody else has changed this step since you opened it. Nothing was saved: "
    "look at what stands there now, then decide again."
)


def lock_case(case):
    """The case under lock. Raises ValidationError when it is closed."""
    locked = with_standing(Case.objects.select_for_update().select_related("clinic", "patient"))
    case = held_case(case.pk) or locked.get(pk=case.pk)
    if case.closed_at:
        raise ValidationError("This case is closed. Open it again before you change it.")
    return case


def lock_step(step, version=None):
    """(case, step, everything done together with it) under the case's lock.

    A step that another one is done together with is acted on through that one. Raises
    ValidationError (code "stale") when somebody acted since `version` was shown.
    """
    case = lock_case(Case(pk=step.case_id))
    steps = {row.pk: row for row in case.steps.filter(_done_with(step.pk))}
    shown = steps[step.pk]
    if shown.twin_of_id:
        steps |= {row.pk: row for row in case.steps.filter(_done_with(shown.twin_of_id))}
    if version is not None and shown.version != int(version):
        raise ValidationError(STALE, code="stale")
    leader = steps.get(shown.twin_of_id, shown)
    together = [leader, *(row for row in steps.values() if row.twin_of_id == leader.pk)]
    return case, leader, together


def lock_table(step, version=None):
    """The same with every step of the case, for an act that settles on them without a second look:

    (case, step, everything done together with it, all steps).
    """
    case = lock_case(Case(pk=step.case_id))
    steps = {row.pk: row for row in case.steps.all()}
    shown = steps[step.pk]
    if version is not None and shown.version != int(version):
        raise ValidationError(STALE, code="stale")
    leader = steps.get(shown.twin_of_id, shown)
    together = [leader, *(row for row in steps.values() if row.twin_of_id == leader.pk)]
    return case, leader, together, list(steps.values())


def _done_with(key):
    return Q(pk=key) | Q(twin_of=key)


def refuse_if_ended(step):
    if step.ended:
        raise ValidationError(f"This step has ended: {step.get_ended_display().lower()}.")


def save_acts(together, **values):
    """Write the same act to every step that is done together."""
    write_columns(together, put_acts(together, **values))


def put_acts(together, **values):
    """The same, not written yet; returns the columns that changed, for settle() to write."""
    for step in together:
        for name, value in values.items():
            setattr(step, name, value)
        step.version += 1
    return [*values, "version"]
