"""Imaging: which protocols, which findings (with counts), and the report."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from clinical.criteria import central_vein
from clinical.vocabulary import vocabulary
from patients.models import tracked
from results import limits
from results.base import (
    Flag,
    Result,
    Row,
    count,
    known,
    row_of,
    shorten,
    sided,
    text,
    word,
    words,
    yes_no,
)
from results.phenotypes import Presence, Side

REGIONS_OF_MS = (  # McDonald 2024 counts five
    "periventricular_lesion",
    "juxtacortical_lesion",
    "infratentorial_lesion",
    "cord_lesion",
    "optic_nerve_lesion",
)
FACT_OF = {  # finding → fact; "us" where ultrasound shows it
    "compressive_cord_lesion": "mri.compressive_cord_lesion",
    "no_compression": "mri.no_compression",
    "letm": "mri.letm",
    "root_enhancement": "mri.root_enhancement",
    "muscle_oedema": "mri.muscle_oedema",
    "selective_pattern": "mri.selective_pattern",
    "thymoma": "mri.thymoma",
    "ild": "mri.ild",
    "nerve_enlargement": "us.nerve_enlargement",
}
CRITICAL = {"compressive_cord_lesion"}
HARMLESS = {"no_compression"}


@tracked
class MriResult(Result):
    """One imaging report. A finding not listed was not looked for."""

    ROWS = ("findings", "muscles")

    protocols = words("imaging done")
    contrast = yes_no("with gadolinium")
    dissemination_in_time = yes_no("dissemination in time on imaging")
    report_text = models.TextField("report", blank=True)
    conclusion = models.TextField("conclusion", blank=True)

    class Meta(Result.Meta):
        verbose_name = "imaging report"

    def facts(self):
        lines = {line.finding: line for line in self.rows("findings")}
        found = {
            fact: lines[code].status == Presence.PRESENT
            for code, fact in FACT_OF.items()
            if code in lines
        }
        if lines.get("compressive_cord_lesion") and "mri.no_compression" not in found:
            found["mri.no_compression"] = not found["mri.compressive_cord_lesion"]
        oedema = {line.oedema for line in self.rows("muscles")}
        if "mri.muscle_oedema" not in found and True in oedema:
            found["mri.muscle_oedema"] = True
        counted = {code: line.amount for code, line in lines.items()}
        looked_at = [code for code in REGIONS_OF_MS if code in lines]
        if looked_at:
            found["mri.ms_regions"] = sum(
                lines[code].status == Presence.PRESENT for code in looked_at
            )
        found |= known(
            **{
                "mri.dit": self.dissemination_in_time,
                "mri.prl_count": counted.get("prl_count"),
                "mri.cord_lesion_count": counted.get("cord_lesion"),
                "mri.cvs_positive": central_vein(
                    counted.get("cvs_positive_count"), counted.get("cvs_assessed_count")
                ),
            }
        )
        return found

    def captures(self):
        return (*(f"mri:{code}" for code in self.protocols or ()), *(self.also_done or ()))

    def present(self):
        return [line for line in self.rows("findings") if line.status == Presence.PRESENT]

    def summary(self):
        return shorten(
            [", ".join(line.in_words() for line in self.present()), self.conclusion],
            otherwise="No abnormal finding listed" if self.rows("findings") else "Imaging report",
        )

    def flag(self):
        present = {line.finding for line in self.present()}
        if present & CRITICAL:
            return Flag.CRITICAL
        if present - HARMLESS or any(line.mark for line in self.rows("muscles")):
            return Flag.ABNORMAL
        return Flag.NORMAL if self.rows("findings") else ""


@tracked
class ImagingFinding(Row):
    LIMITS = {"amount": (0, 500)}

    result = row_of(MriResult, "findings")
    finding = models.CharField("finding", max_length=40)
    status = models.CharField(max_length=8, choices=Presence.choices)
    amount = count("number")
    note = text("where", 300)

    class Meta(Row.Meta):
        verbose_name = "imaging finding"
        constraints = [
            *limits.constraints("imaging", {"amount": (0, 500)}),
            models.UniqueConstraint(
                name="results_imaging_finding_once", fields=["result", "finding"]
            ),
            models.CheckConstraint(
                name="results_imaging_finding_status_known",
                condition=Q(status__in=Presence.values),
            ),
            models.CheckConstraint(
                name="results_imaging_none_if_absent",
                condition=~Q(status="absent") | Q(amount=None) | Q(amount=0),
                violation_error_message="A finding that is absent has no number.",
            ),
        ]

    def clean(self):
        super().clean()
        if self.status == Presence.ABSENT and self.amount:
            raise ValidationError({"status": "A finding that is absent has no number."})

    @property
    def label(self):
        known_finding = vocabulary().mri_findings.get(self.finding)
        return known_finding.label if known_finding else self.finding

    @property
    def title(self):
        return self.label

    @property
    def told(self):
        answer = "present" if self.status == Presence.PRESENT else self.status
        amount = "" if self.amount is None else str(self.amount)
        return ", ".join(part for part in (answer, amount, self.note) if part)

    @property
    def mark(self):
        return "critical" if self.finding in CRITICAL and self.status == "present" else ""

    def in_words(self):
        return f"{self.label}: {self.amount}" if self.amount is not None else self.label


@tracked
class MuscleImage(Row):
    """Fat replacement of one muscle, 0 (normal) to 4 (replaced); modified Mercuri."""

    LIMITS = {"fat_grade": (0, 4)}

    result = row_of(MriResult, "muscles")
    muscle = models.CharField("muscle", max_length=60)
    side = models.CharField(max_length=10, choices=Side.choices)
    fat_grade = count("fat, 0 to 4")
    oedema = yes_no("oedema")
    grading_scheme = word("grading scheme", 20)

    class Meta(Row.Meta):
        verbose_name = "muscle image"
        constraints = [
            models.CheckConstraint(
                name="results_muscle_image_grade_limits",
                condition=Q(fat_grade=None) | Q(fat_grade__range=(0, 4)),
                violation_error_message="Fat is graded 0 to 4.",
            ),
            models.UniqueConstraint(
                name="results_muscle_image_once", fields=["result", "muscle", "side"]
            ),
        ]

    @property
    def title(self):
        known_muscle = vocabulary().mri_muscles.get(self.muscle)
        return sided(known_muscle.label if known_muscle else self.muscle, self.side)

    @property
    def mark(self):
        return "high" if self.fat_grade or self.oedema else ""

    @property
    def told(self):
        fat = "" if self.fat_grade is None else f"fat {self.fat_grade}"
        oedema = {True: "oedema", False: "no oedema"}.get(self.oedema, "")
        return ", ".join(part for part in (fat, oedema) if part) or "seen"
