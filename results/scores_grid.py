"""Table of functional scales: a total, or a grade of words."""

from clinical.vocabulary import vocabulary
from results import fields
from results.grids import Grid, Line


class ScoreGrid(Grid):
    """Scales that the step asks for; OtherScores below has the rest."""

    prefix = "scale"
    relation = "scores"
    title = "Scales"
    heading = "Scale"
    columns = {"total": "Total"}
    asked_only = True

    def make_lines(self):
        known = {row.scale for row in self.standing}
        for scale in vocabulary().scales.values():
            asked = f"scale:{scale.code}" in self.form.asked or scale.code in known
            if asked is self.asked_only:
                yield Line(scale.code, scale.label, hint=self._range(scale))

    def _range(self, scale):
        return "" if scale.values else f"{scale.minimum:g} to {scale.maximum:g}"

    def cell(self, line, column):
        scale = vocabulary().scales[line.code]
        if scale.values:
            return fields.choice(line.label, [(value, value) for value in scale.values])
        return fields.NumberField(required=False, places=1, label=line.label)

    def read(self, row):
        return row.scale, {"total": row.grade if row.total is None else row.total}

    def make(self, line, values):
        answer = values["total"]
        if answer in (None, ""):
            return []
        if vocabulary().scales[line.code].values:
            return [self.model(scale=line.code, grade=answer)]
        return [self.model(scale=line.code, total=answer)]
