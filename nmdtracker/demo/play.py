"""One invented patient's path, walked act by act until today, with the delays of real clinics."""

import heapq
import math
import random
from collections import namedtuple
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from nmdtracker.demo.findings import draft_for
from results.services import record_result
from workflows import services
from workflows.definitions import doors_of
from workflows.models.proposal import CONTRADICTION
from workflows.services.settle import settle_once

DELAYS = {  # stage: median days until somebody acts
    "to_order": 2,
    "to_book": 2,
    "to_review": 1.5,
    "to_tell": 3,
}
WAITS = {  # modality: median days from booking to the test, and from the test to its report
    "history": (4, 0),
    "exam": (4, 0),
    "labs": (2, 3),
    "mri": (16, 8),
    "emg": (18, 3),
    "biopsy": (20, 28),
    "genetics": (5, 38),
    "respiratory": (9, 2),
    "cardiac": (14, 3),
    "other": (7, 4),
}
SENT_TO = {"genetics": "Regional genetics laboratory", "biopsy": "Muscle pathology, Inwood"}
FORGOTTEN = 0.04  # share of acts that nobody thinks of for weeks: what the product exists for
HURRY = {"emergency": 0.05, "urgent": 0.45, "soon": 1.0, "routine": 1.5}
TOLD = ["visit", "phone", "letter", "video"]


Door = namedtuple("Door", "code stage modality urgency reported_at booked_for")
NORMAL = {"outcome": "nothing"}
ABNORMAL = {"outcome": "steps", "note": "As the pathway proposes"}


