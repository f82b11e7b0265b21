"""Nerve conduction and needle EMG as a form."""

from clinical.vocabulary import vocabulary
from results import fields
from results.copies import copy_of
from results.emg.models import EmgResult, EmgScore, MuscleStudy, NerveStudy
from results.grids import Grid, Line
from results.recordform import PLUMBING, RecordForm, Section
from results.scores_grid import ScoreGrid

_BOOK = vocabulary()
SIDES = ("right", "left")
MOTOR = {
    "latency_ms": "Latency, ms",
    "amplitude_mv": "Amplitude, mV",
    "velocity_m_per_s": "Velocity, m/s",
    "f_latency_ms": "F wave, ms",
}
SENSORY = {
    "latency_ms": "Latency, ms",
    "amplitude_uv": "Amplitude, µV",
    "velocity_m_per_s": "Velocity, m/s",
}
NEEDLE = (
    "fib",
    "psw",
    "fasciculations",
    "myotonic_discharge",
    "muap_duration",
    "muap_amplitude",
    "recruitment",
)
CONCLUSIONS = fields.labelled(_BOOK.ncs_conclusions)
ABSENT = ("absent", "a", "nr")


class AmplitudeField(fields.NumberField):
    """A number, or "absent": no response is a finding, an empty cell is none."""

    def read(self, typed):
        return ABSENT[0] if typed.strip().lower() in ABSENT else super().read(typed)


class NerveGrid(Grid):
    """One line for each nerve and side, at the first place of stimulation."""

    relation = "nerves"
    heading = "Nerve"
    model = NerveStudy
    nerves = _BOOK.motor_nerves
    amplitude = "amplitude_mv"

    def asked_nerves(self):
        asked = set()
        for code in self.form.asked_codes("ncs"):
            found = _BOOK.ncs_sets.get(code)
            asked |= set(found.members + found.sensory) if found else set()
        return asked or {"median_m", "ulnar_m", "tibial_m", "median_s", "ulnar_s", "sural_s"}

    def site(self, nerve):
        return nerve.stim[0] if getattr(nerve, "stim", ()) else ""

    def make_lines(self):
        asked = self.asked_nerves() | {row.nerve for row in self.standing}
        for code, nerve in self.nerves.items():
            if code in asked:
                for side in SIDES:
                    hint = getattr(nerve, "record", "")
                    yield Line(f"{code}-{side}", f"{nerve.label}, {side}", hint=hint)

    def cell(self, line, column):
        kind = AmplitudeField if column == self.amplitude else fields.NumberField
        field = kind(label=self.cell_label(line, column), required=False)
        field.widget.attrs["class"] = "nt-cell"
        return field

    def _before(self, line):
        return [row for row in self.standing if f"{row.nerve}-{row.side}" == line.code]

    def read(self, row):
        values = {column: getattr(row, column) for column in self.columns}
        if row.absent:
            values[self.amplitude] = ABSENT[0]
        return f"{row.nerve}-{row.side}", values

    def make(self, line, values):
        """Further sites on record (imported) are kept as they are."""
        before = self._before(line)
        if all(value is None for value in values.values()):
            return []
        code, _, side = line.code.rpartition("-")
        row = copy_of(before[0]) if before else NerveStudy(nerve=code, side=side)
        row.site = row.site or self.site(self.nerves[code])
        row.absent = values[self.amplitude] == ABSENT[0]
        for column, value in values.items():
            setattr(row, column, None if value == ABSENT[0] else value)
        return [row, *(copy_of(other) for other in before[1:])]


class MotorGrid(NerveGrid):
    prefix = "motor"
    title = "Motor conduction"
    hint = "“absent” where there is no response"
    columns = MOTOR


class SensoryGrid(NerveGrid):
    prefix = "sensory"
    title = "Sensory conduction"
    columns = SENSORY
    nerves = _BOOK.sensory_nerves
    amplitude = "amplitude_uv"


