"""How much each person is told, and what came of it: whoever is told too much stops reading.

Source: `turnaround.md`, requirement 15 (SAFER guide: count, override and median time to act).
"""

from dataclasses import dataclass
from datetime import timedelta

from accounts.planned import fetched

DAYS, MOST = 30, 1000  # of each person the newest so many
PUT_OFF = ["step.acknowledge", "step.snooze", "step.not_reached"]
DONE = [
    *("step.order", "step.book", "step.perform", "step.report", "step.review", "step.tell"),
    *("step.hold", "step.release", "step.assign", "offer.ask", "offer.accept", "offer.decline"),
    *("step.not_needed", "step.declined", "step.cancelled", "step.failed"),
    *("step.unorder", "step.unbook"),
]
# what came of a line is the first thing that anybody did with its step afterwards
TOLD = f"""
SELECT person.title, person.given_name, person.family_name,
  count(*) FILTER (WHERE told.digest_id IS NULL),
  count(told.step_id),
  count(*) FILTER (WHERE came.verb <> ALL(%(put_off)s::text[])),
  count(*) FILTER (WHERE came.verb = ANY(%(put_off)s::text[])),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY came.at - told.sent_at)
    FILTER (WHERE came.verb <> ALL(%(put_off)s::text[]))
FROM accounts_user AS person CROSS JOIN LATERAL (
  SELECT step_id, clinic_id, digest_id, state, sent_at FROM workflows_reminder
  WHERE recipient_id = person.id AND state IN ('sent', 'dead', 'withdrawn')
  ORDER BY id DESC LIMIT {MOST}
) AS told LEFT JOIN LATERAL (
  SELECT verb, at FROM audit_event
  WHERE step_id = told.step_id AND at >= told.sent_at AND verb = ANY(%(answers)s::text[])
  ORDER BY id LIMIT 1
) AS came ON true
WHERE person.id IN (
  SELECT user_id FROM accounts_membership WHERE clinic_id = ANY(%(clinics)s::bigint[])
) AND told.state = 'sent' AND told.clinic_id = ANY(%(clinics)s::bigint[])
  AND told.sent_at > statement_timestamp() - make_interval(days => {DAYS})
GROUP BY person.id ORDER BY 5 DESC, person.family_name
"""  # noqa: S608 - our own words only


@dataclass(frozen=True)
class Volume:
    """What one person was sent in the last DAYS days.

    messages: a daily one counts once. lines: steps that they named, of which something was done
    with `done`, and `put_off` were only acknowledged or given a rest. median: until it was done.
    """

    name: str
    messages: int
    lines: int
    done: int
    put_off: int
    median: timedelta | None

    @property
    def nothing_yet(self):
        return self.lines - self.done - self.put_off

    @property
    def takes(self):
        """ "5 hours", "3 days"; empty where nothing was done."""
        if self.median is None:
            return ""
        hours = round(self.median.total_seconds() / 3600)
        n, word = (hours, "hour") if hours < 48 else (round(hours / 24), "day")
        return f"{n} {word}{'' if n == 1 else 's'}"


def volumes(clinic_keys) -> list[Volume]:
    """Of everybody in some clinics who was told anything, who was told most first. Queries: 1."""
    values = {"clinics": clinic_keys, "put_off": PUT_OFF, "answers": [*PUT_OFF, *DONE]}
    found = fetched(TOLD, values)
    return [Volume(" ".join(filter(None, row[:3])), *row[3:]) for row in found]
