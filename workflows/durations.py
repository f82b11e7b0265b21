"""How long the parts of a path take: the middle and the slowest tenth of what was done lately."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, Subquery

from accounts.models import Clinic
from clinical import clocks
from clinical.engine import Stage
from patients.partial import PartialDate, Precision, of_day
from workflows.clock import calendar_of, local_day
from workflows.clocks import MEETING, between
from workflows.models import Case, Pause, Step

LATEST = 1000  # cases, and tests that are done: what a clinic did long ago says little of it now
PARTS = {  # part: (words, does a pause of the case stop its clock?)
    "onset": ("First symptom to referral", False),
    "seen": ("Referral to first seen", True),
    "performed": ("Ordered to performed", True),
    "reported": ("Performed to reported", False),
    "reviewed": ("Reported to reviewed", False),
    "told": ("Reviewed to told", False),
}


@dataclass(frozen=True)
class Rest:
    start: date
    end: date


@dataclass(frozen=True)
class Part:
    """Calendar days count all days; working days leave out those of a pause where it `rests`."""

    words: str
    rests: bool
    calendar: clocks.Spread
    working: clocks.Spread


def durations(clinic_keys):
    """A Part for each part of a path that was ever passed. Queries: clinics, cases, steps, pauses.

    What is still open counts in none: a clinic that leaves tests waiting shows that elsewhere.
    """
    clinics = Clinic.objects.in_bulk(clinic_keys)
    cases, steps = _cases(clinic_keys), _steps(clinic_keys)
    keys = {row["pk"] for row in cases} | {row["case_id"] for row in steps}
    rests = _rests(clinic_keys, keys)
    lengths = defaultdict(list)
    for key, case_key, clinic_key, start, end in _stretches(cases, steps, clinics):
        stops = rests[case_key] if PARTS[key][1] else ()
        calendar = calendar_of(clinics[clinic_key])
        lengths[key].append(between(start, end, calendar, stops))
    return [_part(*PARTS[key], lengths[key]) for key in PARTS if lengths[key]]


def _part(words, rests, lengths):
    """Of a day that is known to its month the middle is taken."""

    def middle(of):
        return clocks.spread((getattr(one, of) + getattr(two, of)) // 2 for one, two in lengths)

    return Part(words, rests, middle("calendar"), middle("working"))


def _cases(clinic_keys):
    met = Step.objects.filter(case=OuterRef("pk"), modality__in=MEETING, twin_of=None)
    first = met.exclude(performed_on=None).order_by("performed_on").values("performed_on")[:1]
    found = Case.objects.filter(clinic_id__in=clinic_keys).annotate(seen_on=Subquery(first))
    columns = ("pk", "clinic_id", "referral_on", "onset_on", "onset_precision", "seen_on")
    return list(found.order_by("-pk").values(*columns)[:LATEST])


def _steps(clinic_keys):
    done = Step.objects.filter(clinic_id__in=clinic_keys, stage=Stage.DONE.value, twin_of=None)
    columns = ("ordered_at", "performed_on", "reported_on", "reviewed_at", "told_at")
    tests = done.exclude(ordered_at=None).order_by("-pk")
    return list(tests.values("case_id", "clinic_id", *columns)[:LATEST])


def _rests(clinic_keys, case_keys):
    found = defaultdict(list)
    pauses = Pause.objects.filter(clinic_id__in=clinic_keys, ends_on__gt=F("starts_on"))
    of = pauses.filter(case_id__in=case_keys).values_list("case_id", "starts_on", "ends_on")
    for case_key, start, end in of:
        found[case_key].append(Rest(start, end))
    return found


def _stretches(cases, steps, clinics):
    """(part, case, clinic, from, to) of what has both ends, in an order that can be."""
    for row in cases:
        at = row["pk"], row["clinic_id"]
        referral, onset = row["referral_on"], PartialDate(row["onset_on"], row["onset_precision"])
        if onset.precision in (Precision.DAY, Precision.MONTH) and onset.on <= referral:
            yield "onset", *at, onset, of_day(referral)
        if row["seen_on"] and row["seen_on"] >= referral:
            yield "seen", *at, of_day(referral), of_day(row["seen_on"])
    for row in steps:
        days = _days(row, clinics[row["clinic_id"]])
        for part, start in zip(DOORS[1:], DOORS, strict=False):
            if days[start] and days[part] and days[start] <= days[part]:
                at = row["case_id"], row["clinic_id"]
                yield part, *at, of_day(days[start]), of_day(days[part])


DOORS = ("ordered", "performed", "reported", "reviewed", "told")


def _days(row, clinic):
    """{door: day or None}. An order entered after the test was done has no day of its own."""
    days = {door: _day(row[f"{door}_at"], clinic) for door in ("ordered", "reviewed", "told")}
    return days | {"performed": row["performed_on"], "reported": row["reported_on"]}


def _day(at, clinic):
    return local_day(at, clinic) if at else None
