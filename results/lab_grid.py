"""Table of laboratory values: number or word, unit, the laboratory's own limits."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from clinical.vocabulary import plain_unit, vocabulary
from results import fields, limits
from results.copies import copy_of
from results.grids import Grid, Line
from results.growing import ADD
from results.laboratory import between
from results.labs import units
from results.sparkline import spark
from results.trends import trends

JUDGED = ("qualitative", "titre")
JUDGEMENTS = {  # as people type it → the flag
    **dict.fromkeys(("neg", "negative", "-", "not detected", "absent"), "negative"),
    **dict.fromkeys(("pos", "positive", "+", "detected", "present"), "positive"),
    **dict.fromkeys(("equivocal", "borderline", "+/-", "±"), "equivocal"),
}
LAST = 3  # earlier values that the form shows
COMPARED = ("<=", ">=", "<", ">", "~")
BARE = 2  # lines for tests that were not asked for
VALUE_PLACES = 6


def _analytes():
    return vocabulary().analytes


def _told(points):
    shown = [f"{limits.plain(p.value)} on {p.on:%-d %b %Y}" for p in reversed(points[-LAST:])]
    return "; ".join(shown)


def _as_float(number):
    return None if number is None else float(number)


class AmountField(fields.NumberField):
    """ "4200", "< 0.4", "> 20 000": (comparator, number). Words stay words where `words` allows."""

    def __init__(self, *, words=False, **options):
        self.words = words
        super().__init__(required=False, places=VALUE_PLACES, **options)

    def read(self, typed):
        plain = typed.replace("≤", "<=").replace("≥", ">=").strip()
        comparator = next((sign for sign in COMPARED if plain.startswith(sign)), "")
        rest = plain.removeprefix(comparator).strip()
        if self.words and not rest[:1].isdecimal():
            return typed
        if self.words and not rest.replace(".", "").isdecimal():
            return typed  # a titre: 1:160
        return comparator, super().read(rest)


class LabGrid(Grid):
    prefix = "lab"
    relation = "values"
    title = "Values"
    heading = "Test"
    columns = {
        "value": "Value",
        "unit": "Unit",
        "low": "Lower limit",
        "high": "Upper limit",
        "flag": "Read as",
    }
    template = "results/_lab_grid.html"
    bare = BARE

    def make_lines(self):
        book = vocabulary()
        on_record = [row.analyte for row in self.standing if row.analyte]
        for code in dict.fromkeys([*self.form.asked_codes("lab"), *on_record, *self.added()]):
            if code in book.analytes:
                yield Line(code, book.analytes[code].label, hint=self._hint(book.analytes[code]))
        for at, row in enumerate(row for row in self.standing if not row.analyte):
            yield Line(f"given-{at}", row.name_as_given, hint="not in our list")
        for at in range(1, self.bare + 1):
            yield Line(f"more-{at}", f"Another test {at}", group="Other tests")

    def added(self):
        """Codes of the tests that were added to the form as it was sent; a panel is its tests."""
        codes = self.form.data.get(f"{self.prefix}-lines", "").split()
        if self.form.data.get(ADD) == self.prefix:
            code = self.form.data.get(f"{self.prefix}-add", "")
            panel = vocabulary().panels.get(code)
            codes += panel.analytes if panel else [code]
        return codes

    def lines_field(self):
        return " ".join(code for code in dict.fromkeys(self.added()) if code in _analytes())

    def panels(self):
        return fields.labelled(vocabulary().panels)

    def _hint(self, analyte):
        """Unit and our limits: they stay beside those that the laboratory prints."""
        low, high = self._ours(analyte)
        ours = between(low, high)
        return f"{analyte.plain_unit or analyte.value_type}{f' · ours {ours}' if ours else ''}"

    def _ours(self, analyte):
        patient = self.form.step.patient
        return analyte.limits(patient.sex, patient.age_years(self._day()))

    def fields(self):
        found = super().fields()
        for line in self.lines:
            if line.code.startswith("more-"):
                which = fields.choice(f"{line.label}, which", self.choices())
                self._dress(which)
                found[f"{self.prefix}-{line.code}-analyte"] = which
        return found

    def choices(self):
        return [(code, a.label) for code, a in vocabulary().analytes.items()]

    def analyte(self, line):
        """The vocabulary's analyte of a line, chosen or fixed; None if there is none (yet)."""
        code = line.code
        if code.startswith("more-"):
            chosen = getattr(self.form, "cleaned_data", {})
            code = chosen.get(f"{self.prefix}-{code}-analyte", "")
        return vocabulary().analytes.get(code)

    def cell(self, line, column):
        analyte, label = self.analyte(line), self.cell_label(line, column)
        if column == "value":
            return self._value(line, analyte, label)
        if column == "unit":
            return self._unit(line, analyte, label)
        if column == "flag":
            table = vocabulary().enums["abnormal_flag"]
            field = fields.choice(label, table.items(), nothing="by limits")
            if analyte is not None:
                negative = analyte.value_type in JUDGED
                field.widget.attrs["data-normal"] = "negative" if negative else "normal"
            return field
        if analyte is not None and analyte.value_type != "numeric":
            return None
        return fields.NumberField(label=label, required=False, places=VALUE_PLACES)

    def _value(self, line, analyte, label):
        """A number; a word of the vocabulary; or what the laboratory wrote."""
        if analyte is not None and analyte.results:
            seen = [row.value_text for row in self.standing if row.analyte == analyte.code]
            words = dict.fromkeys([*analyte.results, *filter(None, seen)])
            return fields.choice(label, fields.spelled(words), nothing="–")
        words = analyte is None or analyte.value_type != "numeric"
        field = AmountField(label=label, words=words)
        if words:
            field.widget.attrs["inputmode"] = "text"
        return field

    def _unit(self, line, analyte, label):
        if analyte is None:
            return forms.CharField(label=label, required=False, max_length=30)
        if analyte.value_type != "numeric":
            return None
        options = dict.fromkeys([analyte.unit, *units.alternatives(analyte), *self._seen(line)])
        return forms.ChoiceField(
            label=label, required=False, choices=[(unit, plain_unit(unit)) for unit in options]
        )

    def _seen(self, line):
        return [row.unit for row in self.standing if row.analyte == line.code and row.unit]

    def initial(self):
        """Units and default limits by sex and age, then what stands on record."""
        found = {}
        for line in self.lines:
            analyte = self.analyte(line)
            if analyte and analyte.value_type == "numeric":
                low, high = self._ours(analyte)
                found |= {self.name(line, "low"): low, self.name(line, "high"): high}
                found[self.name(line, "unit")] = analyte.unit
        return found | super().initial()

    def _code(self, row):
        if row.analyte:
            return row.analyte
        return f"given-{[other for other in self.standing if not other.analyte].index(row)}"

    def read(self, row):
        shown = row.value_text
        if row.value_num is not None:
            shown = f"{row.comparator} {limits.plain(row.value_num)}".strip()
        values = {"value": shown, "unit": row.unit, "flag": row.stated_flag}
        return self._code(row), values | {"low": row.low, "high": row.high}

    def make(self, line, values):
        amount, flag = values["value"], values["flag"] or ""
        if not amount and not flag:
            return []
        before = next((row for row in self.standing if self._code(row) == line.code), None)
        row = copy_of(before) if before else self.model()
        analyte = self.analyte(line)
        row.analyte = analyte.code if analyte else ""
        row.stated_flag, row.unit = flag, values["unit"] or ""
        row.low, row.high = self._limits(analyte, row.unit, values)
        row.comparator, row.value_num, row.value_text = "", None, ""
        if isinstance(amount, tuple):
            row.comparator, row.value_num = amount
        elif amount and analyte and analyte.value_type == "numeric":
            row.comparator, row.value_num = self._as_number(line, amount)
        elif amount:
            row.value_text = amount
            judged = JUDGEMENTS.get(amount.strip().lower())
            if analyte and analyte.value_type in JUDGED and judged and not flag:
                row.value_text, row.stated_flag = judged, judged
        if analyte and analyte.value_type == "numeric" and not row.unit:
            row.unit = analyte.unit
        return [self._named(line, row)]

    def _limits(self, analyte, unit, values):
        """As typed. The defaults that the form offered are in our unit: they follow the value's."""
        typed = values["low"], values["high"]
        if analyte is None or units.spell(unit) in ("", analyte.unit):
            return typed
        offered = self._ours(analyte)
        if [_as_float(n) for n in typed] != [_as_float(n) for n in offered]:
            return typed
        return tuple(units.restate(analyte, number, unit) for number in typed)

    def _day(self):
        return self.form.step.performed_on or timezone.localdate()

    def _as_number(self, line, typed):
        """A line whose test was chosen just now: its value can be judged only here."""
        try:
            return AmountField(label=self.analyte(line).label).read(typed)
        except ValidationError as refusal:
            self.form.add_error(self.name(line, "value"), refusal)
            return "", None

    def _named(self, line, row):
        if not row.analyte and not row.name_as_given:
            self.form.add_error(
                f"{self.prefix}-{line.code}-analyte",
                ValidationError("Choose which test this value is of."),
            )
            row.name_as_given = line.label
        return row

    def lab_table(self):
        """[(line, cells, field that chooses the test or None, earlier values)]."""
        before = self._before()
        chooser = {line.code: f"{self.prefix}-{line.code}-analyte" for line in self.lines}
        for _, lines in self.table():
            for line, cells in lines:
                name = chooser[line.code]
                which = self.form[name] if name in self.form.fields else None
                yield line, cells, which, before.get(line.code)

    def _before(self):
        """{analyte: the last values of other tests, as words and as a drawing}."""
        step = self.form.step
        paths = [f"lab.{line.code}.value" for line in self.lines if line.code in _analytes()]
        found = trends(step.patient_id, paths, without_step=step.twin_of_id or step.pk)
        return {
            path.split(".")[1]: {"told": _told(points), "spark": spark(points)}
            for path, points in found.items()
            if points
        }

    def place_of(self, line, row, field):
        column = {"value_num": "value", "value_text": "value", "stated_flag": "flag"}.get(
            field, field
        )
        return super().place_of(line, row, column)
