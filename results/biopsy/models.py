"""Muscle, nerve, skin or other tissue under the microscope."""

from django.db import models

from clinical.vocabulary import vocabulary
from patients.models import tracked
from results import limits
from results.base import Flag, Result, known, number, shorten, text, word, words, yes_no
from results.phenotypes import Side

LIMITS = {"ienfd_per_mm": (0, 60)}
NORMAL = {"normal_muscle", "normal_nerve"}
UNDECIDED = {"non_diagnostic"}


@tracked
class BiopsyResult(Result):
    """Findings are codes; null means that tissue was not examined."""

    LIMITS = LIMITS

    tissue = word("tissue", 40)
    site = word("site", 40)
    side = models.CharField(max_length=10, choices=Side.choices, blank=True, default="")
    method = word("method", 20)
    accession = text("laboratory number", 60)
    stains = words("stains")
    muscle_findings = words("findings in muscle", 50)
    nerve_findings = words("findings in nerve", 50)
    ienfd_per_mm = number("nerve fibres in the epidermis (per mm)", 5, 1)
    ienfd_reduced = yes_no("nerve fibre density reduced")
    report_text = models.TextField("report", blank=True)
    conclusion = models.TextField("conclusion", blank=True)

    class Meta(Result.Meta):
        verbose_name = "biopsy report"
        constraints = [*Result.Meta.constraints, *limits.constraints("biopsy", LIMITS)]

    def facts(self):
        return known(
            **{
                "bx.muscle_findings": _listed(self.muscle_findings),
                "bx.nerve_findings": _listed(self.nerve_findings),
            }
        )

    def captures(self):
        return (*([f"bx:{self.tissue}"] if self.tissue else ()), *(self.also_done or ()))

    def found(self):
        return [*(self.muscle_findings or ()), *(self.nerve_findings or ())]

    def summary(self):
        labels = {**vocabulary().muscle_findings, **vocabulary().nerve_findings}
        reduced = "Nerve fibre density reduced" if self.ienfd_reduced else ""
        return shorten(
            [", ".join(labels[code].label for code in self.found()), reduced, self.conclusion],
            otherwise="Biopsy report",
        )

    def flag(self):
        found = set(self.found())
        if found - NORMAL - UNDECIDED or self.ienfd_reduced:
            return Flag.ABNORMAL
        return Flag.NORMAL if found and found <= NORMAL else ""


def _listed(codes):
    return None if codes is None else list(codes)
