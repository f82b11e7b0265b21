"""Decisions and tests without a form of their own: conclusions, disclosure, referrals, scales."""

from django.core.exceptions import ValidationError
from django.db import models

from clinical.vocabulary import vocabulary
from patients.models import tracked
from results import limits
from results.base import Result, Row, number, prose, row_of, shorten, text, word
from results.laboratory import LabRow, lab_captures, lab_facts, lab_flag
from results.scores import ScoreRow, in_words, score_captures, score_facts

LIMITS = {"opening_pressure_cmh2o": (0, 100)}
ANSWERS = {  # capture → columns that answer it
    "other:lumbar_puncture": ("opening_pressure_cmh2o", "csf_appearance"),
    "other:mdt_review": ("participants", "open_questions", "next_steps"),
    "other:patient_disclosure": ("told_by", "told_what", "wants_to_know", "written_information"),
}


@tracked
class OtherResult(Result):
    """What was done stands in `also_done` (captures), what came of it in `conclusion`."""

    ROWS = ("scores", "criteria", "values")
    LIMITS = LIMITS

    conclusion = models.TextField("conclusion", blank=True)
    opening_pressure_cmh2o = number("opening pressure (cmH₂O)", 5, 1)
    csf_appearance = word("appearance of the CSF")
    participants = text("who took part", 300)
    open_questions = prose("open questions")
    next_steps = prose("decided next steps")
    told_by = text("who told the patient", 120)
    told_with = text("who else was there", 300)
    told_what = models.TextField("what the patient was told", blank=True)
    wants_to_know = prose("what the patient wants to know")
    written_information = text("written information given", 300)
    follow_up_contact = text("contact for questions afterwards", 300)
    referred_to = text("referred to", 300)
    report_text = models.TextField("report", blank=True)

    class Meta(Result.Meta):
        verbose_name = "conclusion"
        constraints = [*Result.Meta.constraints, *limits.constraints("other", LIMITS)]

    def facts(self):
        reached = {f"crit.{line.criterion}": line.outcome for line in self.rows("criteria")}
        return reached | score_facts(self.rows("scores")) | lab_facts(self.rows("values"))

    def captures(self):
        return (
            *(self.also_done or ()),
            *self._answered(),
            *(f"crit:{line.criterion}" for line in self.rows("criteria")),
            *score_captures(self.rows("scores")),
            *lab_captures(self.rows("values")),
        )

    def _answered(self):
        """Captures that a column of their own answers, ticked or not."""
        return [
            capture
            for capture, columns in ANSWERS.items()
            if any(getattr(self, column) not in ("", None) for column in columns)
        ]

    def summary(self):
        book = vocabulary()
        pressure = self.opening_pressure_cmh2o
        return shorten(
            [
                self.conclusion,
                "" if pressure is None else f"Opening pressure {limits.plain(pressure)} cmH₂O",
                f"Next: {self.next_steps}" if self.next_steps else "",
                *(line.in_words() for line in self.rows("criteria")),
                *in_words(self.rows("scores")),
                *(line.in_words() for line in self.rows("values")),
                f"Referred to {self.referred_to}" if self.referred_to else "",
                ", ".join(book.capture_label(code) for code in self.also_done or ()),
            ],
            otherwise="Recorded",
        )

    def flag(self):
        return lab_flag(self.rows("values"))


@tracked
class CriterionOutcome(Row):
    """The category of published criteria that a clinician found reached."""

    result = row_of(OtherResult, "criteria")
    criterion = models.CharField("criteria", max_length=40)
    outcome = models.CharField("category", max_length=40)
    note = text("note", 300)

    class Meta(Row.Meta):
        verbose_name = "criterion"
        constraints = [
            models.UniqueConstraint(name="results_criterion_once", fields=["result", "criterion"])
        ]

    def clean(self):
        super().clean()
        criterion = vocabulary().criteria.get(self.criterion)
        if criterion is None:
            raise ValidationError({"criterion": f"“{self.criterion}” is not one of our criteria."})
        if self.outcome not in criterion.outputs:
            raise ValidationError({"outcome": f"Write one of {', '.join(criterion.outputs)}."})

    @property
    def title(self):
        return vocabulary().facts[f"crit.{self.criterion}"].label

    @property
    def told(self):
        return vocabulary().facts[f"crit.{self.criterion}"].labels.get(self.outcome, self.outcome)

    def in_words(self):
        fact = vocabulary().facts[f"crit.{self.criterion}"]
        return f"{fact.label}: {fact.labels.get(self.outcome, self.outcome).lower()}"


@tracked
class OtherScore(ScoreRow):
    result = row_of(OtherResult, "scores")

    class Meta(ScoreRow.Meta):
        verbose_name = "scale"


@tracked
class OtherValue(LabRow):
    result = row_of(OtherResult, "values")

    class Meta(LabRow.Meta):
        verbose_name = "laboratory value"
