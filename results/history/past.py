"""What a history tells of the time before: when each symptom began, which tests came earlier."""

from datetime import date

from patients.partial import PartialDate
from results.base import sided
from workflows.timeline import FIRST, Moment

# of the reports that stand; what has no date has no place on a timeline
STANDING = """
  SELECT {row} FROM workflows_step AS step
  JOIN results_historyresult AS told ON told.step_id = step.id
  JOIN {table} AS row ON row.result_id = told.id
  WHERE step.case_id = held.id AND {day} IS NOT NULL AND told.status <> 'entered_in_error'
    AND NOT EXISTS (SELECT FROM results_historyresult WHERE replaces_id = told.id)
"""
IN_ORDER = " ORDER BY told.performed_on, row.id"
LISTS = {
    "began": STANDING.format(
        row="row.label, row.side, row.onset_on, row.onset_precision",
        table="results_symptom",
        day="row.onset_on",
    )
    + " AND row.status = 'present'"
    + IN_ORDER,
    "elsewhere": STANDING.format(
        row="row.what, row.outcome, row.place, row.done_on, row.done_precision",
        table="results_earliertest",
        day="row.done_on",
    )
    + IN_ORDER,
}


def moments(case):
    """Moments for the timeline of a case as `charted` reads it, with LISTS.

    A symptom that two histories date is told once, as the later one has it.
    """
    told = {}
    for row in case.lists["began"]:
        title = sided(row["label"], row["side"])
        onset = _partial(row["onset_on"], row["onset_precision"])
        told[title] = Moment(onset, f"Began: {title}", order=(FIRST,))
    for row in case.lists["elsewhere"]:
        what = ": ".join(filter(None, (f"Elsewhere: {row['what']}", row["outcome"])))
        done = _partial(row["done_on"], row["done_precision"])
        told[row["what"], done] = Moment(done, what, row["place"], order=(FIRST,))
    return list(told.values())


def _partial(day, precision):
    return PartialDate(date.fromisoformat(day), precision)
