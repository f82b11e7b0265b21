"""Conclusions, disclosure and referrals as a form."""

from clinical.blockers import blockers_of
from clinical.vocabulary import vocabulary
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


NEEDED = {"eanpns_cidp_2021_motor": "eanpns_cidp_2021_dx"}  # criteria that others rest on


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
            asked = f"crit:{NEEDED.get(code, code)}" in self.form.asked
            if asked or code in known:
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
