"""Muscle, nerve, skin or other tissue under the microscope."""

from django.db import models
from django.db.models import Q

from clinical.vocabulary import vocabulary
from patients.models import tracked
from patients.text import validate_visible
from results import limits
from results.base import (
    Flag,
    Result,
    Row,
    known,
    number,
    row_of,
    shorten,
    text,
    word,
    words,
    yes_no,
)
from results.phenotypes import Side

LIMITS = {"ienfd_per_mm": (0, 60)}
NORMAL = {"normal_muscle", "normal_nerve"}
UNDECIDED = {"non_diagnostic"}


@tracked
class BiopsyResult(Result):
    """Findings are codes; null means that tissue was not examined."""

    ROWS = ("markers", "additions")
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


class Staining(models.TextChoices):
    NORMAL = "normal", "Normal"
    REDUCED = "reduced", "Reduced"
    ABSENT = "absent", "Absent"
    MOSAIC = "mosaic", "Mosaic"
    INCREASED = "increased", "Increased"
    POSITIVE = "positive", "Positive"
    NEGATIVE = "negative", "Negative"


def marker_table():
    """Immunohistochemistry and blots by code, as the vocabulary lists them."""
    enums = vocabulary().enums
    return {**enums["immunohistochemistry"], **enums["immunoblot"]}


@tracked
class Marker(Row):
    """One antibody on the tissue, or one blot, and what it showed."""

    result = row_of(BiopsyResult, "markers")
    marker = models.CharField("antibody or blot", max_length=40)
    staining = models.CharField("staining", max_length=12, choices=Staining.choices)
    note = text("where and how much", 300)

    class Meta(Row.Meta):
        verbose_name = "antibody or blot"
        constraints = [
            models.CheckConstraint(
                name="results_marker_staining_known", condition=Q(staining__in=Staining.values)
            ),
            models.UniqueConstraint(name="results_marker_once", fields=["result", "marker"]),
        ]

    @property
    def title(self):
        return marker_table().get(self.marker, self.marker)

    @property
    def told(self):
        return ", ".join(filter(None, [self.get_staining_display().lower(), self.note]))

    @property
    def mark(self):
        return "low" if self.staining in ("reduced", "absent", "mosaic") else ""


@tracked
class Addition(Row):
    """An additional report of the laboratory: later stains, blots, electron microscopy."""

    result = row_of(BiopsyResult, "additions")
    reported_on = models.DateField("additional report of")
    body = models.TextField("additional report", validators=[validate_visible])

    class Meta(Row.Meta):
        verbose_name = "additional report"

    @property
    def title(self):
        return f"Additional report, {self.reported_on:%-d %b %Y}"

    @property
    def told(self):
        return self.body
