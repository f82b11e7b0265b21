"""Tables of the needle examination and of repetitive stimulation."""

from django import forms

from clinical.vocabulary import vocabulary
from results import fields
from results.emg.models import NEEDLE, MuscleStudy, StimulusTrain
from results.emg.nerve_grids import SIDES
from results.grids import Grid, Line
from results.growing import BLANK, GrowingGrid

SHORT = {  # headings of narrow columns; the label of a cell says the whole name
    "insertional": "Insertion",
    "fib": "Fib",
    "psw": "PSW",
    "fasciculations": "Fasc",
    "myotonic_discharge": "Myotonic",
    "crd": "CRD",
    "myokymia_neuromyotonia": "Myokymia",
    "muap_duration": "Duration",
    "muap_amplitude": "Amplitude",
    "muap_polyphasia": "Polyphasia",
    "muap_stability": "Stability",
    "recruitment": "Recruitment",
    "interference": "Interference",
}
TRAINS = 3


def normal_of(column):
    """The first value of every column of emg.columns is that of a healthy muscle."""
    return vocabulary().emg_columns[column].values[0]


class NeedleGrid(GrowingGrid):
    prefix = "needle"
    relation = "muscles"
    is_measured = True
    title = "Needle EMG"
    heading = "Muscle"
    add_label = "Add a muscle"
    model = MuscleStudy
    template = "results/emg/_needle.html"
    columns = {**{code: SHORT[code] for code in NEEDLE}, "note": "Comment"}

    def asked(self):
        wanted = set()
        for code in self.form.asked_codes("emg"):
            if code in vocabulary().emg_sets:
                wanted |= set(vocabulary().emg_sets[code].members)
        return [f"{muscle}-{side}" for muscle in vocabulary().emg_muscles if muscle in wanted
                for side in SIDES]  # fmt: skip

    def of_row(self, row):
        return f"{row.muscle}-{row.side}"

    def addable(self):
        return [
            (muscle.label, [(f"{code}-{side}", f"{muscle.label}, {side}") for side in SIDES])
            for code, muscle in vocabulary().emg_muscles.items()
        ]

    def line(self, code):
        muscle, _, side = code.rpartition("-")
        found = vocabulary().emg_muscles.get(muscle)
        if found is None or side not in (*SIDES, "midline"):
            return None
        label = found.label if side == "midline" else f"{found.label}, {side}"
        return Line(code, label, hint=f"{found.region} · {found.root}")

    def cell_label(self, line, column):
        found = vocabulary().emg_columns.get(column)
        return f"{line.label}, {found.label if found else self.columns[column]}"

    def cell(self, line, column):
        label = self.cell_label(line, column)
        if column == "note":
            return forms.CharField(label=label, required=False, max_length=200)
        values = vocabulary().emg_columns[column].values
        field = fields.choice(label, fields.spelled(values), nothing="–")
        field.widget.attrs |= {"data-normal": normal_of(column), "class": "form-select nt-pick"}
        return field

    def marked(self, bound, line, column, heading):
        bound.aside, bound.limit = column == "note", ""
        return super().marked(bound, line, column, heading)

    def read(self, row):
        return self.of_row(row), {c: getattr(row, c) for c in self.columns}

    def make(self, line, values):
        if not any(values.values()):
            return []
        muscle, _, side = line.code.rpartition("-")
        given = {column: value or "" for column, value in values.items()}
        return [MuscleStudy(muscle=muscle, side=side, **given)]

    def blank_line(self):
        return Line(BLANK, "LABEL")


class TrainGrid(Grid):
    """Repetitive stimulation, a line for each muscle."""

    prefix = "train"
    relation = "trains"
    is_measured = True
    title = "Repetitive nerve stimulation"
    heading = "Recording"
    model = StimulusTrain
    template = "results/emg/_trains.html"
    columns = {
        "muscle": "Muscle",
        "side": "Side",
        "rate_hz": "Rate, Hz",
        "decrement_pct": "Decrement 4th or 5th, %",
        "exercise_s": "Exercise, s",
        "after_exercise_pct": "Decrement after exercise, %",
        "increment_pct": "Increment after exercise, %",
    }

    def make_lines(self):
        for at in range(1, max(TRAINS, len(self.standing) + 1) + 1):
            yield Line(str(at), f"Muscle {at}")

    def cell(self, line, column):
        label = self.cell_label(line, column)
        if column == "muscle":
            return forms.CharField(label=label, required=False, max_length=60)
        if column == "side":
            return fields.choice(label, [(side, side) for side in SIDES], nothing="–")
        whole = column == "exercise_s"
        return fields.NumberField(label=label, required=False, places=1, whole=whole)

    def _dress(self, field):
        super()._dress(field)
        if isinstance(field, fields.NumberField):
            field.widget.attrs["class"] = "nt-cell"

    def read(self, row):
        values = {column: getattr(row, column) for column in self.columns}
        return str(self.standing.index(row) + 1), values

    def make(self, line, values):
        if not any(value not in (None, "") for value in values.values()):
            return []
        if values["muscle"] in (None, ""):
            refusal = "Write over which muscle it was recorded."
            self.form.add_error(self.name(line, "muscle"), refusal)
        return [StimulusTrain(**values)]

    @property
    def cutoffs(self):
        return vocabulary().special_tests["rns"].note
