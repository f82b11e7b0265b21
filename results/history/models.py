"""What the patient and her family tell: onset, course, exposures, and each symptom asked for."""

from django.db import models
from django.db.models import Q

from clinical.vocabulary import humanise, vocabulary
from patients.models import tracked
from patients.partial import PartialDate, Precision
from patients.services import save_relatives
from patients.text import validate_visible
from results import limits
from results.base import (
    Flag,
    Result,
    Row,
    count,
    known,
    lines,
    number,
    row_of,
    shorten,
    text,
    word,
    words,
)
from results.phenotypes import PhenotypeRow, named, phenotype_captures, phenotype_facts

CODED = (  # one answer of the vocabulary's list each; the column has the item's name
    "onset_site",
    "progression",
    "family_history_nmd",
    "consanguinity",
    "statin_exposure",
    "recent_infection_6wk",
    "recent_vaccination_6wk",
    "diabetes",
    "cancer_history",
    "newborn_screen_sma",
    "best_motor_milestone",
    "lost_milestone",
    "anaesthetic_reaction",
    "anticoagulation",
    "consent_genetic_testing",
)
LISTS = ("toxic_exposure", "medications", "mri_contraindication")
NUMBERS = (
    "onset_age_years",
    "days_onset_to_nadir",
    "weeks_of_progression",
    "attacks_count",
    "egfr_ml_min",
)
LIMITS = {
    "onset_age_years": (0, 120),
    "days_onset_to_nadir": (0, 36_500),
    "weeks_of_progression": (0, 5_200),
    "attacks_count": (0, 1_000),
    "egfr_ml_min": (0, 250),
}


def precision():
    """How much of the date beside it is known."""
    return models.CharField(max_length=8, choices=Precision.choices, default=Precision.UNKNOWN)


def precision_fits(name, prefix, message):
    """A date has a precision, and no date has none."""
    day, how = f"{prefix}_on", f"{prefix}_precision"
    return models.CheckConstraint(
        name=name,
        condition=Q(**{day: None, how: "unknown"})
        | (Q(**{f"{day}__isnull": False}) & ~Q(**{how: "unknown"})),
        violation_error_message=message,
    )


class HasOnset:
    """The columns onset_on and onset_precision as one PartialDate."""

    @property
    def onset(self):
        return PartialDate(self.onset_on, self.onset_precision)

    @onset.setter
    def onset(self, partial):
        self.onset_on, self.onset_precision = partial.on, partial.precision


@tracked
class HistoryResult(HasOnset, Result):
    """One history. Words are codes of the vocabulary; null and "" mean nobody asked.

    `relatives`: members of the family that a draft adds or corrects; they are the patient's rows,
    not the report's.
    """

    ROWS = ("symptoms", "earlier_tests")
    LIMITS = LIMITS
    relatives = ()

    complaint = models.TextField(
        "presenting complaint", blank=True, default="", validators=[validate_visible]
    )
    onset_on = models.DateField("first symptom", null=True, blank=True)
    onset_precision = precision()
    onset_stated = text("onset as stated, without a date (ISO 8601 duration or words)", 100)
    onset_term_id = text("onset as a term of an ontology", 20)
    onset_age_years = number("age at onset (years)", 6, 3)
    onset_site = word("site of onset")
    progression = word("course")
    days_onset_to_nadir = count("days from onset to nadir")
    weeks_of_progression = count("weeks of progression")
    attacks_count = count("attacks so far")
    family_history_nmd = word("relative with a neuromuscular disorder")
    pedigree_note = models.TextField("family tree", blank=True)
    consanguinity = word("parents related by blood")
    statin_exposure = word("statin")
    toxic_exposure = words("toxic exposures")
    recent_infection_6wk = word("infection in the 6 weeks before")
    recent_vaccination_6wk = word("vaccination in the 6 weeks before")
    diabetes = word("diabetes")
    cancer_history = word("cancer")
    newborn_screen_sma = word("newborn screening for SMA")
    best_motor_milestone = word("best motor milestone")
    lost_milestone = word("milestone lost")
    anaesthetic_reaction = word("reaction to an anaesthetic, self or family")
    medical_history = lines("medical history", 200)
    medications = lines("medication", 120)
    mri_contraindication = words("in the way of an MRI")
    anticoagulation = word("anticoagulation")
    egfr_ml_min = number("eGFR (mL/min)", 6, 1)
    consent_genetic_testing = word("consent to genetic testing")
    narrative = models.TextField("story in the patient's words", blank=True)

    class Meta(Result.Meta):
        verbose_name = "history"
        constraints = [
            *Result.Meta.constraints,
            *limits.constraints("history", LIMITS),
            precision_fits(
                "results_history_onset_precision_fits",
                "onset",
                "A date of onset needs its precision, and only then.",
            ),
        ]

    def save_beside(self, *, by):
        if self.relatives:
            save_relatives(self.relatives, patient=self.step.patient, by=by)

    def answers(self):
        """{history item: answer}, unknown ones left out."""
        items = {name: getattr(self, name) for name in (*CODED, *NUMBERS)}
        items["onset_date"] = str(self.onset)
        items = known(**items)
        items.update({name: float(items[name]) for name in NUMBERS if name in items})
        items.update({n: list(getattr(self, n)) for n in LISTS if getattr(self, n) is not None})
        return items

    def facts(self):
        """hx.* and ph.*; whole numbers stay whole."""
        facts = phenotype_facts(self.rows("symptoms"))
        for item, answer in self.answers().items():
            whole = isinstance(answer, float) and answer.is_integer()
            facts[f"hx.{item}"] = int(answer) if whole else answer
        if self.pedigree_note:
            facts["hx.pedigree"] = self.pedigree_note
        return {path: value for path, value in facts.items() if path in vocabulary().facts}

    def captures(self):
        asked = [f"hx:{item}" for item in self.answers()]
        if self.pedigree_note:
            asked.append("hx:pedigree")
        if self.onset_stated and "hx:onset_date" not in asked:
            asked.append("hx:onset_date")
        return (*asked, *phenotype_captures(self.rows("symptoms")), *(self.also_done or ()))

    def summary(self):
        onset = str(self.onset) or self.onset_stated
        course = self.progression if self.progression != "unknown" else ""
        exposed = [humanise(code).lower() for code in self.toxic_exposure or ()]
        alarms = [line.label for line in self.rows("symptoms") if line.red_flag]
        return shorten(
            [
                "Red flag: " + ", ".join(alarms) if alarms else "",
                f"Onset {onset}" if onset else "",
                humanise(course) if course else "",
                ", ".join(label for label in named(self.rows("symptoms")) if label not in alarms),
                "exposed to " + ", ".join(exposed) if exposed else "",
            ],
            otherwise="History taken",
        )

    def flag(self):
        return Flag.ABNORMAL if named(self.rows("symptoms")) else ""


