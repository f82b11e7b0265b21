"""Muscle by muscle: the table that is filled, and the heat map that is read."""

from dataclasses import dataclass

from clinical.vocabulary import humanise, vocabulary
from results import fields
from results.grids import Grid, Line
from results.mri.models import MuscleImage
from results.phenotypes import Side

SIDES = (Side.RIGHT, Side.LEFT)
BOTH = (Side.BILATERAL, Side.MIDLINE)  # of an import: stands on both sides


class Muscles(Grid):
    """A line for each muscle of the vocabulary, and for each other one on record."""

    prefix = "muscle"
    relation = "muscles"
    title = "Fat and oedema by muscle"
    heading = "Muscle"
    model = MuscleImage
    columns = {
        "right_fat": "Right, fat 0–4",
        "right_oedema": "Right, oedema",
        "left_fat": "Left, fat 0–4",
        "left_oedema": "Left, oedema",
    }
    template = "results/mri/_muscles.html"

    def make_lines(self):
        known = vocabulary().mri_muscles
        for muscle in known.values():
            yield Line(muscle.code, muscle.label, group=humanise(muscle.region))
        for name in dict.fromkeys(row.muscle for row in self.standing if row.muscle not in known):
            yield Line(name, name, group="Other")

    def cell(self, line, column):
        label = self.cell_label(line, column)
        if column.endswith("oedema"):
            return fields.YesNoField(label=label, required=False)
        field = fields.NumberField(label=label, required=False, whole=True)
        field.widget.attrs |= {"class": "nt-cell", "data-nt-fat": "", "maxlength": 1}
        return field

    def initial(self):
        found = {}
        for row in self.standing:
            for side in SIDES if row.side in BOTH else (row.side,):
                found[f"muscle-{row.muscle}-{side}_fat"] = row.fat_grade
                found[f"muscle-{row.muscle}-{side}_oedema"] = row.oedema
        return found

    def read(self, row):
        return row.muscle, {}

    def make(self, line, values):
        return [
            MuscleImage(muscle=line.code, side=side, fat_grade=fat, oedema=oedema)
            for side in SIDES
            if (fat := values[f"{side}_fat"]) is not None or values[f"{side}_oedema"] is not None
            for oedema in [values[f"{side}_oedema"]]
        ]

    def place_of(self, line, row, field):
        column = "oedema" if field == "oedema" else "fat"
        return self.name(line, f"{row.side}_{column}")


@dataclass(frozen=True)
class HeatLine:
    """One muscle of the heat map; right and left are rows or None."""

    label: str
    right: MuscleImage | None
    left: MuscleImage | None


def heat_map(rows):
    """[(region, [HeatLine])] of the muscles that were looked at, in the order of the body."""
    seen = {}
    for row in rows:
        for side in SIDES if row.side in BOTH else (row.side,):
            seen.setdefault(row.muscle, {})[side] = row
    found = {}
    known = vocabulary().mri_muscles
    for code in [*(c for c in known if c in seen), *(c for c in seen if c not in known)]:
        region = humanise(known[code].region) if code in known else "Other"
        label = known[code].label if code in known else code
        sides = seen[code]
        line = HeatLine(label, sides.get(Side.RIGHT), sides.get(Side.LEFT))
        found.setdefault(region, []).append(line)
    return list(found.items())


def detail(result, user):
    """What the page of a report shows beside its lines."""
    return {
        "heat_map": heat_map(result.rows("muscles")),
        "grades": vocabulary().enums["muscle_fat_grade"].items(),
        "regions": result.facts().get("mri.ms_regions"),
        "vein_sign": result.facts().get("mri.cvs_positive"),
    }
