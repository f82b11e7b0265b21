"""Totals of functional scales, recorded beside an exam, a study or a conclusion."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from clinical.vocabulary import vocabulary
from results import limits
from results.base import Row, text


class ScoreRow(Row):
    """`total` for a scale of numbers, `grade` for one of words (MGFA IIIa)."""

    scale = models.CharField("scale", max_length=40)
    total = models.DecimalField("total", max_digits=6, decimal_places=1, null=True, blank=True)
    grade = text("grade", 20)
    items = models.JSONField("items", null=True, blank=True)  # {item code: points}
    note = text("note", 300)

    class Meta(Row.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_value",
                condition=Q(total__isnull=False) | ~Q(grade="") | Q(items__isnull=False),
                violation_error_message="A scale needs its total, its grade or its items.",
            )
        ]

    @property
    def title(self):
        scale = vocabulary().scales.get(self.scale)
        return scale.label if scale else self.scale

    @property
    def told(self):
        scale = vocabulary().scales.get(self.scale)
        known_top = scale and scale.maximum and self.total is not None
        return f"{self.value} of {scale.maximum:g}" if known_top else self.value

    @property
    def value(self):
        return self.grade if self.total is None else limits.plain(self.total)

    def number(self):
        total = float(self.total)
        return int(total) if total.is_integer() else total

    def clean(self):
        super().clean()
        scale = vocabulary().scales.get(self.scale)
        if scale is None:
            raise ValidationError({"scale": f"“{self.scale}” is not one of our scales."})
        if self.grade and self.grade not in scale.values:
            raise ValidationError({"grade": f"Write one of {', '.join(scale.values)}."})
        wrong = limits.sentence(self.total, scale.minimum, scale.maximum)
        if not wrong and self.total is not None and self.total % Decimal(str(scale.step)):
            wrong = f"{scale.label} goes in steps of {limits.plain(scale.step)}."
        if wrong:
            raise ValidationError({"total": wrong})


def score_facts(lines):
    """scale.<code>.total: a number, or the grade of a scale of words."""
    facts = {
        f"scale.{line.scale}.total": line.grade if line.total is None else line.number()
        for line in lines
    }
    return {path: value for path, value in facts.items() if path in vocabulary().facts}


def score_captures(lines):
    return [f"scale:{line.scale}" for line in lines]


def in_words(lines):
    scales = vocabulary().scales
    return [f"{scales[line.scale].label} {line.value}" for line in lines if line.scale in scales]
