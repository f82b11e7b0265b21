"""Form fields that read what people type and refuse it in their words."""

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from clinical.vocabulary import humanise
from patients.text import validate_visible
from results import limits

NONE = "none"
ALONE = (NONE, "normal")  # codes that deny every other of their list
SPACES = re.compile(r"[\s\u2009\u00a0\u202f]")
EMPTY = ("", "–")


class Segments(forms.RadioSelect):
    """Radio buttons shown as one strip; templates render it with results/_seg.html."""

    is_strip = True


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes to tick, in columns where there is room."""

    is_wide = True


class NumberField(forms.CharField):
    """A number as people write it: thin spaces and the minus sign are read, a comma is refused."""

    def __init__(self, *, whole=False, places=2, **options):
        self.whole, self.places = whole, places
        options.setdefault(
            "widget",
            forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
        super().__init__(**options)

    def to_python(self, value):
        typed = super().to_python(value)
        return self.read(typed) if typed else None

    def read(self, typed):
        """Decimal (or int) of the text; ValidationError says how to write it."""
        plain = SPACES.sub("", typed).replace("−", "-")
        if "," in plain:
            raise ValidationError(f"“{typed}”: write decimals with a point.")
        try:
            number = Decimal(plain)
        except InvalidOperation:
            raise ValidationError(f"“{typed}” is not a number.") from None
        if not number.is_finite() or abs(number) >= 10**12:
            raise ValidationError(f"“{typed}” is not a number that can be measured.")
        if self.whole and number != int(number):
            raise ValidationError(f"“{typed}”: write a whole number.")
        if -number.as_tuple().exponent > self.places and number != round(number, self.places):
            raise ValidationError(f"“{typed}”: at most {self.places} decimals.")
        return int(number) if self.whole else number

    def prepare_value(self, value):
        return limits.plain(value) if isinstance(value, int | float | Decimal) else value


class PastDateField(forms.DateField):
    """A day that has come."""

    def __init__(self, **options):
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(**options)
        self.error_messages["invalid"] = "Write the day as year-month-day: 2026-11-24."

    def validate(self, value):
        super().validate(value)
        today = timezone.localdate()
        if value and value > today:
            raise ValidationError(
                f"{value:%-d %b %Y} has not happened yet. Today is {today:%-d %b %Y}."
            )
        if value and value.year < 1900:
            raise ValidationError(f"{value.year} is before 1900.")


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or nobody knows (None)."""

    def __init__(self, **options):
        super().__init__(
            choices=[("true", "yes"), ("false", "no"), ("", "–")],
            coerce=lambda typed: typed == "true",
            empty_value=None,
            widget=Segments,
            **options,
        )

    def prepare_value(self, value):
        return {True: "true", False: "false", None: ""}.get(value, value)


class CodesField(forms.MultipleChoiceField):
    """Several codes; nothing ticked = not established (None).

    With a `none_label` there is a box for "established that there is none": an empty list.
    """

    def __init__(self, *, choices, none_label="", **options):
        choices = list(choices)
        self.none_is_a_value = any(code == NONE for code, label in choices)
        self.can_be_none = bool(none_label) and not self.none_is_a_value
        if self.can_be_none:
            choices.append((NONE, none_label))
        super().__init__(choices=choices, widget=Ticks, **options)

    def clean(self, value):
        ticked = super().clean(value)
        for alone in ALONE:
            if alone in ticked and len(ticked) > 1:
                raise ValidationError(
                    f"“{humanise(alone)}” and another answer cannot both be ticked."
                )
        if ticked == [NONE] and self.can_be_none:
            return []
        return ticked or None

    def bound_data(self, data, initial):
        """A form that was sent with nothing ticked does not say that there is none."""
        return data or None

    def prepare_value(self, value):
        return [NONE] if value == [] and self.can_be_none else value


class NumbersField(forms.CharField):
    """Whole numbers with commas between; nothing = not established."""

    def clean(self, value):
        typed = super().clean(value)
        try:
            return [int(part) for part in typed.split(",")] if typed else None
        except ValueError:
            raise ValidationError(f"“{typed}”: write whole numbers, 51, 53.") from None

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value


class LinesField(forms.CharField):
    """One entry a line; nothing = not established, the word "none" = there is none."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value):
        typed = super().clean(value)
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        if [line.lower() for line in lines] == [NONE]:
            return []
        return lines or None

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(value) or NONE


def choice(label, choices, *, strip=False, nothing="Not recorded", **options):
    """One code or nothing. strip: three or four short answers as one row of buttons."""
    choices = [(code, text) for code, text in choices]
    blank = ("", "–" if strip else nothing)
    ordered = [*choices, blank] if strip else [blank, *choices]
    return forms.ChoiceField(
        label=label,
        choices=ordered,
        required=False,
        widget=Segments if strip else forms.Select,
        **options,
    )


def plain(column, **options):
    """The form field of a model column (ModelForm's formfield_callback)."""
    label = sentence_case(column.verbose_name)
    if isinstance(column, models.BooleanField) and column.null:
        return YesNoField(label=label, required=False)
    if isinstance(column, models.DecimalField):
        return NumberField(label=label, required=False, places=column.decimal_places)
    if isinstance(column, models.IntegerField):
        return NumberField(label=label, required=False, whole=True)
    if isinstance(column, models.DateField):
        return PastDateField(label=label, required=False)
    if isinstance(column, ArrayField):
        return CodesField(label=label, required=False, choices=[])
    if isinstance(column, models.TextField):
        options["widget"] = forms.Textarea(attrs={"rows": 3})
        options["validators"] = [validate_visible]
    return column.formfield(label=label, **options)


def sentence_case(text):
    """The first letter large, unless it is small on purpose (eGFR)."""
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]


def labelled(items):
    """Choices of a table of the vocabulary (code → item) or of an enumeration (code → label)."""
    return [(code, str(getattr(item, "label", item))) for code, item in items.items()]


def spelled(codes):
    return [(code, humanise(code)) for code in codes]


def coming_day(label):
    """A day that may lie ahead."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)
