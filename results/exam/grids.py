"""The other tables of an examination: sensation, signs, scales."""

from clinical.vocabulary import vocabulary
from results import fields
from results.exam.models import ExamScore, Sensation, Sign
from results.grids import Grid, Line
from results.phenotype_grid import PhenotypeGrid
from results.scores_grid import ScoreGrid

SIDES = {"right": "Right", "left": "Left"}


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
