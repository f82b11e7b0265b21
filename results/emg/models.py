"""Nerve conduction, needle EMG and the special tests that go with them."""

from django.db import models
from django.db.models import Q

from clinical import conduction
from clinical.needle import read_muscle
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
    "sfemg_jitter_us": (0, 1_000),
    "sfemg_abnormal_pairs_pct": (0, 100),
    "sfemg_blocking_pct": (0, 100),
    "blink_right_r1_ms": (0, 100),
    "blink_right_r2_ipsi_ms": (0, 150),
    "blink_right_r2_contra_ms": (0, 150),
    "blink_left_r1_ms": (0, 100),
    "blink_left_r2_ipsi_ms": (0, 150),
    "blink_left_r2_contra_ms": (0, 150),
    "vep_p100_right_ms": (0, 400),
    "vep_p100_left_ms": (0, 400),
    "long_exercise_fall_pct": (0, 100),
}
LOW_FILTERS_HZ = (2, 5, 10, 20)  # those for which the guideline has distal durations
NERVE_LIMITS = {
    "latency_ms": (0, 100),
    "peak_latency_ms": (0, 100),
    "amplitude_mv": (0, 60),
    "amplitude_uv": (0, 500),
    "area_mv_ms": (0, 500),
    "duration_ms": (0, 100),
    "distance_mm": (0, 1_500),
    "velocity_m_per_s": (0, 120),
    "f_latency_ms": (0, 200),
    "f_persistence_pct": (0, 100),
    "temperature_c": (15, 42),
}
OF_NERVE = {
    "amplitude_low": (0, 500),
    "latency_high_ms": (0, 100),
    "velocity_low": (0, 120),
    "f_latency_high_ms": (0, 200),
}
OF_TRAIN = {
    "rate_hz": (0, 100),
    "decrement_pct": (0, 100),
    "exercise_s": (0, 600),
    "after_exercise_pct": (0, 100),
    "increment_pct": (0, 5_000),
}

NEEDLE = (
    "insertional",
    "fib",
    "psw",
    "fasciculations",
    "myotonic_discharge",
    "crd",
    "myokymia_neuromyotonia",
    "muap_duration",
    "muap_amplitude",
    "muap_polyphasia",
    "muap_stability",
    "recruitment",
    "interference",
)


@tracked
class EmgResult(Result):
    """Conclusions are the examiner's; regions and spontaneous activity are read from the rows."""

    ROWS = ("nerves", "nerve_limits", "muscles", "trains", "scores")
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
    sfemg_muscle = text("single-fibre EMG, muscle", 60)
    sfemg_jitter_us = number("mean jitter (µs)", 6, 1)
    sfemg_abnormal_pairs_pct = number("abnormal pairs (%)", 5, 1)
    sfemg_blocking_pct = number("pairs with blocking (%)", 5, 1)
    blink_right_r1_ms = number("blink reflex, right stimulated, R1 (ms)", 5, 1)
    blink_right_r2_ipsi_ms = number("blink reflex, right stimulated, R2 same side (ms)", 5, 1)
    blink_right_r2_contra_ms = number("blink reflex, right stimulated, R2 other side (ms)", 5, 1)
    blink_left_r1_ms = number("blink reflex, left stimulated, R1 (ms)", 5, 1)
    blink_left_r2_ipsi_ms = number("blink reflex, left stimulated, R2 same side (ms)", 5, 1)
    blink_left_r2_contra_ms = number("blink reflex, left stimulated, R2 other side (ms)", 5, 1)
    vep_p100_right_ms = number("visual evoked potential, right P100 (ms)", 5, 1)
    vep_p100_left_ms = number("visual evoked potential, left P100 (ms)", 5, 1)
    long_exercise_fall_pct = number("long exercise test, fall of the amplitude (%)", 5, 1)
    special_findings = text("findings of other special tests", 500)
    low_filter_hz = models.PositiveSmallIntegerField(
        "low filter of the motor recordings (Hz)", null=True, blank=True
    )
    report_text = models.TextField("report", blank=True)

    class Meta(Result.Meta):
        verbose_name = "EMG report"
        constraints = [
            *Result.Meta.constraints,
            *limits.constraints("emg", LIMITS),
            models.CheckConstraint(
                name="results_emg_low_filter_known",
                condition=Q(low_filter_hz=None) | Q(low_filter_hz__in=LOW_FILTERS_HZ),
            ),
        ]

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
    peak_latency_ms = number("peak latency (ms)", 6, 2)
    amplitude_mv = number("amplitude (mV)", 6, 2)
    amplitude_uv = number("amplitude (µV)", 6, 1)
    area_mv_ms = number("area (mV·ms)", 6, 2)
    duration_ms = number("negative peak (ms)", 6, 2)
    distance_mm = count("distance (mm)")
    velocity_m_per_s = number("velocity (m/s)", 5, 1)
    f_latency_ms = number("F wave (ms)", 6, 1)
    f_persistence_pct = count("F waves (%)")
    temperature_c = number("temperature (°C)", 4, 1)
    absent = models.BooleanField("no response", default=False)
    rest_normal = models.BooleanField("the rest within limits", default=False)
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
        said = [
            "no response" if self.absent else "",
            *measured,
            "the rest within limits" if self.rest_normal else "",
            self.note,
        ]
        return "; ".join(filter(None, said))


