"""Dates as people know them: a year, a month of a year, a day, or not at all.

Stored as a date (the first day that fits) and its precision, so that lists can be sorted and
nobody reads "1 January 1968" where only the year was known.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

PATTERN = re.compile(r"(?P<year>\d{4})(-(?P<month>\d{1,2})(-(?P<day>\d{1,2}))?)?")
EXPECTED = "Write a year (1968), a month (1968-03) or a day (1968-03-21)."


class Precision(models.TextChoices):
    DAY = "day", "day"
    MONTH = "month", "month"
    YEAR = "year", "year"
    UNKNOWN = "unknown", "unknown"


@dataclass(frozen=True, slots=True)
class PartialDate:
    on: date | None
    precision: str

    def __str__(self):
        if self.on is None:
            return ""
        return self.on.isoformat()[: {"year": 4, "month": 7}.get(self.precision)]

    @property
    def last(self):
        """The last day that fits; None if unknown."""
        if self.on is None or self.precision == Precision.DAY:
            return self.on
        if self.precision == Precision.YEAR:
            return date(self.on.year, 12, 31)
        later = (self.on.replace(day=1) + timedelta(days=31)).replace(day=1)
        return later - timedelta(days=1)

    def is_before(self, other):
        """Is it certainly earlier? 1990 is not before 1990-05: it may be the same day."""
        return bool(self.on and other.on and self.last < other.on)


def of_day(day):
    return PartialDate(day, Precision.DAY if day else Precision.UNKNOWN)


def check_lifetime(when, *, birth, today):
    """Refuse what was before the birth or has not come yet (ValidationError)."""
    if when.is_before(birth):
        raise ValidationError(
            f"{when} is before the patient was born ({birth}). Write a date from then to today."
        )
    if when.on and when.on > today:
        raise ValidationError(f"{when} has not come yet. Write a date up to today ({today}).")


UNKNOWN = PartialDate(None, Precision.UNKNOWN)


def parse(text):
    """A PartialDate from "1968", "1968-03" or "1968-03-21"; "" is unknown. Else ValidationError."""
    text = (text or "").strip()
    if not text:
        return UNKNOWN
    found = PATTERN.fullmatch(text)
    if not found:
        raise ValidationError(f"“{text}” is not a date. {EXPECTED}")
    month, day = found["month"], found["day"]
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        on = date(int(found["year"]), int(month or 1), int(day or 1))
    except ValueError:
        raise ValidationError(f"There is no day “{text}” in the calendar. {EXPECTED}") from None
    if on.year < 1900:
        raise ValidationError(f"{on.year} is before 1900. {EXPECTED}")
    return PartialDate(on, precision)


class PartialDateField(forms.CharField):
    """Form field: text in, PartialDate out."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "1968-03-21"})

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", EXPECTED)
        super().__init__(**kwargs)

    def to_python(self, value):
        return value if isinstance(value, PartialDate) else parse(super().to_python(value))

    def validate(self, value):
        if self.required and value.on is None:
            raise ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value):
        return None  # the text was checked while it was parsed

    def prepare_value(self, value):
        return str(value) if isinstance(value, PartialDate) else value