class Play:
    """Plays one case. Deterministic for a seed: all chance comes from `rng`."""

    def __init__(self, case, scenario, staff, now, seed):
        self.case, self.scenario, self.now = case, scenario, now
        self.rng = random.Random(seed)
        self.zone = ZoneInfo(case.clinic.time_zone)
        self.clinician = case.clinician
        self.coordinator = case.coordinator or self.rng.choice(staff["coordinator"])
        self.agenda, self.planned, self.asked = [], set(), 0

    def run(self):
        self._look(self.case.opened_at)
        while self.agenda:
            at, _, kind, key = heapq.heappop(self.agenda)
            if at > self.now:
                return
            getattr(self, f"_{kind}")(key, at)
            if self.case.closed_at:
                return
            self._look(at)

    def _look(self, at):
        """Plan an act for every door that has opened and every question that was raised."""
        rows = self.case.steps.open().exclude(stage__in=["waiting", "on_hold"]).order_by("code")
        for step in rows.values_list(*Door._fields, named=True):
            mark = (step.code, step.stage, step.reported_at, step.booked_for)
            if mark in self.planned:
                continue
            self.planned.add(mark)
            if step.stage == "booked":
                self._at(max(step.booked_for, at), "step", step.code)
            else:
                self._plan(at, self._days(step), "step", step.code)
        for key in (
            self.case.proposals.filter(state="open").order_by("key").values_list("key", flat=True)
        ):
            if ("proposal", key) not in self.planned:
                self.planned.add(("proposal", key))
                self._plan(at, self._spread(2.5), "proposal", key)

    def _plan(self, at, days, kind, key):
        moment = self._office_hours(at + timedelta(days=days))
        self._at(max(moment, at), kind, key)

    def _at(self, moment, kind, key):
        self.asked += 1  # in the order of asking where two things fall on one moment
        heapq.heappush(self.agenda, (moment, self.asked, kind, key))

    def _days(self, step):
        if step.stage == "awaiting_result":
            median = WAITS[step.modality][1]
        else:
            median = DELAYS.get(step.stage, 2)
        days = self._spread(median) * HURRY[step.urgency]
        return days * self.rng.uniform(8, 20) if self.rng.random() < FORGOTTEN else days

    def _spread(self, median):
        return self.rng.lognormvariate(math.log(median or 0.2), 0.6)

    def _office_hours(self, at):
        """A weekday between 8 and 17."""
        local = at.astimezone(self.zone)
        day = local.date()
        while day.weekday() > 4:
            day += timedelta(days=1)
        hour = time(8 + self.rng.randrange(9), self.rng.randrange(60))
        return datetime.combine(day, hour, self.zone)

    # acts on a step, by the stage it stands in

    def _step(self, code, at):
        step = self.case.steps.get(code=code)
        act = getattr(self, f"_{step.stage}", None)
        if act and step.twin_of_id is None:
            act(step, at)

    def _to_order(self, step, at):
        with settle_once():
            sent_to = SENT_TO.get(step.modality, "")
            services.order(step, by=self.clinician, at=at, sent_to=sent_to)
            if self.rng.random() < 0.8:
                self._to_book(step, at)

    def _to_book(self, step, at):
        wait = self._spread(WAITS[step.modality][0]) * HURRY[step.urgency]
        booked_for = self._office_hours(at + timedelta(days=wait))
        services.book(step, booked_for=max(booked_for, at), by=self.coordinator, at=at)

    def _booked(self, step, at):
        if at < step.booked_for:
            self._at(step.booked_for, "step", step.code)
        elif "ordered" not in doors_of(step):  # seen, concluded and read in one act
            self._record(step, at, by=self.clinician)
        elif self._fails(step):
            services.fail_and_repeat(step, reason="Sample haemolysed", by=self.coordinator, at=at)
        else:
            day = at.astimezone(self.zone).date()
            services.perform(step, performed_on=day, by=self.coordinator, at=at)

    def _fails(self, step):
        return step.modality == "labs" and self.rng.random() < 0.02

    def _awaiting_result(self, step, at):
        self._record(step, at, by=self.coordinator)

    def _record(self, step, at, *, by):
        day = step.performed_on or at.astimezone(self.zone).date()
        draft = draft_for(step, self.scenario, self.rng, self.case.patient)
        draft.performed_on, draft.recorded_at = day, at
        draft.reported_on = self._own_date(step, day, at)
        slow = step.modality in ("biopsy", "genetics") and not step.result_status
        draft.status = "preliminary" if slow and self.rng.random() < 0.06 else "final"
        record_result(step, draft, by=by, at=at, version=step.version)
        if draft.status == "preliminary":
            self._plan(at, self._spread(9), "step", step.code)

    def _own_date(self, step, day, at):
        """Some reports lie about for days before they are entered."""
        if "ordered" not in doors_of(step) or self.rng.random() > 0.25:
            return None
        return max(
            day, (at - timedelta(days=self.rng.randrange(1, 6))).astimezone(self.zone).date()
        )

    def _to_review(self, step, at):
        with settle_once():
            said = NORMAL if step.flag == "normal" else ABNORMAL
            services.review(step, by=self.clinician, at=at, **said)
            if "told" in doors_of(step) and self.rng.random() < 0.4:
                self._to_tell(step, at)

    def _to_tell(self, step, at):
        services.tell(step, how=self.rng.choice(TOLD), by=self.clinician, at=at)

    # questions

    def _proposal(self, key, at):
        proposal = self.case.proposals.filter(key=key, state="open").first()
        if proposal is None or proposal.kind == CONTRADICTION:
            return  # nobody has looked at what contradicts itself yet
        if proposal.kind not in ("alert", "answer", "skip") and self.rng.random() < 0.06:
            reason = "Not in keeping with the whole picture"
            services.decline_proposal(proposal, reason=reason, by=self.clinician, at=at)
        else:
            services.accept(proposal, by=self.clinician, at=at)

    def conclude(self):
        """Name the illness once the conclusion of a disease pathway is on record; close some."""
        done = self.case.steps.filter(code__endswith="_dx", stage__in=["to_tell", "done"])
        step = done.exclude(reviewed_at=None).order_by("reviewed_at").first()
        if step is None or self.case.closed_at:
            return
        at = step.reviewed_at + timedelta(hours=1)
        diagnosis = services.set_diagnosis(
            self.case,
            code=self.scenario["code"],
            certainty=self.scenario["certainty"],
            basis="Conclusion of the team",
            by=self.clinician,
            at=at,
        )
        if at + timedelta(days=4) < self.now:
            services.tell_diagnosis(
                diagnosis, how="visit", by=self.clinician, at=at + timedelta(days=4)
            )
            self._close(at + timedelta(days=9))

    def _close(self, at):
        left = list(self.case.steps.filter(is_open=True))
        if at > self.now or self.rng.random() < 0.5 or any(step.reported_at for step in left):
            return
        services.close_case(
            self.case,
            reason="Diagnosis told; followed in the specialist service",
            not_needed=[step.pk for step in left],
            by=self.clinician,
            at=at,
        )