@tracked
class NerveLimit(Row):
    """The limits to which one nerve of this report is held: ours, or the laboratory's own.

    Amplitude in mV (motor) or µV (sensory). Latency: distal onset (motor) or peak (sensory).
    """

    LIMITS = OF_NERVE

    result = row_of(EmgResult, "nerve_limits")
    nerve = models.CharField("nerve", max_length=40)
    amplitude_low = number("amplitude ≥", 6, 2)
    latency_high_ms = number("latency (ms) ≤", 6, 2)
    velocity_low = number("velocity (m/s) ≥", 5, 1)
    f_latency_high_ms = number("F wave (ms) ≤", 6, 1)
    of_laboratory = models.BooleanField("the laboratory's own", default=False)

    class Meta(Row.Meta):
        verbose_name = "limits of a nerve"
        constraints = [
            *limits.constraints("nervelimit", OF_NERVE),
            models.UniqueConstraint(name="results_nerve_limit_once", fields=["result", "nerve"]),
        ]

    @property
    def title(self):
        nerve = conduction.nerve_of(self.nerve)
        kind = "sensory" if self.nerve in vocabulary().sensory_nerves else "motor"
        return f"{nerve.label if nerve else self.nerve}, {kind}"

    @property
    def told(self):
        given = [
            f"{self._meta.get_field(name).verbose_name} {limits.plain(getattr(self, name))}"
            for name in OF_NERVE
            if getattr(self, name) is not None
        ]
        whose = "the laboratory's own" if self.of_laboratory else "textbook"
        return f"{'; '.join(given)} ({whose})" if given else "no limit known"


@tracked
class StimulusTrain(Row):
    """Repetitive stimulation, recorded over one muscle."""

    LIMITS = OF_TRAIN

    result = row_of(EmgResult, "trains")
    muscle = text("muscle", 60)
    side = models.CharField(max_length=10, choices=Side.choices, blank=True, default="")
    rate_hz = number("rate (Hz)", 5, 1)
    decrement_pct = number("decrement (%)", 5, 1)
    exercise_s = count("exercise (s)")
    after_exercise_pct = number("decrement after exercise (%)", 5, 1)
    increment_pct = number("increment after exercise (%)", 6, 1)

    class Meta(Row.Meta):
        verbose_name = "repetitive stimulation"
        constraints = limits.constraints("train", OF_TRAIN)

    @property
    def title(self):
        return sided(self.muscle or "Muscle not named", self.side)

    @property
    def told(self):
        return "; ".join(
            f"{self._meta.get_field(name).verbose_name} {limits.plain(getattr(self, name))}"
            for name in OF_TRAIN
            if getattr(self, name) is not None
        )


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
    myokymia_neuromyotonia = word("myokymia or neuromyotonia", 14)
    muap_duration = word("duration", 12)
    muap_amplitude = word("amplitude", 12)
    muap_polyphasia = word("polyphasia", 12)
    muap_stability = word("stability", 12)
    recruitment = word("recruitment", 20)
    interference = word("interference", 12)
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
        return "; ".join([*found, *([self.note] if self.note else [])])

    @property
    def read_as(self):
        """Labels of what the columns amount to; derived, never stored."""
        words = vocabulary().enums["muscle_conclusion"]
        return [words[code] for code in read_muscle({c: getattr(self, c) for c in NEEDLE})]

    @property
    def mark(self):
        return "abnormal" if self.read_as else ""


@tracked
class EmgScore(ScoreRow):
    result = row_of(EmgResult, "scores")

    class Meta(ScoreRow.Meta):
        verbose_name = "scale"
