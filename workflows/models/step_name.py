"""The names that steps of a clinic have: what free text of a list is compared with."""

import pgtrigger
from django.db import connection, models

NEW = """
INSERT INTO workflows_stepname (clinic_id, name)
SELECT DISTINCT clinic_id, label FROM ({steps}) AS step WHERE NOT EXISTS (
  SELECT FROM workflows_stepname AS known
  WHERE known.clinic_id = step.clinic_id AND known.name = step.label
);
"""
ALL = NEW.format(steps="SELECT clinic_id, label FROM workflows_step")
MISSING = """
SELECT count(*) FROM (
  SELECT DISTINCT clinic_id, label FROM workflows_step WHERE is_open AND twin_of_id IS NULL
) AS step WHERE NOT EXISTS (
  SELECT FROM workflows_stepname AS known
  WHERE known.clinic_id = step.clinic_id AND known.name = step.label
)
"""


class StepName(models.Model):
    """A name that a step of a clinic has, or had: a hundred or two, where steps are many.

    Triggers of the steps write them, whoever writes a step and how. Two transactions that bring
    the same new name do not wait for each other: it stands there twice then, which harms nobody.
    """

    derived_rows = True  # may be deleted and made again: `complete`

    clinic = models.ForeignKey("accounts.Clinic", models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["clinic", "name"], name="workflows_stepname_of_clinic")]

    def __str__(self):
        return f"step name {self.pk}"


TRIGGERS = [
    pgtrigger.Trigger(
        name="name_come",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_steps"),
        func=NEW.format(steps="SELECT clinic_id, label FROM new_steps") + "RETURN NULL;",  # noqa: S608
    ),
    pgtrigger.Trigger(
        name="name_change",
        when=pgtrigger.After,
        operation=pgtrigger.UpdateOf("label"),
        condition=pgtrigger.AnyChange("label"),
        func=NEW.format(steps="SELECT NEW.clinic_id, NEW.label") + "RETURN NULL;",
    ),
]


def complete():
    """Add what is missing of the clinics in scope."""
    with connection.cursor() as cursor:
        cursor.execute(ALL)


def missing() -> int:
    """Names of open steps of the clinics in scope that free text would not find."""
    with connection.cursor() as cursor:
        return cursor.execute(MISSING).fetchone()[0]
