"""Functional scales, recorded beside an exam, a study or a conclusion: a total, or its items."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from clinical.scores import item_sum
from clinical.vocabulary import humanise, vocabulary
from results import limits
from results.base import Row, text


class ScoreRow(Row):
    """`total` for a scale of numbers, `grade` for one of words (MGFA IIIa).

    `items` are {item code: points}. Complete ones give the total; while one is missing there is
    none.
    """

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
    def known(self):
        """The scale in the vocabulary, or None."""
        return vocabulary().scales.get(self.scale)

    @property
    def title(self):
        return self.known.label if self.known else self.scale

    @property
    def told(self):
        top = self.known and self.known.maximum
        value = f"{self.value} of {top:g}" if top and self.total is not None else self.value
        return "; ".join(part for part in (value, self.subscores, self.items_told) if part)

    @property
    def value(self):
        if self.total is None and not self.grade:
            return f"no total, {len(self.items or {})} of {len(self.known.items)} items"
        return self.grade if self.total is None else limits.plain(self.total)

    @property
    def subscores(self):
        """ "bulbar 10, fine motor 12", as far as their items are there."""
        if not self.items or not self.known:
            return ""
        found = item_sum(self.known, self.items).subscores
        return ", ".join(f"{humanise(name).lower()} {points}" for name, points in found.items())

    @property
    def items_told(self):
        """Each item with its points, in the order of the scale; a missing one is –."""
        if not self.items or not self.known:
            return ""
        points = [(item.label.lower(), self.items.get(item.code, "–")) for item in self.known.items]
        if all(label.startswith("item ") for label, _ in points):
            return "items " + " ".join(str(value) for _, value in points)
        return ", ".join(f"{label} {value}" for label, value in points)

    def number(self):
        total = float(self.total)
        return int(total) if total.is_integer() else total

    def clean(self):
        super().clean()
        if self.known is None:
            raise ValidationError({"scale": f"“{self.scale}” is not one of our scales."})
        if self.grade and self.grade not in self.known.values:
            raise ValidationError({"grade": f"Write one of {', '.join(self.known.values)}."})
        wrong = self._wrong_total() or self._wrong_items()
        if wrong:
            raise ValidationError({"total": wrong})

    def _wrong_total(self):
        scale = self.known
        wrong = limits.sentence(self.total, scale.minimum, scale.maximum)
        if wrong or self.total is None:
            return wrong
        if self.total % Decimal(str(scale.step)):
            return f"{scale.label} goes in steps of {limits.plain(scale.step)}."
        if float(self.total) in scale.invalid:
            return f"{scale.label} has no {limits.plain(self.total)}."
        return ""

    def _wrong_items(self):
        if not self.items:
            return ""
        try:
            found = item_sum(self.known, self.items)
        except ValueError:
            return f"An item of {self.known.label} is out of its range."
        if self.total is None or self.total == found.total:
            return ""
        if found.total is None:
            labels = {item.code: item.label for item in self.known.items}
            missing = ", ".join(labels[code] for code in found.missing[:3])
            return f"Items are missing ({missing}): fill them in, or leave the total empty."
        return f"The items add up to {found.total}, not {limits.plain(self.total)}."


def score_facts(lines):
    """scale.<code>.total: a number, or the grade of a scale of words; none without a total."""
    facts = {
        f"scale.{line.scale}.total": line.grade if line.total is None else line.number()
        for line in lines
        if is_complete(line)
    }
    return {path: value for path, value in facts.items() if path in vocabulary().facts}


def is_complete(line):
    return line.total is not None or bool(line.grade)


def score_captures(lines):
    return [f"scale:{line.scale}" for line in lines if is_complete(line)]


def in_words(lines):
    return [f"{line.known.label} {line.value}" for line in lines if line.known]
