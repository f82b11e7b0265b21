"""Nerve conduction and needle EMG as a form."""

import json

from django.core.exceptions import ValidationError

from clinical import conduction
from clinical.needle import CONCLUSIONS as OF_MUSCLE
from clinical.vocabulary import vocabulary
from results import fields, limits
from results.emg.models import LOW_FILTERS_HZ, NERVE_LIMITS, EmgResult, EmgScore
from results.emg.needle_grid import NeedleGrid, TrainGrid
from results.emg.nerve_grids import LimitGrid, MotorGrid, SensoryGrid
from results.emg.page import hints
from results.emg.reading import read_nerves
from results.recordform import PLUMBING, RecordForm, Section
from results.scores_grid import ScoreGrid

_BOOK = vocabulary()
CONCLUSIONS = fields.labelled(_BOOK.ncs_conclusions)
SPECIAL = (
    "sfemg_muscle",
    "sfemg_jitter_us",
    "sfemg_abnormal_pairs_pct",
    "sfemg_blocking_pct",
    "sfemg_abnormal",
    "blink_right_r1_ms",
    "blink_right_r2_ipsi_ms",
    "blink_right_r2_contra_ms",
    "blink_left_r1_ms",
    "blink_left_r2_ipsi_ms",
    "blink_left_r2_contra_ms",
    "vep_p100_right_ms",
    "vep_p100_left_ms",
    "long_exercise_fall_pct",
    "special_findings",
)


class EmgScores(ScoreGrid):
    model = EmgScore


_RNS = _BOOK.special_tests["rns"].cutoffs
HELP = {
    "rns_decrement_pct": f"Abnormal above {_RNS['decrement_gt']} %.",
    "rns_increment_pct": f"Lambert-Eaton from {_RNS['increment_lems_gte']} %,"
    f" suspicious from {_RNS['increment_lems_suspicious_gte']} %.",
    "sfemg_abnormal_pairs_pct": "Abnormal above 10 %, or a mean jitter above the muscle's limit.",
    "vep_p100_right_ms": f"≤ {_BOOK.special_tests['vep'].uln_ms} ms.",
    "vep_p100_left_ms": f"≤ {_BOOK.special_tests['vep'].uln_ms} ms.",
    "long_exercise_fall_pct": "Abnormal above 40 %.",
}


class EmgForm(RecordForm):
    PREFIXES = ("ncs", "emg", "scale")
    CAPTURE_OF = {
        "rns_decrement_pct": "rns",
        "rns_increment_pct": "rns",
        "sfemg_abnormal": "sfemg",
        "blink_right_r1_ms": "blink_reflex",
        "vep_p100_right_ms": "vep",
        "long_exercise_fall_pct": "long_exercise_test",
    }
    CODES = {
        "ncs_conclusions": CONCLUSIONS,
        "emg_conclusions": CONCLUSIONS,
        "ncs_sets": fields.labelled(_BOOK.ncs_sets),
        "emg_sets": fields.labelled(_BOOK.emg_sets),
        "special_tests": fields.labelled(_BOOK.special_tests),
    }
    SECTIONS = (
        Section("Motor conduction", ("skin_temperature_c", "low_filter_hz"), (MotorGrid,)),
        Section("Sensory conduction", grids=(SensoryGrid,)),
        Section("Limits of this laboratory", grids=(LimitGrid,)),
        Section("Needle EMG", grids=(NeedleGrid,)),
        Section("Repetitive stimulation", ("rns_decrement_pct", "rns_increment_pct"), (TrainGrid,)),
        Section("Single fibre, blink reflex, evoked potentials, exercise tests", SPECIAL),
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
            *SPECIAL,
            "low_filter_hz",
            "report_text",
        ]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        choices = [(hertz, f"{hertz} Hz") for hertz in LOW_FILTERS_HZ]
        label = self.fields["low_filter_hz"].label
        field = fields.choice(label, choices, nothing=f"{conduction.USUAL_FILTER_HZ} Hz (usual)")
        field.empty_value = None
        field.widget.attrs["data-filter"] = ""
        self.fields["low_filter_hz"] = field
        for name, sentence in HELP.items():
            self.fields[name].help_text = sentence

    def clean_low_filter_hz(self):
        chosen = self.cleaned_data["low_filter_hz"]
        return int(chosen) if chosen else None

    def clean(self):
        super().clean()
        if not self.errors:
            self._refuse_impossible_speeds()
        return self.cleaned_data

    def _refuse_impossible_speeds(self):
        """Distance and latencies that no nerve can have: said at the distance."""
        fastest = NERVE_LIMITS["velocity_m_per_s"][1]
        study = EmgResult(low_filter_hz=None).with_rows(
            nerves=self.rows["nerves"], nerve_limits=self.rows["nerve_limits"]
        )
        for site in read_nerves(study):
            velocity = site.reading.velocity
            if site.reading.computed and velocity > fastest:
                grid = self.grids[MotorGrid if site.is_motor else SensoryGrid]
                name = f"{grid.prefix}-{grid.of_row(site.row)}-distance_mm"
                self.add_error(name, ValidationError(
                    f"{site.row.distance_mm} mm and these latencies give"
                    f" {limits.plain(velocity)} m/s; at most {fastest} m/s is expected."
                    " Look at the distance and both latencies."
                ))  # fmt: skip

    # for templates and the script
    @property
    def nerve_limits(self):
        return self.grids[LimitGrid]

    def rules(self):
        """Limits and words for the script that shows flags while one types."""
        words = _BOOK.enums["muscle_conclusion"]
        return json.dumps(conduction.rules() | {"muscle": {c: words[c] for c in OF_MUSCLE}})

    def adult_note(self):
        """Why the limits offered may not fit this patient; "" where they do."""
        age = self.nerve_limits.age()
        if age is not None and age < conduction.ADULT_FROM_YEARS:
            return "Our limits are those of adults: none is offered for a child."
        if age is not None and age > conduction.ADULT_TO_YEARS:
            return "Our limits are those of 16 to 60 years: leg amplitudes fall with age."
        return ""

    def hints(self):
        """Pattern hints of the report that stands; none before the first is saved."""
        return hints(self.standing) if self.standing else []

    def first_guess(self):
        return {
            "ncs_sets": [code for code in self.asked_codes("ncs") if code in _BOOK.ncs_sets],
            "special_tests": [c for c in self.asked_codes("ncs") if c in _BOOK.special_tests],
            "emg_sets": [code for code in self.asked_codes("emg") if code in _BOOK.emg_sets],
        }

    def _is_open(self, section, bound, grids):
        """The tables of what was asked for are open; nobody unfolds what she came to fill."""
        kinds = {"Motor conduction": "ncs", "Sensory conduction": "ncs", "Needle EMG": "emg"}
        if section.title == "Limits of this laboratory" and not any(g.has_errors for g in grids):
            return any(grid.is_filled for grid in grids)
        kind = kinds.get(section.title)
        return bool(kind and self.asked_codes(kind)) or super()._is_open(section, bound, grids)
