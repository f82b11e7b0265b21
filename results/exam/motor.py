"""Tone by limb, bulk and fasciculations by part of the body."""

from django.db import models
from django.db.models import Q

from clinical.motor_neurons import PARTS
from clinical.vocabulary import humanise, in_sentence
from patients.models import tracked
from results.base import Row, row_of, sided, word, yes_no
from results.exam.models import ExamResult
from results.phenotypes import Side

LIMBS = {"arm": "Arm", "leg": "Leg"}
ASHWORTH = ("0", "1", "1+", "2", "3", "4")
BULK = ("normal", "mild_wasting", "moderate_wasting", "severe_wasting", "hypertrophy")
WASTED = BULK[1:4]


@tracked
class Tone(Row):
    """Ashworth grade of one limb."""

    result = row_of(ExamResult, "tones")
    limb = models.CharField("limb", max_length=4)
    side = models.CharField(max_length=10, choices=Side.choices)
    grade = models.CharField("Ashworth grade", max_length=2)

    class Meta(Row.Meta):
        verbose_name = verbose_name_plural = "tone"
        constraints = [
            models.CheckConstraint(
                name="results_tone_grade_known",
                condition=Q(grade__in=ASHWORTH, limb__in=list(LIMBS)),
            ),
            models.UniqueConstraint(name="results_tone_once", fields=["result", "limb", "side"]),
        ]

    @property
    def title(self):
        return sided(LIMBS[self.limb], self.side)

    @property
    def told(self):
        return f"Ashworth {self.grade}"

    @property
    def mark(self):
        return "" if self.grade == "0" else "high"


@tracked
class Bulk(Row):
    """How a part of the body looks: bulk, and whether it fasciculates; null = not looked for."""

    result = row_of(ExamResult, "bulks")
    part = models.CharField("part", max_length=12)
    side = models.CharField(max_length=10, choices=Side.choices)
    bulk = word("bulk", 20)
    fasciculation = yes_no("fasciculations")

    class Meta(Row.Meta):
        verbose_name = "bulk"
        verbose_name_plural = "bulk and fasciculations"
        constraints = [
            models.CheckConstraint(
                name="results_bulk_known",
                condition=Q(bulk__in=["", *BULK], part__in=list(PARTS))
                & (~Q(bulk="") | Q(fasciculation__isnull=False)),
            ),
            models.UniqueConstraint(name="results_bulk_once", fields=["result", "part", "side"]),
        ]

    @property
    def title(self):
        return sided(PARTS[self.part].label, self.side)

    @property
    def told(self):
        twitches = {True: "fasciculations", False: "no fasciculations", None: ""}
        seen = (humanise(self.bulk).lower() if self.bulk else "", twitches[self.fasciculation])
        return ", ".join(part for part in seen if part)

    @property
    def mark(self):
        return "abnormal" if self.fasciculation or self.bulk not in ("", "normal") else ""

    @property
    def is_wasted(self):
        return self.bulk in WASTED

    @property
    def place(self):
        """ "hand, left" inside a sentence."""
        return in_sentence(self.title)
