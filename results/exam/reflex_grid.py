"""The reflex table: NINDS grades by side, then the reflexes that are answered with a word."""

from django import forms
from django.core.exceptions import ValidationError

from clinical.vocabulary import vocabulary
from results import fields
from results.exam.assumed import Assumable
from results.exam.models import CLONUS, SUSTAINED, Reflex
from results.exam.strength_grid import SIDES
from results.grids import Grid, Line

NORMAL_GRADE = "2"  # of NINDS 2 and 3, both normal, the one that claims less
NORMAL = {  # what "all others normal" says
    CLONUS: "0",
    "jaw_jerk": "normal",
    "plantar": "flexor",
    "hoffmann_sign": "absent",
    "abdominal_reflex": "present",
}


class ReflexField(forms.CharField):
    """NINDS grade 0 to 4; beats of a clonus 0 to 99 (99 = sustained)."""

    def __init__(self, *, beats=False, **options):
        self.highest = int(SUSTAINED) if beats else 4
        attrs = {"class": "nt-mrc", "autocomplete": "off", "maxlength": 2, "inputmode": "numeric"}
        attrs["data-beats" if beats else "data-reflex"] = ""
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **options)

    def to_python(self, value):
        typed = super().to_python(value)
        if typed and not (typed.isdecimal() and int(typed) <= self.highest):
            raise ValidationError(f"{typed} is not on this scale (0–{self.highest}).")
        return str(int(typed)) if typed else ""


class ReflexGrid(Assumable, Grid):
    prefix = "reflex"
    relation = "reflexes"
    title = "Reflexes"
    hint = "NINDS 0–4"
    heading = "Reflex"
    model = Reflex
    columns = SIDES
    template = "results/exam/_reflexes.html"

    def graded(self):
        """Lines of the table; answers() are those with a word for an answer."""
        return dict(self.table()).get("", [])

    def answers(self):
        """The bound fields, each with the answer that is normal."""
        found = []
        for line, cells in dict(self.table()).get("answers", []):
            for cell in cells:
                if cell is not None:
                    cell.normal = NORMAL.get(line.code, "")
                    found.append(cell)
        return found

    def make_lines(self):
        for reflex in vocabulary().reflexes.values():
            group = "answers" if reflex.values else ""
            hint = "beats, 99 = sustained" if reflex.code == CLONUS else reflex.roots
            yield Line(reflex.code, reflex.label, hint=hint, group=group)

    def cell(self, line, column):
        reflex = vocabulary().reflexes[line.code]
        if reflex.midline is not (column == "midline"):
            return None
        label = self.cell_label(line, column)
        if reflex.values:
            return fields.choice(label, fields.spelled(reflex.values), strip=True)
        field = ReflexField(label=label, beats=line.code == CLONUS)
        field.widget.attrs["data-normal"] = NORMAL.get(line.code, NORMAL_GRADE)
        return field

    def read(self, row):
        return row.reflex, {row.side: row.value}

    def name_of(self, row):
        return f"{self.prefix}-{row.reflex}-{row.side}"

    def make(self, line, values):
        rows = []
        for side, value in values.items():
            if value:
                row = Reflex(reflex=line.code, side=side, value=value)
                normal = NORMAL.get(line.code, NORMAL_GRADE)
                row.assumed = self.mark_assumed(row, value == normal)
                rows.append(row)
        return rows