class NeedleGrid(Grid):
    prefix = "needle"
    relation = "muscles"
    title = "Needle EMG"
    heading = "Muscle"
    model = MuscleStudy
    columns = {code: _BOOK.emg_columns[code].label for code in NEEDLE}

    def make_lines(self):
        asked = {row.muscle for row in self.standing}
        for code in self.form.asked_codes("emg"):
            if code in _BOOK.emg_sets:
                asked |= set(_BOOK.emg_sets[code].members)
        for code, muscle in _BOOK.emg_muscles.items():
            if code in asked:
                for side in SIDES:
                    yield Line(f"{code}-{side}", f"{muscle.label}, {side}", hint=muscle.root)

    def cell(self, line, column):
        values = _BOOK.emg_columns[column].values
        return fields.choice(self.cell_label(line, column), fields.spelled(values))

    def read(self, row):
        return f"{row.muscle}-{row.side}", {c: getattr(row, c) for c in self.columns}

    def make(self, line, values):
        if not any(values.values()):
            return []
        code, _, side = line.code.rpartition("-")
        given = {column: value or "" for column, value in values.items()}
        return [MuscleStudy(muscle=code, side=side, **given)]


class EmgScores(ScoreGrid):
    model = EmgScore


class EmgForm(RecordForm):
    PREFIXES = ("ncs", "emg", "scale")
    CAPTURE_OF = {"rns_decrement_pct": "rns", "rns_increment_pct": "rns", "sfemg_abnormal": "sfemg"}
    CODES = {
        "ncs_conclusions": CONCLUSIONS,
        "emg_conclusions": CONCLUSIONS,
        "ncs_sets": fields.labelled(_BOOK.ncs_sets),
        "emg_sets": fields.labelled(_BOOK.emg_sets),
        "special_tests": fields.labelled(_BOOK.special_tests),
    }
    SECTIONS = (
        Section(
            "Conclusion",
            (
                "ncs_conclusions",
                "emg_conclusions",
                "conduction_block",
                "uniform_slowing",
                "snap_normal",
                "gbs_supportive",
            ),
            always=True,
        ),
        Section("Motor conduction", ("skin_temperature_c",), (MotorGrid,)),
        Section("Sensory conduction", grids=(SensoryGrid,)),
        Section("Needle EMG", grids=(NeedleGrid,)),
        Section(
            "Repetitive stimulation and single fibre",
            ("rns_decrement_pct", "rns_increment_pct", "sfemg_abnormal"),
        ),
        Section("Scales", grids=(EmgScores,), always=True),
        Section("Studies done", ("ncs_sets", "emg_sets", "special_tests")),
        Section("Report", ("report_text", "comment"), always=True),
    )

    class Meta(RecordForm.Meta):
        model = EmgResult
        fields = [
            *PLUMBING,
            "ncs_conclusions",
            "emg_conclusions",
            "ncs_sets",
            "emg_sets",
            "special_tests",
            "conduction_block",
            "uniform_slowing",
            "snap_normal",
            "gbs_supportive",
            "skin_temperature_c",
            "rns_decrement_pct",
            "rns_increment_pct",
            "sfemg_abnormal",
            "report_text",
        ]

    def first_guess(self):
        return {
            "ncs_sets": [code for code in self.asked_codes("ncs") if code in _BOOK.ncs_sets],
            "special_tests": [c for c in self.asked_codes("ncs") if c in _BOOK.special_tests],
            "emg_sets": [code for code in self.asked_codes("emg") if code in _BOOK.emg_sets],
        }

    def _is_open(self, section, bound, grids):
        """The tables of what was asked for are open; nobody unfolds what she came to fill."""
        kinds = {"Motor conduction": "ncs", "Sensory conduction": "ncs", "Needle EMG": "emg"}
        kind = kinds.get(section.title)
        return bool(kind and self.asked_codes(kind)) or super()._is_open(section, bound, grids)
