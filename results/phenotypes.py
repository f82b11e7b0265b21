"""A symptom or sign that was asked for or looked for: present, absent, or not known."""

from django.db import models
from django.db.models import Q

from clinical.vocabulary import vocabulary
from results.base import Row, sided, text, word


class Presence(models.TextChoices):
    PRESENT = "present", "Present"
    ABSENT = "absent", "Absent"
    UNKNOWN = "unknown", "Not known"


class Side(models.TextChoices):
    LEFT = "left", "Left"
    RIGHT = "right", "Right"
    BILATERAL = "bilateral", "Both sides"
    MIDLINE = "midline", "Midline"


class PhenotypeRow(Row):
    """`code` is ours, or "" for a term we do not know: its HPO id and label are kept as given."""

    hpo_id = models.CharField("HPO term", max_length=20, blank=True, default="")
    label = text("label", 300)
    code = word("code of the vocabulary", 40)
    status = models.CharField(max_length=8, choices=Presence.choices)
    side = word("side", 10)
    note = text("note", 500)

    class Meta(Row.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_status_known",
                condition=Q(status__in=Presence.values),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_named",
                condition=~Q(hpo_id="") | ~Q(code="") | ~Q(label=""),
                violation_error_message="A finding needs a term or a name.",
            ),
        ]

    @classmethod
    def of(cls, code, status, **fields):
        """A row for a phenotype of our vocabulary (KeyError if it is none)."""
        known = vocabulary().phenotypes[code]
        return cls(hpo_id=known.hpo, label=known.label, code=code, status=status, **fields)

    @property
    def title(self):
        return sided(self.label, self.side)

    @property
    def told(self):
        answer = {"present": "yes", "absent": "no"}.get(self.status, "not known")
        return ", ".join(part for part in (answer, *self.circumstances(), self.note) if part)

    def circumstances(self):
        return ()

    @property
    def mark(self):
        return "red flag" if self.red_flag else ""

    @property
    def red_flag(self):
        known = vocabulary().phenotypes.get(self.code)
        return bool(known and known.red_flag and self.status == Presence.PRESENT)


def phenotype_facts(lines):
    """{ph.<code>: present | absent}; a finding present on one side is present."""
    facts = {}
    for line in lines:
        path = f"ph.{line.code}"
        if line.code and line.status != Presence.UNKNOWN and facts.get(path) != Presence.PRESENT:
            facts[path] = str(line.status)
    return facts


def phenotype_captures(lines):
    return [f"ph:{line.code}" for line in lines if line.code and line.status != Presence.UNKNOWN]


def named(lines, status=Presence.PRESENT):
    """Labels of the findings with this status, red flags first."""
    chosen = sorted((line for line in lines if line.status == status), key=lambda x: not x.red_flag)
    return [line.label for line in chosen]
