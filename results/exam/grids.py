"""The tables of an examination: strength, reflexes, sensation, signs, scales."""

from dataclasses import replace

from django import forms
from django.core.exceptions import ValidationError

from clinical.vocabulary import vocabulary
from results import fields
from results.exam import strength
from results.exam.models import GRADES, ExamScore, Reflex, Sensation, Sign, Strength
from results.grids import Grid, Line
from results.phenotype_grid import PhenotypeGrid
from results.scores_grid import ScoreGrid

ASSUMED = "strength-assumed"
SIDES = {"right": "Right", "left": "Left"}
GROUPS = (  # first movement of each part of the body, in the order of the vocabulary
    ("neck_flexion", "Neck"),
    ("shoulder_abduction", "Arm"),
    ("finger_extension", "Hand"),
    ("hip_flexion", "Hip and thigh"),
    ("ankle_dorsiflexion", "Leg and foot"),
)


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


class StrengthGrid(Grid):
    prefix = "strength"
    relation = "strengths"
    title = "Strength, MRC"
    heading = "Movement"
    model = Strength
    columns = {**SIDES, "midline": "Midline"}
    template = "results/exam/_strength.html"
    in_core = True

    def fields(self):
        """One hidden field names the cells that "all others 5" filled: assumed, not tested."""
        return super().fields() | {
            ASSUMED: forms.CharField(required=False, widget=forms.HiddenInput)
        }

    def initial(self):
        assumed = [f"{row.movement}-{row.side}" for row in self.standing if row.assumed]
        return super().initial() | {ASSUMED: " ".join(assumed)}

    def make_lines(self):
        core = vocabulary().strength_sets["mrc_set_core"].members
        wanted = {code for code, side in self._asked_places()} | set(core)
        wanted |= {row.movement for row in self.standing}
        group = ""
        starts = dict(GROUPS)
        for movement in vocabulary().movements.values():
            group = starts.get(movement.code, group)
            if (movement.code in wanted) is self.in_core:
                hint = f"{movement.muscle} · {movement.roots}"
                yield Line(movement.code, movement.label, hint=hint, group=group)

    @property
    def assumed(self):
        return self.form[ASSUMED]

    def table(self):
        """The lines with the grades of the visit before beside them."""
        was = self.form.grades_before()
        return [
            (group, [(replace(line, was=was.get(line.code, {})), cells) for line, cells in lines])
            for group, lines in super().table()
        ]

    def _asked_places(self):
        for code in self.form.asked_codes("exam"):
            if code in vocabulary().strength_sets:
                yield from strength.places(code)

    def cell(self, line, column):
        if vocabulary().movements[line.code].midline is not (column == "midline"):
            return None
        field = GradeField(label=self.cell_label(line, column))
        field.widget.attrs |= {"data-m": line.code, "data-side": column}
        return field

    def read(self, row):
        return row.movement, {row.side: row.grade}

    def make(self, line, values):
        assumed = (self.form.cleaned_data.get(ASSUMED) or "").split()
        return [
            Strength(
                movement=line.code,
                side=side,
                grade=grade,
                assumed=grade == "5" and f"{line.code}-{side}" in assumed,
            )
            for side, grade in values.items()
            if grade
        ]


class OtherStrength(StrengthGrid):
    title = "Other movements"
    in_core = False


class ReflexGrid(Grid):
    prefix = "reflex"
    relation = "reflexes"
    title = "Reflexes"
    hint = "NINDS 0–4"
    heading = "Reflex"
    model = Reflex
    columns = {**SIDES, "midline": "Midline"}
    template = "results/exam/_reflexes.html"

    def graded(self):
        """Lines of the table; answers() are those with a word for an answer."""
        return dict(self.table()).get("", [])

    def answers(self):
        lines = dict(self.table()).get("answers", [])
        return [cell for _, cells in lines for cell in cells if cell is not None]

    def make_lines(self):
        for reflex in vocabulary().reflexes.values():
            group = "" if self._is_graded(reflex) else "answers"
            yield Line(reflex.code, reflex.label, hint=reflex.roots, group=group)

    def _is_graded(self, reflex):
        return not reflex.values

    def cell(self, line, column):
        reflex = vocabulary().reflexes[line.code]
        if reflex.midline is not (column == "midline"):
            return None
        label = self.cell_label(line, column)
        if reflex.values:
            return fields.choice(label, fields.spelled(reflex.values), strip=True)
        return ReflexField(label=label, beats=line.code == "ankle_clonus")

    def read(self, row):
        return row.reflex, {row.side: row.value}

    def make(self, line, values):
        return [
            Reflex(reflex=line.code, side=side, value=value)
            for side, value in values.items()
            if value
        ]


class ReflexField(forms.CharField):
    """NINDS grade 0 to 4; beats of a clonus 0 to 99 (99 = sustained)."""

    def __init__(self, *, beats=False, **options):
        self.highest = 99 if beats else 4
        widget = forms.TextInput(
            attrs={
                "class": "nt-mrc",
                "autocomplete": "off",
                "maxlength": 2,
                "inputmode": "numeric",
                "data-reflex": "",
            }
        )
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value):
        typed = super().to_python(value)
        if typed and not (typed.isdecimal() and int(typed) <= self.highest):
            raise ValidationError(f"{typed} is not on this scale (0–{self.highest}).")
        return typed


class SensationGrid(Grid):
    prefix = "sensation"
    relation = "sensations"
    title = "Sensation"
    heading = "Quality"
    model = Sensation
    columns = {
        "right": "Right",
        "right_up_to": "Right, up to",
        "left": "Left",
        "left_up_to": "Left, up to",
    }

    def make_lines(self):
        for quality in vocabulary().sensory.values():
            yield Line(quality.code, quality.label)

    def cell(self, line, column):
        enums = vocabulary().enums
        table = enums["sensory_site"] if column.endswith("up_to") else enums["sensory_grade"]
        return fields.choice(self.cell_label(line, column), table.items())

    def read(self, row):
        return row.quality, {row.side: row.grade, f"{row.side}_up_to": row.up_to}

    def make(self, line, values):
        return [
            Sensation(
                quality=line.code,
                side=side,
                grade=values[side],
                up_to=values[f"{side}_up_to"] or "",
            )
            for side in SIDES
            if values[side]
        ]

    def place_of(self, line, row, field):
        return self.name(line, row.side)


class Signs(PhenotypeGrid):
    relation = "signs"
    title = "Signs"
    model = Sign
    kinds = ("sign",)
    always_shown = (
        "fasciculation",
        "atrophy",
        "ptosis",
        "spasticity",
        "calf_hypertrophy",
        "paradoxical_breathing",
    )


class OtherSigns(Signs):
    title = "All other signs and symptoms"
    kinds = ("sign", "symptom")
    asked_only = False


class ExamScores(ScoreGrid):
    model = ExamScore


class OtherExamScores(ExamScores):
    title = "Other scales"
    asked_only = False
