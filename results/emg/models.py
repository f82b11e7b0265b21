"""Nerve conduction, needle EMG and the special tests that go with them."""

from django.db import models
from django.db.models import Q

from clinical.vocabulary import humanise, vocabulary
from patients.models import tracked
from results import limits
from results.base import Result, Row, count, number, row_of, sided, text, word, words, yes_no
from results.emg import findings
from results.phenotypes import Side
from results.scores import ScoreRow

LIMITS = {
    "rns_decrement_pct": (0, 100),
    "rns_increment_pct": (0, 5_000),
    "skin_temperature_c": (15, 42),
}
NERVE_LIMITS = {
    "latency_ms": (0, 100),
    "amplitude_mv": (0, 60),
    "amplitude_uv": (0, 500),
    "distance_mm": (0, 1_500),
    "velocity_m_per_s": (0, 120),
    "f_latency_ms": (0, 200),
    "f_persistence_pct": (0, 100),
}


NEEDLE = (
    "insertional",
    "fib",
    "psw",
    "fasciculations",
    "myotonic_discharge",
    "crd",
    "muap_duration",
    "muap_amplitude",
    "muap_polyphasia",
    "recruitment",
)


@tracked
class EmgResult(Result):
    """Conclusions are the examiner's; regions and spontaneous activity are read from the rows."""

    ROWS = ("nerves", "muscles", "scores")
    LIMITS = LIMITS

    ncs_sets = words("nerve conduction done")
    emg_sets = words("needle EMG done")
    special_tests = words("special tests done")
    skin_temperature_c = number("skin temperature (°C)", 4, 1)
    ncs_conclusions = words("conclusion of the nerve conduction", 50)
    emg_conclusions = words("conclusion of the needle EMG", 50)
    conduction_block = yes_no("conduction block")
    uniform_slowing = yes_no("uniform slowing")
    gbs_supportive = yes_no("supports Guillain-Barré syndrome")
    snap_normal = yes_no("all sensory potentials normal")
    rns_decrement_pct = number("repetitive stimulation, decrement (%)", 6, 1)
    rns_increment_pct = number("after exercise, increment (%)", 6, 1)
    sfemg_abnormal = yes_no("single-fibre EMG abnormal")
    report_text = models.TextField("report", blank=True)

    class Meta(Result.Meta):
        verbose_name = "EMG report"
        constraints = [*Result.Meta.constraints, *limits.constraints("emg", LIMITS)]

    def facts(self):
        return findings.facts(self)

    def captures(self):
        return findings.captures(self)

    def summary(self):
        return findings.summary(self)

    def flag(self):
        return findings.flag(self)


@tracked
class NerveStudy(Row):
    """One nerve at one site. Amplitude in mV (motor) or µV (sensory)."""

    LIMITS = NERVE_LIMITS

    result = row_of(EmgResult, "nerves")
    nerve = models.CharField("nerve", max_length=40)
    side = models.CharField(max_length=10, choices=Side.choices)
    site = text("stimulated at", 40)
    latency_ms = number("latency (ms)", 6, 2)
    amplitude_mv = number("amplitude (mV)", 6, 2)
    amplitude_uv = number("amplitude (µV)", 6, 1)
    distance_mm = count("distance (mm)")
    velocity_m_per_s = number("velocity (m/s)", 5, 1)
    f_latency_ms = number("F wave (ms)", 6, 1)
    f_persistence_pct = count("F waves (%)")
    absent = models.BooleanField("no response", default=False)
    note = text("note", 200)

    class Meta(Row.Meta):
        verbose_name = "nerve study"
        constraints = [
            *limits.constraints("nerve", NERVE_LIMITS),
            models.UniqueConstraint(
                name="results_nerve_study_once", fields=["result", "nerve", "side", "site"]
            ),
            models.CheckConstraint(
                name="results_nerve_absent_has_no_amplitude",
                condition=Q(absent=False) | Q(amplitude_mv=None, amplitude_uv=None),
                violation_error_message="Without a response there is no amplitude.",
            ),
        ]

    @property
    def title(self):
        book = vocabulary()
        nerve = book.motor_nerves.get(self.nerve) or book.sensory_nerves.get(self.nerve)
        place = f", {humanise(self.site).lower()}" if self.site else ""
        return sided(nerve.label if nerve else self.nerve, self.side) + place

    @property
    def told(self):
        measured = [
            f"{field.verbose_name.split(' (')[0]} {limits.plain(value)}"
            f" {field.verbose_name.split('(')[1].rstrip(')')}"
            for field, value in (
                (self._meta.get_field(name), getattr(self, name)) for name in NERVE_LIMITS
            )
            if value is not None
        ]
        return "; ".join(["no response"] if self.absent else measured) or self.note


@tracked
class MuscleStudy(Row):
    """Needle EMG of one muscle; words are those of emg.columns."""

    result = row_of(EmgResult, "muscles")
    muscle = models.CharField("muscle", max_length=40)
    side = models.CharField(max_length=10, choices=Side.choices)
    insertional = word("insertional", 12)
    fib = word("fibrillations", 4)
    psw = word("positive waves", 4)
    fasciculations = word("fasciculations", 4)
    myotonic_discharge = word("myotonic discharges", 12)
    crd = word("complex repetitive", 12)
    muap_duration = word("duration", 12)
    muap_amplitude = word("amplitude", 12)
    muap_polyphasia = word("polyphasia", 12)
    recruitment = word("recruitment", 20)
    note = text("note", 200)

    class Meta(Row.Meta):
        verbose_name = "muscle study"
        constraints = [
            models.UniqueConstraint(
                name="results_muscle_study_once", fields=["result", "muscle", "side"]
            )
        ]

    @property
    def title(self):
        muscle = vocabulary().emg_muscles.get(self.muscle)
        return sided(muscle.label if muscle else self.muscle, self.side)

    @property
    def told(self):
        found = [
            f"{self._meta.get_field(name).verbose_name} {getattr(self, name).replace('_', ' ')}"
            for name in NEEDLE
            if getattr(self, name)
        ]
        return "; ".join(found) or self.note


@tracked
class EmgScore(ScoreRow):
    result = row_of(EmgResult, "scores")

    class Meta(ScoreRow.Meta):
        verbose_name = "scale"
