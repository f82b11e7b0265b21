"""What a history tells of the time before: when each symptom began, which tests came earlier."""

from patients.partial import PartialDate
from results.base import Status
from results.history.models import EarlierTest, HistoryResult, Symptom
from results.phenotypes import Presence
from workflows.timeline import FIRST, Moment


def moments(case):
    """Moments for the timeline of a case, from the reports that stand; what has no date has none.

    Two queries. A symptom that two histories date is told once, as the later one has it.
    """
    standing = HistoryResult.objects.filter(step__case=case, replaced_by=None)
    standing = standing.exclude(status=Status.ENTERED_IN_ERROR)
    began = Symptom.objects.filter(result__in=standing, status=Presence.PRESENT)
    began = began.exclude(onset_on=None).order_by("result__performed_on", "pk")
    tests = EarlierTest.objects.filter(result__in=standing).exclude(done_on=None)
    told = {}
    for row in began:
        onset = PartialDate(row.onset_on, row.onset_precision)
        told[row.title] = Moment(onset, f"Began: {row.title}", order=(FIRST,))
    for row in tests.order_by("result__performed_on", "pk"):
        what = ": ".join(filter(None, (f"Elsewhere: {row.what}", row.outcome)))
        told[row.what, row.done] = Moment(row.done, what, row.place, order=(FIRST,))
    return list(told.values())
