"""ECG, echocardiogram, ambulatory ECG, cardiac MRI, and the markers taken with them."""

from django.db import models

from clinical.thresholds import watched
from clinical.vocabulary import humanise
from patients.models import tracked
from results import limits, thresholds
from results.base import Flag, Result, known, number, row_of, shorten, words
from results.laboratory import LabRow, lab_captures, lab_facts, lab_flag

LIMITS = {
    "pr_ms": (40, 600),
    "qrs_ms": (30, 300),
    "qtc_ms": (200, 800),
    "lvef_pct": (5, 90),
}
WATCHED = ("pr_ms", "qrs_ms", "lvef_pct")


@tracked
class CardiacResult(Result):
    """`ecg` null = no ECG; ["normal"] = a normal one."""

    ROWS = ("values",)
    LIMITS = LIMITS

    ecg = words("ECG", 20)
    pr_ms = number("PR (ms)", 5, 0)
    qrs_ms = number("QRS (ms)", 5, 0)
    qtc_ms = number("QTc (ms)", 5, 0)
    lvef_pct = number("left ventricular ejection fraction (%)", 5, 1)
    tests = words("done", 20)
    echo_text = models.TextField("echocardiogram", blank=True)
    holter_text = models.TextField("ambulatory ECG", blank=True)
    mri_text = models.TextField("cardiac MRI", blank=True)

    class Meta(Result.Meta):
        verbose_name = "heart test"
        constraints = [*Result.Meta.constraints, *limits.constraints("cardiac", LIMITS)]

    def facts(self):
        found = {"card.ecg_abnormal": None if self.ecg is None else set(self.ecg) != {"normal"}}
        for name in ("pr_ms", "qrs_ms", "lvef_pct"):
            number_ = getattr(self, name)
            found[f"card.{name}"] = None if number_ is None else float(number_)
        return known(**found) | lab_facts(self.rows("values"))

    def captures(self):
        done = dict.fromkeys(f"card:{code}" for code in self.tests or ())
        if self.ecg is not None or self.pr_ms is not None or self.qrs_ms is not None:
            done["card:ecg"] = None
        if self.lvef_pct is not None or self.echo_text:
            done["card:echo"] = None
        if self.holter_text:
            done["card:holter"] = None
        if self.mri_text:
            done["card:cardiac_mri"] = None
        return (*done, *lab_captures(self.rows("values")), *(self.also_done or ()))

    def summary(self):
        ecg = ", ".join(humanise(code).lower() for code in self.ecg or ())
        measured = [
            f"{label} {limits.plain(value)} {unit}"
            for label, value, unit in (
                ("PR", self.pr_ms, "ms"),
                ("QRS", self.qrs_ms, "ms"),
                ("QTc", self.qtc_ms, "ms"),
                ("LVEF", self.lvef_pct, "%"),
            )
            if value is not None
        ]
        markers = [line.in_words() for line in self.rows("values")]
        return shorten([f"ECG {ecg}" if ecg else "", *measured, *markers], otherwise="Heart test")

    def marks(self):
        return thresholds.marks(self)

    def flag(self):
        markers = lab_flag(self.rows("values"))
        if markers == Flag.CRITICAL:
            return markers
        beyond = any(watched()[name].beyond(getattr(self, name)) for name in WATCHED)
        if beyond or markers == Flag.ABNORMAL or set(self.ecg or ()) - {"normal"}:
            return Flag.ABNORMAL
        return Flag.NORMAL if self.ecg or self.lvef_pct is not None else markers


@tracked
class CardiacValue(LabRow):
    result = row_of(CardiacResult, "values")

    class Meta(LabRow.Meta):
        verbose_name = "cardiac marker"
