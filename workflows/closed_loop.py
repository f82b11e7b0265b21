"""Of what was reported lately: what was closed, and which abnormal results were read in time."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.models import Clinic
from clinical.engine import Stage
from clinical.pathways import profiles
from workflows.clock import calendar_of, local_day
from workflows.models import Step
from workflows.worklist import OPEN_LOOPS

DAYS = 90
MOST = 2000  # of each: what is open, the newest of what is done
COLUMNS = [
    *("clinic_id", "stage", "flag", "urgency", "reported_at", "reviewed_at"),
    *("case__clinician__title", "case__clinician__given_name", "case__clinician__family_name"),
]


@dataclass
class Loops:
    """Tests of one clinician's cases. judged: abnormal results that were read or should be."""

    name: str
    reported: int = 0
    closed: int = 0
    judged: int = 0
    in_time: int = 0

    @property
    def share(self):
        return round(100 * self.closed / self.reported) if self.reported else None


def closed_loops(clinic_keys, today):
    """Loops of everybody, then of each clinician, the least closed one first. Queries: 3."""
    clinics = Clinic.objects.in_bulk(clinic_keys)
    everybody, by_name = Loops("All"), {}
    for clinic_key, stage, flag, urgency, reported_at, reviewed_at, *name in _rows(clinic_keys):
        clinic = clinics[clinic_key]
        reported_on = local_day(reported_at, clinic)
        if reported_on <= today - timedelta(days=DAYS):
            continue
        due = reported_on + timedelta(days=profiles()[urgency].ack_result_within_days)
        due = calendar_of(clinic).next_working(due)
        read_on = local_day(reviewed_at, clinic) if reviewed_at else None
        name = " ".join(filter(None, name)) or "Nobody named"
        for loops in (everybody, by_name.setdefault(name, Loops(name))):
            loops.reported += 1
            loops.closed += stage == Stage.DONE
            if flag in ("abnormal", "critical"):
                loops.judged += bool(read_on or today > due)
                loops.in_time += bool(read_on and read_on <= due)
    found = sorted(by_name.values(), key=lambda each: (each.share, each.name))
    return [everybody, *found] if found else []


def _rows(clinic_keys):
    here = Step.objects.filter(clinic_id__in=clinic_keys, twin_of=None)
    done = here.filter(stage=Stage.DONE.value).exclude(reported_at=None).order_by("-pk")
    waiting = here.filter(is_open=True, stage__in=OPEN_LOOPS).order_by("sort_on", "pk")
    for found in (waiting, done):
        yield from found.values_list(*COLUMNS)[:MOST]
