"""Conclusions, disclosure and referrals as a form."""

from dataclasses import dataclass

from clinical.blockers import blockers_of
from clinical.criteria.from_facts import so_far
from clinical.criteria.verdict import INSUFFICIENT
from clinical.vocabulary import humanise, vocabulary
from results import fields
from results.grids import Grid, Line
from results.lab_grid import LabGrid
from results.other.models import (
    ANSWERS,
    LIMITS,
    CriterionOutcome,
    OtherResult,
    OtherScore,
    OtherValue,
)
from results.recordform import PLUMBING, RecordForm, Section
from results.scores_grid import ScoreGrid

_BOOK = vocabulary()
INPUTS = {  # inputs of the criteria whose code does not say it to people
    "upper_signs": "in which regions the upper motor neuron signs are",
    "lower_signs": "in which regions the lower motor neuron signs are",
    "others_excluded": "whether other causes are excluded",
    "better_explanation": "whether anything explains it better",
    "progressive": "whether it progresses",
    "limbs": "limbs with denervation on EMG",
    "attacks": "number of attacks",
    "lesions": "lesions with objective clinical evidence",
    "dis": "dissemination in space",
    "dit": "dissemination in time",
    "regions": "regions with lesions on MRI",
    "bands": "oligoclonal bands in CSF only",
    "history_elsewhere": "an earlier attack at another site",
    "jo1": "anti-Jo-1",
    "motor": "motor conduction criteria",
    "sensory": "abnormal sensory nerves",
    "typical": "whether the form is the typical one",
    "eight_weeks": "whether it grew for 8 weeks or more",
    "no_exclusion": "whether another neuropathy is excluded",
}


@dataclass(frozen=True)
class Hint:
    """What the facts of the case say of a criterion so far; the clinician chooses."""

    title: str
    category: str
    would_settle: str
    notes: tuple[str, ...]
    source: str


def so_far_of(step, line):
    found = so_far(line.code, step.case.facts)
    if found is None:
        return None
    verdict, labels = found.verdict, _BOOK.facts[f"crit.{line.code}"].labels
    category = labels[verdict.category].lower()
    if verdict.category == INSUFFICIENT:
        category = "not yet known"
    elif verdict.at_least:
        category = f"at least {category}"
    missing = ", ".join(INPUTS.get(name, humanise(name).lower()) for name in verdict.missing)
    return Hint(line.label, category, missing, verdict.notes, found.source)


class Criteria(Grid):
    prefix = "crit"
    relation = "criteria"
    title = "Criteria"
    heading = "Criteria"
    model = CriterionOutcome
    columns = {"outcome": "Category"}
    template = "results/other/_criteria.html"

    def make_lines(self):
        known = {row.criterion for row in self.standing}
        for code in _BOOK.criteria:
            if f"crit:{code}" in self.form.asked or code in known:
                yield Line(code, _BOOK.criteria[code].label)

    def cell(self, line, column):
        labels = _BOOK.facts[f"crit.{line.code}"].labels
        return fields.choice(line.label, labels.items())

    def read(self, row):
        return row.criterion, {"outcome": row.outcome}

    def make(self, line, values):
        if not values["outcome"]:
            return []
        return [CriterionOutcome(criterion=line.code, outcome=values["outcome"])]

    @property
    def hints(self):
        """What the case says so far of each criterion that is worked out from facts."""
        return [hint for line in self.lines if (hint := so_far_of(self.form.step, line))]


class OtherScores(ScoreGrid):
    model = OtherScore


class OtherValues(LabGrid):
    model = OtherValue
    title = "Blood tests"
    bare = 1


class OtherForm(RecordForm):
    PREFIXES = ("crit", "scale", "lab")
    STRIPS = {"csf_appearance": _BOOK.choices("csf_appearance")}
    CAPTURE_OF = {
        column: capture.partition(":")[2] for capture in ANSWERS for column in ANSWERS[capture]
    } | {"referred_to": "treatment_referral"}
    SECTIONS = (
        Section(
            "Lumbar puncture",
            ("opening_pressure_cmh2o", "csf_appearance"),
            note="results/other/_blockers.html",
        ),
        Section("Conclusion", ("conclusion",), (Criteria,), always=True),
        Section("Meeting", ("participants", "open_questions", "next_steps")),
        Section(
            "Told the patient",
            (
                "told_by",
                "told_with",
                "told_what",
                "wants_to_know",
                "written_information",
                "follow_up_contact",
            ),
        ),
        Section("Referred", ("referred_to",)),
        Section("Scales", grids=(OtherScores,), always=True),
        Section("Blood tests", grids=(OtherValues,)),
        Section("Report", ("report_text", "comment")),
    )

    class Meta(RecordForm.Meta):
        model = OtherResult
        fields = [
            *PLUMBING,
            "conclusion",
            *LIMITS,
            "csf_appearance",
            "participants",
            "open_questions",
            "next_steps",
            "told_by",
            "told_with",
            "told_what",
            "wants_to_know",
            "written_information",
            "follow_up_contact",
            "referred_to",
            "report_text",
        ]

    @property
    def blockers(self):
        """What stands against a lumbar puncture, from the facts of the case."""
        return blockers_of("lumbar_puncture", self.step.case.facts)

    def also_choices(self):
        """What the step asks for first, then every other decision and referral."""
        asked = super().also_choices()
        rest = [f"other:{code}" for code in _BOOK.other_tests]
        return [*asked, *rest, *(f"rehab:{code}" for code in _BOOK.rehab)]

    def first_guess(self):
        """A step for one thing is ticked: who records it did it. Of several, she says which."""
        asked = super().also_choices()
        return {"also_done": asked if len(asked) == 1 else []}

    def _is_open(self, section, bound, grids):
        by_lab = section.title == "Blood tests" and bool(self.asked_codes("lab"))
        return by_lab or super()._is_open(section, bound, grids)
