"""By when a report can be expected, from the history of its laboratory and test."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from clinical.engine.dues import usual_days
from clinical.expected import Expected, expected
from workflows.definitions import definition_of

EXPECTED_FROM = [  # the columns of a step that an outlook rests on
    *("clinic", "code", "modality", "label", "captures", "capture_key", "definition", "repeat_of"),
    *("sent_to", "performed_on", "door", "urgency"),
]
LATEST = 200  # a laboratory that has changed is known by what it does now
HISTORY = """
SELECT asked.clinic, asked.test, asked.lab, of.days
FROM unnest(%(clinics)s::bigint[], %(tests)s::text[], %(labs)s::text[]) AS asked(clinic, test, lab)
CROSS JOIN LATERAL (
  SELECT array_agg(latest.days) AS days FROM (
    SELECT reported_on - performed_on AS days FROM workflows_step
    WHERE clinic_id = asked.clinic AND capture_key = asked.test AND sent_to = asked.lab
      AND result_status = 'final' AND reported_on IS NOT NULL AND performed_on IS NOT NULL
    ORDER BY id DESC LIMIT %(latest)s
  ) AS latest
) AS of
"""


@dataclass(frozen=True)
class Outlook:
    """For one step whose report is awaited. `late`: nine of ten such reports would be here."""

    half_by: date
    most_by: date
    rests_on: Expected
    late: bool


def outlook_of(steps, today: date) -> dict[int, Outlook]:
    """{key of step: Outlook} for those whose report is awaited. One query, however many steps."""
    awaited = [step for step in steps if step.door == "reported" and step.performed_on]
    if not awaited:
        return {}
    history = _history({(step.clinic_id, step.capture_key, step.sent_to) for step in awaited})
    found = {}
    for step in awaited:
        days = history[step.clinic_id, step.capture_key, step.sent_to]
        usual = usual_days(definition_of(step), step.urgency)
        if days or usual:
            found[step.pk] = _outlook(step, expected(days, usual), today)
    return found


def _outlook(step, rests_on, today):
    half, most = (step.performed_on + timedelta(days=n) for n in (rests_on.median, rests_on.p90))
    return Outlook(half, most, rests_on, late=today > most)


def _history(asked):
    clinics, tests, labs = zip(*sorted(asked), strict=True)
    values = {"clinics": list(clinics), "tests": list(tests), "labs": list(labs), "latest": LATEST}
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, values)
        return {tuple(row[:3]): row[3] or [] for row in cursor.fetchall()}