@tracked
class Symptom(HasOnset, PhenotypeRow):
    """A symptom asked for. Its onset as told here, or as an import gave it: in words, a term."""

    result = row_of(HistoryResult, "symptoms")
    onset_on = models.DateField("since", null=True, blank=True)
    onset_precision = precision()
    onset_stated = text("onset as given", 100)
    onset_term_id = text("onset term", 20)
    onset_term_label = text("onset term, label", 120)
    resolution_stated = text("resolution as given", 100)
    resolved = models.BooleanField("gone again", null=True, blank=True)
    severity = text("severity", 80)
    severity_term_id = text("severity term", 20)
    description = models.TextField(blank=True)
    extra = models.JSONField("what we do not model, as given", default=dict, blank=True)

    class Meta(PhenotypeRow.Meta):
        verbose_name = "symptom"
        constraints = [
            *PhenotypeRow.Meta.constraints,
            precision_fits(
                "results_symptom_onset_precision_fits",
                "onset",
                "A date of onset needs its precision, and only then.",
            ),
        ]

    def circumstances(self):
        onset = str(self.onset) or self.onset_term_label or self.onset_stated
        return (
            f"since {onset}" if onset else "",
            "gone again" if self.resolved else "",
            self.severity,
        )


class Seen(models.TextChoices):
    REPORT = "report", "report seen"
    TOLD = "told", "only told"


@tracked
class EarlierTest(Row):
    """A test done elsewhere before, as reviewed: it is told here, and gives no fact."""

    result = row_of(HistoryResult, "earlier_tests")
    what = text("test", 120, blank=False)
    done_on = models.DateField("when", null=True, blank=True)
    done_precision = precision()
    place = text("where")
    outcome = text("outcome", 500)
    seen = models.CharField(max_length=8, choices=Seen.choices, blank=True, default="")

    class Meta(Row.Meta):
        verbose_name = "earlier test"
        constraints = [
            models.CheckConstraint(
                name="results_earliertest_seen_known", condition=Q(seen__in=["", *Seen.values])
            ),
            precision_fits(
                "results_earliertest_done_precision_fits",
                "done",
                "A date of a test needs its precision, and only then.",
            ),
        ]

    @property
    def done(self):
        return PartialDate(self.done_on, self.done_precision)

    @done.setter
    def done(self, partial):
        self.done_on, self.done_precision = partial.on, partial.precision

    @property
    def title(self):
        return self.what

    @property
    def told(self):
        parts = (self.outcome, str(self.done), self.place, self.get_seen_display())
        return ", ".join(part for part in parts if part) or "outcome not known"
