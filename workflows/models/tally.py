"""How many steps are open or done, kept by the transaction that opens or closes them."""

import pgtrigger
from django.db import connection, models, transaction

COUNTED = "(is_open AND twin_of_id IS NULL OR stage = 'done')"  # as lists show them
KEY = "clinic_id, stage, sort_on"
CHANGES = f"""
INSERT INTO workflows_tally ({KEY}, n)
SELECT {KEY}, sum(n) FROM ({{changes}}) AS change GROUP BY {KEY} HAVING sum(n) <> 0;
RETURN NULL;
"""  # noqa: S608 - our own words only
COME = f"SELECT {KEY}, 1 AS n FROM new_steps WHERE {COUNTED}"  # noqa: S608
GONE = f"SELECT {KEY}, -1 FROM old_steps WHERE {COUNTED}"  # noqa: S608
FOLD = f"""
WITH gone AS (
  DELETE FROM workflows_tally WHERE ({KEY}) IN (
    SELECT {KEY} FROM workflows_tally GROUP BY {KEY} HAVING count(*) > 1
  ) RETURNING {KEY}, n
)
INSERT INTO workflows_tally ({KEY}, n)
SELECT {KEY}, sum(n) FROM gone GROUP BY {KEY} HAVING sum(n) <> 0
"""  # noqa: S608
# one statement, so that rows and steps are seen at the same moment
RECOUNT = f"""
WITH gone AS (DELETE FROM workflows_tally)
INSERT INTO workflows_tally ({KEY}, n)
SELECT {KEY}, count(*) FROM workflows_step WHERE {COUNTED} GROUP BY {KEY}
"""  # noqa: S608
WRONG = f"""
SELECT count(*) FROM (
  SELECT {KEY}, count(*) AS n FROM workflows_step WHERE {COUNTED} GROUP BY {KEY}
) AS counted FULL JOIN (
  SELECT {KEY}, sum(n) AS n FROM workflows_tally GROUP BY {KEY} HAVING sum(n) <> 0
) AS kept USING ({KEY}) WHERE counted.n IS DISTINCT FROM kept.n
"""  # noqa: S608


class Tally(models.Model):
    """A change of the number of steps of one stage and day, open or done; their sum is the number.

    Nobody updates a row, so two transactions never wait for each other here; `fold` makes one row
    of several now and then. Triggers of the steps write them, whoever changes a step and how.
    """

    derived_rows = True  # may be deleted and made again: `recount`

    clinic = models.ForeignKey("accounts.Clinic", models.PROTECT, related_name="+", db_index=False)
    stage = models.CharField(max_length=16)
    sort_on = models.DateField()
    n = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["clinic", "stage", "sort_on"], include=["n"], name="workflows_tally_sums"
            )
        ]

    def __str__(self):
        return f"tally {self.pk}"


TRIGGERS = [
    pgtrigger.Trigger(
        name="tally_come",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_steps"),
        func=CHANGES.format(changes=COME),
    ),
    pgtrigger.Trigger(
        name="tally_change",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="old_steps", new="new_steps"),
        func=CHANGES.format(changes=f"{COME} UNION ALL {GONE}"),
    ),
]


def fold():
    """One row for each stage and day of the clinics in scope; the sums stay what they are."""
    _run(FOLD)


def recount():
    """Make the rows of the clinics in scope again from their steps; safe beside people at work."""
    _run(RECOUNT)


def wrong() -> int:
    """Stages and days of the clinics in scope whose sum is not the number of their steps."""
    with connection.cursor() as cursor:
        return cursor.execute(WRONG).fetchone()[0]


def _run(statement):
    """One at a time: a row that another one is writing would be counted with those it stands for.

    The lock waits for no change of a step, and none waits for it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE workflows_tally IN SHARE UPDATE EXCLUSIVE MODE")
        cursor.execute(statement)
