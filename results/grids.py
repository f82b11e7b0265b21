"""Tables of a form: a line for each movement, test or variant, a field in each cell.

A cell's name is <prefix>-<line>-<column>: `strength-hip_flexion-left`, `lab-ck-value`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from clinical.vocabulary import in_sentence


@dataclass(frozen=True)
class Line:
    code: str
    label: str
    hint: str = ""
    group: str = ""
    mark: str = ""
    was: Mapping = field(default_factory=dict)  # side → what the visit before found


class Grid:
    """One table. Subclasses say which lines and cells there are and what rows they make."""

    prefix = ""
    relation = ""
    title = ""
    hint = ""
    heading = ""
    model = None
    columns = {}  # column → heading
    template = "results/_grid.html"
    is_measured = False  # are its words, too, those of one day's test?

    def __init__(self, form):
        self.form = form
        self.standing = self.on_record()
        self.lines = list(self.make_lines())
        self.names = []  # of the fields that the form took over

    def on_record(self):
        """The rows that fill the table again."""
        return list(self.form.standing.rows(self.relation)) if self.form.standing else []

    def make_lines(self):
        """The lines of the table, in order."""
        raise NotImplementedError

    def cell(self, line, column):
        """The form field of a cell, or None where there is none."""
        raise NotImplementedError

    def read(self, row):
        """(line code, {column: value}) of a row on record, to fill the table again."""
        raise NotImplementedError

    def make(self, line, values):
        """Unsaved rows of one line; none if it was left empty."""
        raise NotImplementedError

    def name(self, line, column):
        return f"{self.prefix}-{line.code}-{column}"

    def fields(self):
        found = {}
        for line in self.lines:
            for column in self.columns:
                field = self.cell(line, column)
                if field is not None:
                    field.label = field.label or self.cell_label(line, column)
                    self._dress(field)
                    found[self.name(line, column)] = field
        return found

    def _dress(self, field):
        """The look of a cell; radio buttons have a label each and take none from here."""
        if getattr(field.widget, "is_strip", False):
            return
        attrs = field.widget.attrs
        attrs.setdefault("aria-label", field.label)
        if isinstance(field.widget, forms.Select):
            attrs.setdefault("class", "form-select form-select-sm")
        elif isinstance(field.widget, forms.CheckboxInput):
            attrs.setdefault("class", "form-check-input")
        else:
            attrs.setdefault("class", "form-control form-control-sm")

    def cell_label(self, line, column):
        heading = self.columns[column]
        return f"{line.label}, {in_sentence(heading)}" if heading else line.label

    def initial(self):
        found = {}
        for row in self.standing:
            code, values = self.read(row)
            found.update({f"{self.prefix}-{code}-{column}": v for column, v in values.items()})
        return found

    def build(self):
        """Rows of all lines; what is wrong with one is said at its cell."""
        rows = []
        for line in self.lines:
            values = {
                column: self.form.cleaned_data.get(self.name(line, column))
                for column in self.columns
            }
            for row in self.make(line, values):
                self.check(line, row)
                rows.append(row)
        return rows

    def check(self, line, row):
        try:
            row.check_draft()
        except ValidationError as refusal:
            for field, messages in refusal.message_dict.items():
                self.form.add_error(self.place_of(line, row, field), messages)

    def place_of(self, line, row, field):
        """Name of the cell at which a refused row field is shown."""
        if field == NON_FIELD_ERRORS or field not in self.columns:
            return self.first_cell(line)
        name = self.name(line, field)
        return name if name in self.form.fields else self.first_cell(line)

    def first_cell(self, line):
        names = [self.name(line, column) for column in self.columns]
        return next(name for name in names if name in self.form.fields)

    # for templates
    def table(self):
        """[(group, [(line, [bound field or None])])], groups in the order of the lines."""
        groups = {}
        for line in self.lines:
            groups.setdefault(line.group, []).append((line, self.cells(line)))
        return list(groups.items())

    def cells(self, line):
        """The bound fields of a line, None where a cell has none; each knows its heading."""
        found = []
        for column, heading in self.columns.items():
            name = self.name(line, column)
            bound = self.form[name] if name in self.form.fields else None
            if bound is not None:
                bound.heading = heading
            found.append(bound)
        return found

    @property
    def width(self):
        return len(self.columns) + 1

    @property
    def headings(self):
        return list(self.columns.values())

    @property
    def has_errors(self):
        return any(name in self.form.errors for name in self.names)

    @property
    def is_taken(self):
        """Does a cell come from an earlier visit?"""
        return any(getattr(self.form.fields[name], "taken", False) for name in self.names)

    @property
    def is_filled(self):
        """Does what stands on record have a line in this table?"""
        lines = {line.code for line in self.lines}
        return any(self.read(row)[0] in lines for row in self.standing)
