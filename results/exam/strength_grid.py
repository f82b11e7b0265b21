"""The strength table: one grade for each movement and side, in the order of the body."""

from dataclasses import replace

from django import forms
from django.core.exceptions import ValidationError

from clinical.vocabulary import vocabulary
from results.exam import strength
from results.exam.assumed import Assumable
from results.exam.models import GRADES, Strength
from results.grids import Grid, Line

SIDES = {"right": "Right", "left": "Left", "midline": "Midline"}
WHY = "_why"  # column of a side's reason
GROUPS = (  # first movement of each part of the body, in the order of the vocabulary
    ("neck_flexion", "Neck"),
    ("shoulder_abduction", "Arm"),
    ("finger_extension", "Hand"),
    ("hip_flexion", "Hip and thigh"),
    ("ankle_dorsiflexion", "Leg and foot"),
)
# beside the core set (clinic default): with them every group of the body map has its grade
BESIDE_CORE = ("shoulder_external_rotation", "hip_extension", "toe_extension")


class GradeField(forms.CharField):
    """An MRC grade; − or -, nt or NT."""

    def __init__(self, **options):
        widget = forms.TextInput(
            attrs={"class": "nt-mrc", "autocomplete": "off", "maxlength": 3, "inputmode": "text"}
        )
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value):
        typed = super().to_python(value)
        plain = typed.replace("−", "-").upper().replace(" ", "")
        if plain and plain not in GRADES:
            raise ValidationError(f"“{typed}” is no MRC grade. Write 0 to 5, 4− or 4+, or NT.")
        return plain

    def prepare_value(self, value):
        return value.replace("-", "−") if isinstance(value, str) else value


class StrengthGrid(Assumable, Grid):
    prefix = "strength"
    relation = "strengths"
    title = "Strength, MRC"
    heading = "Movement"
    model = Strength
    columns = SIDES | {
        f"{side}{WHY}": f"{title}, why not testable" for side, title in SIDES.items()
    }
    template = "results/exam/_strength.html"
    in_core = True

    def make_lines(self):
        wanted = {code for code, side in self._asked_places()}
        wanted |= {*vocabulary().strength_sets["mrc_set_core"].members, *BESIDE_CORE}
        wanted |= {row.movement for row in self.standing}
        group = ""
        starts = dict(GROUPS)
        for movement in vocabulary().movements.values():
            group = starts.get(movement.code, group)
            if (movement.code in wanted) is self.in_core:
                hint = f"{movement.muscle} · {movement.roots}"
                yield Line(movement.code, movement.label, hint=hint, group=group)

    def table(self):
        """The lines with the grades of the visit before, and the fields of their reasons."""
        was = self.form.grades_before()
        return [
            (group, [(replace(line, was=was.get(line.code, {})), cells) for line, cells in lines])
            for group, lines in super().table()
        ]

    def cells(self, line):
        """Grades first; then the reasons, those of an untestable movement in sight."""
        found = super().cells(line)
        grades, reasons = found[: len(SIDES)], found[len(SIDES) :]
        for grade, reason in zip(grades, reasons, strict=True):
            if reason is not None:
                reason.in_sight = bool(reason.errors) or str(grade.value() or "").upper() == "NT"
        return [*grades, *reasons]

    def _asked_places(self):
        for code in self.form.asked_codes("exam"):
            if code in vocabulary().strength_sets:
                yield from strength.places(code)

    def cell(self, line, column):
        side = column.removesuffix(WHY)
        if side not in strength.sides_of(line.code):
            return None
        if column.endswith(WHY):
            field = forms.CharField(
                required=False, max_length=100, label=self.cell_label(line, column)
            )
            field.widget.attrs |= {"list": "why-not", "data-why": self.name(line, side)}
            return field
        field = GradeField(label=self.cell_label(line, column))
        field.widget.attrs |= {"data-m": line.code, "data-side": column, "data-normal": "5"}
        return field

    def read(self, row):
        return row.movement, {row.side: row.grade, f"{row.side}{WHY}": row.reason}

    def name_of(self, row):
        return f"{self.prefix}-{row.movement}-{row.side}"

    def make(self, line, values):
        rows = []
        for side in SIDES:
            if values[side] or values[f"{side}{WHY}"]:
                row = Strength(
                    movement=line.code,
                    side=side,
                    grade=values[side] or "NT",
                    reason=values[f"{side}{WHY}"] or "",
                )
                row.assumed = self.mark_assumed(row, row.grade == "5")
                rows.append(row)
        return rows

    def place_of(self, line, row, field):
        return self.name(line, f"{row.side}{WHY}" if field == "reason" else row.side)


class OtherStrength(StrengthGrid):
    title = "Other movements"
    in_core = False

    @property
    def assumed_name(self):
        return "other-strength-assumed"
