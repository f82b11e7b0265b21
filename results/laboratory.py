"""A laboratory value: as reported, with the laboratory's own limits, and as a fact in our unit."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from clinical.vocabulary import humanise, plain_unit, vocabulary
from results import limits
from results.base import Flag, Row, text, word
from results.labs import units

COMPARATORS = ("", "<", "<=", ">", ">=", "~")
KPA_PER_MMHG = 0.133322
NEGATIVE_RESULTS = {"negative", "no_m_protein"}
ABNORMAL = {"low", "high", "positive", "equivocal"}
CRITICAL = {"critical_low", "critical_high"}


def between(low, high):
    """40–250, ≤ 250, ≥ 40, or "" where there is no limit."""
    low, high = (None if n is None else limits.plain(n) for n in (low, high))
    if low and high:
        return f"{low}–{high}"
    return f"≤ {high}" if high else f"≥ {low}" if low else ""


def quantity(label):
    return models.DecimalField(label, max_digits=18, decimal_places=6, null=True, blank=True)


class LabRow(Row):
    """One analyte. `analyte` is ours, or "" for a test we do not know: its name is kept as given.

    value_num, low and high are in `unit`, as reported. The laboratory's limits always win.
    """

    analyte = word("analyte", 40)
    name_as_given = text("name as given", 200)
    code_as_given = text("code as given", 60)
    value_num = quantity("value")
    comparator = models.CharField("more or less than", max_length=2, blank=True, default="")
    unit = text("unit", 30)
    value_text = text("value in words", 500)
    low = quantity("lower limit")
    high = quantity("upper limit")
    stated_flag = word("flag", 14)
    note = text("note", 500)

    class Meta(Row.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_named",
                condition=~Q(analyte="") | ~Q(name_as_given=""),
                violation_error_message="A value needs the name of its test.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_has_value",
                condition=Q(value_num__isnull=False) | ~Q(value_text="") | ~Q(stated_flag=""),
                violation_error_message="Write the value or how it was judged.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_not_negative",
                condition=Q(value_num=None) | Q(value_num__gte=0) | Q(analyte=""),
                violation_error_message="A measured amount cannot be below 0.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_limits_in_order",
                condition=Q(low=None) | Q(high=None) | Q(low__lte=F("high")),
                violation_error_message="The lower limit lies above the upper one.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_comparator",
                condition=Q(comparator__in=COMPARATORS),
            ),
        ]

    @property
    def known(self):
        """The vocabulary's analyte, or None."""
        return vocabulary().analytes.get(self.analyte)

    @property
    def label(self):
        return self.known.label if self.known else self.name_as_given

    def clean(self):
        super().clean()
        wrong = {}
        if self.analyte and self.known is None:
            wrong["analyte"] = f"“{self.analyte}” is not one of our tests."
        if self.analyte and (below := limits.sentence(self.value_num, 0, None)):
            wrong["value_num"] = below
        if self.low is not None and self.high is not None and self.low > self.high:
            wrong["low"] = "The lower limit lies above the upper one."
        if self.known and self.value_num is not None and self.amount() is None:
            expected = " or ".join([self.known.unit, *units.alternatives(self.known)])
            wrong["unit"] = f"{self.known.label} in “{self.unit}”: expected {expected}."
        if wrong:
            raise ValidationError(wrong)

    def amount(self, number=None):
        """value_num (or another number of this row) in the vocabulary's unit, else None."""
        number = self.value_num if number is None else number
        return units.convert(self.known, number, self.unit) if self.known else None

    @property
    def flag(self):
        """As the laboratory judged it; else by its limits; "" when nobody can tell."""
        if self.stated_flag or self.known is None:
            return self.stated_flag
        if self.value_num is not None:
            value, low, high = (self.in_our_unit(n) for n in (self.value_num, self.low, self.high))
            found = None if value is None else self.known.flag(value, low, high)
            return "" if found is None else str(found)
        if self.value_text in self.known.results:
            return "negative" if self.value_text in NEGATIVE_RESULTS else "positive"
        return ""

    def in_our_unit(self, number):
        """A number of this row in the vocabulary's unit, for people and facts; None if unknown."""
        converted = None if number is None else self.amount(number)
        value = None if converted is None else round(float(converted), 6)
        return int(value) if value is not None and value.is_integer() else value

    def facts(self):
        """lab.<analyte>.value, .flag, .x_uln. A bound ("> 20 000") counts as its number."""
        if self.known is None or self.flag == "not_tested":
            return {}
        path, found = f"lab.{self.analyte}", {}
        if self.flag:
            found[f"{path}.flag"] = self.flag
        value = self.in_our_unit(self.value_num)
        if value is not None and self.known.value_type == "numeric":
            found[f"{path}.value"] = value
            times = self.known.x_uln(value, self.in_our_unit(self.high))
            if times is not None:
                found[f"{path}.x_uln"] = round(times, 4)
            if self.analyte == "pco2_arterial":
                found["resp.pco2_kpa"] = round(value * KPA_PER_MMHG, 3)
        return found

    @property
    def title(self):
        return self.label

    @property
    def told(self):
        return f"{self._shown()} {self.limits_in_words()}".strip()

    def _shown(self):
        """The value as reported; a coded word of the vocabulary is spelled out."""
        if self.value_num is not None:
            number = limits.plain(self.value_num)
            return f"{self.comparator} {number} {plain_unit(self.unit)}".strip()
        if self.known and self.value_text in self.known.results:
            return humanise(self.value_text)
        return self.value_text or self.flag.replace("_", " ")

    def limits_in_words(self):
        """(40–250), (≤ 250), (≥ 40): the laboratory's limits as printed."""
        words = between(self.low, self.high)
        return f"({words})" if words else ""

    @property
    def mark(self):
        return {"critical_low": "critical", "critical_high": "critical"}.get(
            self.flag, self.flag if self.flag in ABNORMAL else ""
        )

    def in_words(self):
        """CK 15 000 U/L (75 × the upper limit): as a list shows it."""
        shown = self._shown()
        name = self.known.short if self.known else self.name_as_given
        arrow = {"high": " ▲", "low": " ▼", "critical_high": " ▲▲", "critical_low": " ▼▼"}
        return f"{name} {shown}{arrow.get(self.flag, '')}"


def default_limits(lines, sex, age_years):
    """Give the vocabulary's limits for this sex and age to lines in its unit that have none."""
    for line in lines:
        bare = line.value_num is not None and line.low is None and line.high is None
        if bare and line.known and units.spell(line.unit) == line.known.unit:
            limits_of = line.known.limits(sex, age_years)
            line.low, line.high = (None if n is None else Decimal(str(n)) for n in limits_of)
    return lines


def lab_facts(lines):
    found = {}
    for line in lines:
        found |= line.facts()
    return found


def lab_captures(lines):
    return [f"lab:{line.analyte}" for line in lines if line.analyte and line.flag != "not_tested"]


def lab_flag(lines):
    """The worst of the lines; "" when none of them was judged."""
    flags = {line.flag for line in lines} - {"", "not_tested"}
    if flags & CRITICAL:
        return Flag.CRITICAL
    if flags & ABNORMAL:
        return Flag.ABNORMAL
    return Flag.NORMAL if flags else ""


def worst_first(lines):
    order = {"critical_low": 0, "critical_high": 0, "positive": 1, "high": 2, "low": 2}
    return sorted(lines, key=lambda line: order.get(line.flag, 3))
