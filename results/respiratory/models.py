"""Lung function, muscle pressures, gases and the night."""

from django.db import models

from clinical.thresholds import fall_pct, watched
from clinical.vocabulary import vocabulary
from patients.models import tracked
from results import limits, thresholds
from results.base import Flag, Result, known, number, shorten, word, yes_no

LIMITS = {
    "fvc_upright_l": (0, 12),
    "fvc_upright_pct": (0, 250),
    "fvc_supine_l": (0, 12),
    "fvc_supine_pct": (0, 250),
    "fvc_ml_kg": (0, 150),
    "snip_cmh2o": (0, 250),
    "mip_cmh2o": (0, 250),
    "mep_cmh2o": (0, 400),
    "pcf_l_min": (0, 1_000),
    "spo2_rest_pct": (30, 100),
    "pco2_kpa": (1, 25),
}
MEASURES = tuple(name for name in LIMITS if name != "fvc_supine_l")
MMHG_PER_KPA = 7.50062
# NICE NG42 and the 20/30/40 rule: below (or above, for pCO2) it is a matter of days or hours
CRITICAL_BELOW = {"fvc_ml_kg": 20, "pcf_l_min": 160, "mep_cmh2o": 40, "mip_cmh2o": 30}
ABNORMAL_BELOW = {
    "fvc_upright_pct": 80,
    "snip_cmh2o": 55,
    "mip_cmh2o": 55,
    "mep_cmh2o": 60,
    "pcf_l_min": 270,
    "spo2_rest_pct": 95,
}
HIGH_PCO2_KPA = 6


def _plain(number_):
    return None if number_ is None else float(number_)


@tracked
class RespiratoryResult(Result):
    """Pressures are positive numbers. The fall from upright to supine is worked out."""

    LIMITS = LIMITS

    fvc_upright_l = number("FVC upright (L)", 5, 2)
    fvc_upright_pct = number("FVC upright (% predicted)", 5, 1)
    fvc_supine_l = number("FVC supine (L)", 5, 2)
    fvc_supine_pct = number("FVC supine (% predicted)", 5, 1)
    fvc_ml_kg = number("vital capacity (mL/kg)", 5, 1)
    snip_cmh2o = number("sniff pressure (cmH₂O)", 5, 1)
    mip_cmh2o = number("inspiratory pressure (cmH₂O)", 5, 1)
    mep_cmh2o = number("expiratory pressure (cmH₂O)", 5, 1)
    pcf_l_min = number("peak cough flow (L/min)", 6, 1)
    spo2_rest_pct = number("oxygen saturation at rest (%)", 5, 1)
    pco2_kpa = number("pCO₂ (kPa)", 5, 2)
    nocturnal_oximetry = word("overnight oximetry", 16)
    sleep_study = word("sleep study", 16)
    interstitial_lung_disease = yes_no("interstitial lung disease on chest CT")
    report_text = models.TextField("report", blank=True)

    class Meta(Result.Meta):
        verbose_name = "breathing test"
        constraints = [*Result.Meta.constraints, *limits.constraints("respiratory", LIMITS)]

    def drop_pct(self):
        """Fall in FVC (%) from upright to supine, of litres or else of % predicted; or None."""
        litres = fall_pct(_plain(self.fvc_upright_l), _plain(self.fvc_supine_l))
        if litres is not None:
            return litres
        return fall_pct(_plain(self.fvc_upright_pct), _plain(self.fvc_supine_pct))

    def marks(self):
        return thresholds.marks(self)

    def worked_out(self):
        fall, number = self.drop_pct(), watched()["fvc_supine_drop_pct"]
        if fall is None:
            return []
        measure = vocabulary().respiratory["fvc_supine_drop_pct"]
        label, notes = f"{measure.label} (%)", [measure.formula, number.told(fall)]
        note = "; ".join(part for part in notes if part)
        return [("fvc_supine_drop_pct", label, limits.plain(fall), number.mark(fall), note)]

    def measured(self):
        return {n: float(getattr(self, n)) for n in MEASURES if getattr(self, n) is not None}

    def facts(self):
        found = {f"resp.{name}": value for name, value in self.measured().items()}
        if self.pco2_kpa is not None:
            found["lab.pco2_arterial.value"] = round(float(self.pco2_kpa) * MMHG_PER_KPA, 1)
        return found | known(
            **{
                "resp.fvc_supine_drop_pct": self.drop_pct(),
                "resp.nocturnal_oximetry": self.nocturnal_oximetry,
                "resp.sleep_study": self.sleep_study,
                "mri.ild": self.interstitial_lung_disease,
            }
        )

    def captures(self):
        done = [f"resp:{name}" for name in self.measured()]
        for name in ("nocturnal_oximetry", "sleep_study"):
            if getattr(self, name) not in ("", "not_done"):
                done.append(f"resp:{name}")
        if self.drop_pct() is not None:
            done.append("resp:fvc_supine_drop_pct")
        if self.interstitial_lung_disease is not None:
            done.append("mri:hrct_chest")
        return (*done, *(self.also_done or ()))

    def summary(self):
        book = vocabulary().respiratory
        parts = [
            f"{book[name].label} {limits.plain(getattr(self, name))} "
            f"{book[name].unit.replace('cm[H2O]', 'cmH₂O')}"
            for name in self.measured()
        ]
        lungs = "interstitial lung disease" if self.interstitial_lung_disease else ""
        return shorten([*parts, lungs], otherwise="Breathing test")

    def flag(self):
        values = self.measured()
        if any(values.get(name, limit) < limit for name, limit in CRITICAL_BELOW.items()):
            return Flag.CRITICAL
        if values.get("pco2_kpa", 0) > HIGH_PCO2_KPA:
            return Flag.CRITICAL
        abnormal = (
            any(values.get(name, limit) < limit for name, limit in ABNORMAL_BELOW.items())
            or watched()["fvc_supine_drop_pct"].beyond(self.drop_pct())
            or self.nocturnal_oximetry == "abnormal"
            or self.sleep_study in ("hypoventilation", "obstructive")
            or self.interstitial_lung_disease
        )
        if abnormal:
            return Flag.ABNORMAL
        return Flag.NORMAL if values else ""
