"""The milestones of a case and the days between them: first symptom, referral, first seen …"""

from dataclasses import dataclass
from itertools import pairwise

from django.urls import reverse
from django.utils import timezone

from clinical.vocabulary import vocabulary
from patients.partial import of_day
from workflows.clock import local_day
from workflows.clocks import ONSET, Stop, beginning, in_order, performed

TREATMENT = "other:treatment_referral"
SURE = ("probable", "confirmed")
WIDE = 1000  # units of the drawing


@dataclass(frozen=True)
class Stretch:
    """One part of the drawn line: care, the time before the referral, or when the symptom came."""

    x: int
    width: int
    kind: str  # care, before, unsure


def milestones_of(case, steps, diagnoses, names):
    """Stops of a case in the order of their days. `names`: of all who recorded something."""
    return in_order([*beginning(case, steps, names), *_later(case, steps, diagnoses, names)], case)


def _later(case, steps, diagnoses, names):
    named = [each for each in diagnoses if each.certainty in SURE]
    told = [each.told_at for each in named if each.told_at]
    here = f"{reverse('workflows:case', args=[case.pk])}#h-dx"
    if named:
        on = local_day(min(each.set_at for each in named), case.clinic)
        yield Stop("Diagnosis", of_day(on), href=here)
    if told:
        yield Stop("Told", of_day(local_day(min(told), case.clinic)), href=here, rests=False)
    treated = [step for step in steps if step.performed_on and TREATMENT in step.captured]
    if treated:
        first = min(treated, key=lambda step: step.performed_on)
        yield performed(first, vocabulary().capture_label(TREATMENT), case, names)
    if case.closed_at:
        yield Stop("Closed", of_day(local_day(case.closed_at, case.clinic)))
    else:
        yield Stop("Today", of_day(timezone.localdate()))


def line_of(milestones):
    """The milestones as stretches of one line, each as long as its time; [] for a single day."""
    known = [stop for stop in milestones if stop.when.on]
    start, end = known[0].when.on, known[-1].when.on
    if (total := (end - start).days) <= 0:
        return []

    def x(day):
        return round(WIDE * (day - start).days / total)

    line = []
    for one, other in pairwise(known):
        sure = min(one.when.last, other.when.on)
        kind = "before" if one.label == ONSET else "care"
        line.append(Stretch(x(one.when.on), x(sure) - x(one.when.on), "unsure"))
        line.append(Stretch(x(sure), x(other.when.on) - x(sure), kind))
    return [each for each in line if each.width > 0]
