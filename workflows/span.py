"""The milestones of a case and the days between them: first symptom, referral, first seen …"""

from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils import timezone

from clinical.vocabulary import vocabulary
from patients.partial import PartialDate, of_day
from workflows.clock import local_day
from workflows.facts import onset_of

ONSET = "First symptom"
MEETING = ("history", "exam")  # modalities for which the patient was seen
TREATMENT = "other:treatment_referral"
SURE = ("probable", "confirmed")
DAYS_PER_MONTH, DAYS_PER_YEAR = 30.4375, 365.25
FEW_DAYS, MANY_MONTHS = 100, 24
WIDE = 1000  # units of the drawing


@dataclass(frozen=True)
class Milestone:
    """A stop, and how long it took to the next: `days` and, where they are many, `about`."""

    label: str
    when: PartialDate
    said: str = ""  # in the words of the patient
    days: str = ""
    about: str = ""


@dataclass(frozen=True)
class Stretch:
    """One part of the drawn line: care, the time before the referral, or when the symptom came."""

    x: int
    width: int
    kind: str  # care, before, unsure


def milestones_of(case, steps, diagnoses):
    """Milestones in the order of their days; the first symptom leads, known or not."""
    onset = Milestone(ONSET, onset_of(case), case.onset_text)
    stops = [Milestone(label, of_day(on)) for label, on in _days(case, steps, diagnoses) if on]
    stops.sort(key=lambda stop: stop.when.on)
    if onset.when.on:
        stops = sorted([onset, *stops], key=lambda stop: stop.when.on)
    else:
        stops = [onset, *stops]
    return [_with_gap(stop, after) for stop, after in pairwise(stops)] + stops[-1:]


def _days(case, steps, diagnoses):
    """(label, day or None) of every milestone that a day can be told of, in their usual order."""

    def first(days):
        return min(days, default=None)

    def local(at):
        return local_day(at, case.clinic)

    done = [step for step in steps if step.performed_on]
    named = [each for each in diagnoses if each.certainty in SURE]
    treated = [step.performed_on for step in done if TREATMENT in step.captured]
    return [
        ("Referral", case.referral_on),
        ("First seen", first(s.performed_on for s in done if s.modality in MEETING)),
        ("Diagnosis", first(local(each.set_at) for each in named)),
        ("Told", first(local(each.told_at) for each in named if each.told_at)),
        (vocabulary().capture_label(TREATMENT), first(treated)),
        ("Closed", local(case.closed_at)) if case.closed_at else ("Today", timezone.localdate()),
    ]


def _with_gap(stop, after):
    if stop.when.on is None:
        return replace(stop, days="time not known")
    low, high = days_between(stop.when, after.when)
    return replace(stop, days=f"{_range(low, high)} d", about=_about(low, high))


def days_between(start, end):
    """(fewest, most) days from one partial date to another; never less than 0."""
    return max(0, (end.on - start.last).days), max(0, (end.last - start.on).days)


def _about(low, high):
    """Many days as months or years, rounded; "" for fewer than a hundred."""
    if high < FEW_DAYS:
        return ""
    months = round(low / DAYS_PER_MONTH), round(high / DAYS_PER_MONTH)
    if months[1] < MANY_MONTHS:
        return f"{_range(*months)} months"
    return f"{_range(round(low / DAYS_PER_YEAR), round(high / DAYS_PER_YEAR))} years"


def _range(low, high):
    low, high = (f"{number:,}".replace(",", "\u2009") for number in (low, high))
    return high if low == high else f"{low}–{high}"


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
