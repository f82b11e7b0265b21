"""Tables of tone by limb, and of bulk and fasciculations by part of the body."""

from clinical.motor_neurons import PARTS
from clinical.vocabulary import vocabulary
from results import fields
from results.exam.motor import LIMBS, Bulk, Tone
from results.grids import Grid, Line

SIDES = {"right": "Right", "left": "Left"}
TWITCHES = [("yes", "yes"), ("no", "no")]


class ToneGrid(Grid):
    prefix = "tone"
    relation = "tones"
    title = "Tone, Ashworth"
    heading = "Limb"
    model = Tone
    columns = SIDES

    def make_lines(self):
        for code, label in LIMBS.items():
            yield Line(code, label)

    def cell(self, line, column):
        grades = vocabulary().enums["ashworth"].items()
        choices = [(code, f"{code}: {label}") for code, label in grades]
        return fields.choice(f"Tone, {line.label.lower()}, {column}", choices)

    def read(self, row):
        return row.limb, {row.side: row.grade}

    def make(self, line, values):
        return [
            Tone(limb=line.code, side=side, grade=grade) for side, grade in values.items() if grade
        ]


class BulkGrid(Grid):
    prefix = "bulk"
    relation = "bulks"
    title = "Bulk and fasciculations"
    heading = "Part"
    model = Bulk
    columns = {
        "right": "Right, bulk",
        "right_twitch": "Right, fasciculations",
        "left": "Left, bulk",
        "left_twitch": "Left, fasciculations",
        "midline": "Midline, bulk",
        "midline_twitch": "Midline, fasciculations",
    }
    template = "results/exam/_bulk.html"

    def make_lines(self):
        for part in PARTS.values():
            yield Line(part.code, part.label)

    def cell(self, line, column):
        side = column.removesuffix("_twitch")
        if PARTS[line.code].midline is not (side == "midline"):
            return None
        if column.endswith("_twitch"):
            return fields.choice(self.cell_label(line, column), TWITCHES, strip=True)
        choices = vocabulary().enums["bulk_grade"].items()
        return fields.choice(self.cell_label(line, column), choices, nothing="–")

    def read(self, row):
        twitch = {True: "yes", False: "no", None: ""}[row.fasciculation]
        return row.part, {row.side: row.bulk, f"{row.side}_twitch": twitch}

    def make(self, line, values):
        rows = []
        for side in ("midline",) if PARTS[line.code].midline else SIDES:
            bulk, twitch = values[side] or "", values[f"{side}_twitch"]
            if bulk or twitch:
                seen = {"yes": True, "no": False}.get(twitch)
                rows.append(Bulk(part=line.code, side=side, bulk=bulk, fasciculation=seen))
        return rows

    def place_of(self, line, row, field):
        return self.name(line, row.side)
