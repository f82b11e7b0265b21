"""Reminders that are due now, and what became of them: for the benchmark and for the tests."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from accounts.rls import ALL, clinics
from tests import make
from tests.workflows.reminding import FIELDS
from workflows.models import Case, Reminder, Step
from workflows.reminders.deliver import TRIES, TRYING
from workflows.reminders.sweep import plan_missing

LATE_DAYS, OPEN_DAYS = 30, 3  # late, but not yet for a second person
OF_CASE = 20


def owed(doctors, count):
    """Keys of `count` reminders that are due now, one for each late step of the doctors.

    `doctors`: pairs of a clinic and a doctor. The steps are urgent: each is told by itself.
    """
    with clinics(ALL):
        for n, first in enumerate(range(0, count, OF_CASE)):
            _late_steps(*doctors[n % len(doctors)], range(first, min(count, first + OF_CASE)))
    plan_missing()
    with clinics(ALL):
        due = Reminder.objects.filter(state="planned", next_attempt_at__lte=timezone.now())
        keys = list(due.values_list("pk", flat=True))
    if len(keys) != count:
        raise ValueError(f"{len(keys)} reminders are due, not {count}")
    return keys


def _late_steps(clinic, doctor, numbers):
    late, opened = (timezone.localdate() - timedelta(days=n) for n in (LATE_DAYS, OPEN_DAYS))
    case = Case.objects.create(
        clinic=clinic,
        patient=make.patient(clinic, doctor, given_names=f"Nr {numbers[0]}"),
        referral_on=late,
        opened_at=timezone.now(),
        clinician=doctor,
    )
    place = {"clinic": clinic, "case": case, "patient_id": case.patient_id, "urgency": "urgent"}
    fields = FIELDS | place | {"due_on": late, "door_open_since": opened, "owner": doctor}
    Step.objects.bulk_create(Step(code=f"s{number}", **fields) for number in numbers)


def rows_of(keys):
    with clinics(ALL):
        return list(Reminder.objects.filter(pk__in=keys).order_by("pk"))


def none_waits(keys):
    """Whether nothing is on its way or waits for another try."""
    with clinics(ALL):
        return not Reminder.objects.filter(pk__in=keys).exclude(state__in=["sent", "dead"]).exists()


@dataclass
class Outcome:
    """What the rows say, held against what the mail server took."""

    rows: list
    messages: list

    def __post_init__(self):
        self.copies = Counter(message["Message-ID"] for message in self.messages)
        ours = {row.message_id: row for row in self.rows}
        self.lost = [row for row in self.rows if not self.copies[row.message_id]]
        self.strange = set(self.copies) - set(ours)
        self.doubled = [row for key, row in ours.items() if self.copies[key] > 1]
        self.unseen = [row for row in self.doubled if not row.uncertain]
        self.over = [row for row in self.rows if not _in_budget(row)]
        self.two = [key for key, texts in self._texts().items() if len(texts) > 1]

    def _texts(self):
        """Who was told what about which step: more than one text is more than one copy."""
        found = defaultdict(set)
        for message in self.messages:
            text = message.get_body(["plain"]).get_content()
            link = next(word for word in text.split() if "://" in word)
            found[message["To"], link].add((message["Message-ID"], message["Subject"], text))
        return found

    @property
    def broken(self):
        """The promises that were not kept, as words."""
        found = {
            "lost": self.lost,
            "of no reminder": self.strange,
            "doubled and not marked": self.unseen,
            "told in two different copies": self.two,
            "given up or over the budget of tries": self.over,
        }
        return [f"{len(which)} {words}" for words, which in found.items() if which]

    def __str__(self):
        marked = sum(1 for row in self.rows if row.uncertain)
        tries = max(row.attempts for row in self.rows)
        spans = [row.sent_at - row.first_attempt_at for row in self.rows if row.sent_at]
        return (
            f"{self.copies.total():,} messages taken, {len(self.lost)} lost, "
            f"{len(self.doubled)} doubled (one Message-ID each), {len(self.unseen)} of them not "
            f"marked, {marked} marked as maybe doubled, {len(self.two)} told in two different "
            f"copies; at most {tries} of {TRIES} tries, "
            f"{max(spans, default=timedelta()).total_seconds():.0f} s from the first to the last"
        )


def _in_budget(row):
    """Sent, with at most so many tries and so long after the first one."""
    sent = row.state == "sent"
    return sent and row.attempts <= TRIES and row.sent_at - row.first_attempt_at <= TRYING
