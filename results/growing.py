"""Tables that take a further line: chosen from a list, by a key, or by a button without script.

The codes of the lines that were added stand in a hidden field, so that a refused form and a draft
have them again.
"""

from django.forms import BoundField

from results.grids import Grid, Line

ADD = "add-line"  # name of the button; its value is the prefix of the table
BLANK = "LINE"  # code of the line that a script copies


class GrowingGrid(Grid):
    """Subclasses list the lines that can be added in addable()."""

    add_label = ""

    def addable(self):
        """[(group, [(line code, label)])], in the order of the table."""
        raise NotImplementedError

    def line(self, code):
        """The line with this code, or None if the table can have none such."""
        raise NotImplementedError

    def asked(self):
        """Codes of the lines that are there from the start."""
        raise NotImplementedError

    def of_row(self, row):
        """Line code of a row on record."""
        raise NotImplementedError

    def make_lines(self):
        codes = dict.fromkeys([*self.asked(), *map(self.of_row, self.standing), *self.added()])
        order = {code: at for at, code in enumerate(self.order())}
        known = [code for code in codes if self.line(code)]
        return [self.line(code) for code in sorted(known, key=lambda c: order.get(c, len(order)))]

    def order(self):
        return [code for _, choices in self.addable() for code, _ in choices]

    def added(self):
        """Codes that were added to the form as it was sent."""
        codes = self.form.data.get(f"{self.prefix}-lines", "").split()
        if self.form.data.get(ADD) == self.prefix:
            codes.append(self.form.data.get(f"{self.prefix}-add", ""))
        return codes

    # for templates
    def lines_field(self):
        return " ".join(code for code in dict.fromkeys(self.added()) if self.line(code))

    def blank_line(self):
        return Line(BLANK, "LABEL")

    def blank_cells(self):
        """Cells of a line that a script copies: their names say LINE, their labels LABEL."""
        line, found = self.blank_line(), []
        for column, heading in self.columns.items():
            field = self.cell(line, column)
            if field is not None:
                field.label = self.cell_label(line, column)
                self._dress(field)
                bound = BoundField(self.form, field, self.name(line, column))
                found.append(self.marked(bound, line, column, heading))
            else:
                found.append(None)
        return found

    def cells(self, line):
        found = super().cells(line)
        pairs = zip(found, self.columns.items(), strict=True)
        return [b and self.marked(b, line, column, heading) for b, (column, heading) in pairs]

    def marked(self, bound, line, column, heading):
        """What the template and the keys need to know of a cell."""
        bound.column, bound.heading = column, heading
        return bound
