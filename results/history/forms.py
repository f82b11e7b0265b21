"""The history as a form: what the pathway asks for first, the rest folded away."""

from django.utils.functional import cached_property

from clinical.vocabulary import vocabulary
from patients.partial import UNKNOWN, PartialDateField
from results import describe, fields
from results.history.known import known_before
from results.history.models import HistoryResult
from results.history.symptoms import KnownSymptoms, OtherSymptoms, RedFlags, Symptoms
from results.history.tables import EarlierTests, Relatives
from results.last_visit import latest_report
from results.recordform import PLUMBING, RecordForm, Section

_ITEMS = vocabulary().history_items
LONG = (
    "onset_site",
    "progression",
    "statin_exposure",
    "newborn_screen_sma",
    "best_motor_milestone",
    "lost_milestone",
    "anticoagulation",
    "consent_genetic_testing",
)
SHORT = (
    "family_history_nmd",
    "consanguinity",
    "recent_infection_6wk",
    "recent_vaccination_6wk",
    "diabetes",
    "cancer_history",
    "anaesthetic_reaction",
)


KNOWN = Section("Known already", grids=(KnownSymptoms,))


class HistoryForm(RecordForm):
    PLACE = False
    PERFORMED = "Taken on"
    PREFIXES = ("hx", "ph")
    CAPTURE_OF = {"onset": "onset_date", "pedigree_note": "pedigree"}
    CHOICES = {name: fields.spelled(_ITEMS[name].values) for name in LONG}
    STRIPS = {name: fields.spelled(_ITEMS[name].values) for name in SHORT}
    CAN_BE_NONE = ("toxic_exposure",)
    CODES = {
        name: fields.spelled(_ITEMS[name].values)
        for name in ("toxic_exposure", "mri_contraindication")
    }
    SECTIONS = (
        Section(
            "Complaint, onset and course",
            (
                "complaint",
                "onset",
                "onset_site",
                "progression",
                "weeks_of_progression",
                "days_onset_to_nadir",
            ),
            always=True,
        ),
        Section("Red flags: always asked", grids=(RedFlags,), always=True),
        Section("Symptoms", grids=(Symptoms,), always=True),
        KNOWN,
        Section("All other symptoms and signs", grids=(OtherSymptoms,)),
        Section("Attacks", ("attacks_count",)),
        Section("Medicines and medical history", ("medications", "medical_history"), always=True),
        Section(
            "Exposures and other diseases",
            (
                "statin_exposure",
                "toxic_exposure",
                "recent_infection_6wk",
                "recent_vaccination_6wk",
                "diabetes",
                "cancer_history",
            ),
            always=True,
        ),
        Section(
            "Family",
            ("family_history_nmd", "consanguinity", "anaesthetic_reaction", "pedigree_note"),
            grids=(Relatives,),
            always=True,
        ),
        Section("Milestones", ("best_motor_milestone", "lost_milestone", "newborn_screen_sma")),
        Section("Tests done elsewhere", grids=(EarlierTests,), always=True),
        Section(
            "Before tests and treatment",
            (
                "anticoagulation",
                "mri_contraindication",
                "egfr_ml_min",
                "consent_genetic_testing",
            ),
        ),
        Section("In the patient's words", ("narrative", "comment")),
    )

    onset = PartialDateField(label="First symptom", required=False)
    medications = fields.LinesField(
        label="Medication", required=False, help_text="One a line. Write “none” if there is none."
    )

    medical_history = fields.LinesField(
        label="Medical history",
        required=False,
        help_text="One disease or operation a line. Write “none” if there is none.",
    )

    class Meta(RecordForm.Meta):
        model = HistoryResult
        fields = [
            *PLUMBING,
            "complaint",
            *LONG,
            *SHORT,
            "weeks_of_progression",
            "days_onset_to_nadir",
            "attacks_count",
            "toxic_exposure",
            "medications",
            "medical_history",
            "mri_contraindication",
            "egfr_ml_min",
            "pedigree_note",
            "narrative",
        ]

    def __init__(self, data=None, *, step, **options):
        self.known = known_before(step)
        super().__init__(data, step=step, **options)
        if self.standing:
            self.initial["onset"] = self.standing.onset
        for name in self.fields:
            if known := self.known_of(name):
                said = f"Known: {known}."
                self.fields[name].help_text = f"{said} {self.fields[name].help_text}".strip()

    def known_of(self, name):
        """What is known of the answer to this field, or None."""
        return self.known.get(f"hx.{self.CAPTURE_OF.get(name, name)}")

    def is_known_symptom(self, code):
        """Was this symptom answered elsewhere, and not in this report?"""
        here = self.standing.rows("symptoms") if self.standing else ()
        return f"ph.{code}" in self.known and all(row.code != code for row in here)

    def clean(self):
        super().clean()
        self.relatives = self.rows.pop(Relatives.relation)
        self.check_lifetime("onset", self.cleaned_data.get("onset") or UNKNOWN)
        return self.cleaned_data

    def draft(self):
        draft = super().draft()
        draft.relatives = self.relatives
        return draft

    def _is_empty(self):
        return not self.relatives and super()._is_empty()

    def _post_clean(self):
        if self.cleaned_data.get("onset") is not None:
            self.instance.onset = self.cleaned_data["onset"]
        super()._post_clean()

    # for templates
    def sections(self):
        """What is known and not answered here stands folded under "Known already"."""
        self._tell_last()
        shown, known = [], []
        for section, bound, grids, is_open in super().sections():
            known += (apart := [field for field in bound if self._is_apart(field)])
            kept = [field for field in bound if field not in apart]
            if (kept or grids) and section is not KNOWN:
                shown.append((section, kept, grids, is_open or self._is_answered(grids)))
        grids = [grid for grid in (self.grids[KnownSymptoms],) if grid.lines]
        if known or grids:
            shown.insert(0, (KNOWN, known, grids, self._is_answered(grids)))
        return shown

    def _tell_last(self):
        """What the last history said where no fact of the step says it."""
        last = self.last
        for name in ("complaint", "medical_history") if last else ():
            if said := describe.shown_value(last, last._meta.get_field(name)):
                self.fields[name].help_text = f"Known: {said}, {last.performed_on:%-d %b %Y}."

    @cached_property
    def last(self):
        """The patient's latest history of another step, or None."""
        return latest_report(self.step)

    def reviewed_before(self):
        """Tests done elsewhere that the last history has looked at."""
        return self.last.rows("earlier_tests") if self.last else []

    def _is_apart(self, field):
        return bool(
            self.known_of(field.name) and not field.errors and field.value() in (None, "", [])
        )

    def _is_answered(self, grids):
        names = [n for grid in grids for n in grid.names if n.endswith("-status")]
        return any(self[name].value() or self[name].errors for name in names)

    def asks_for_a_relative(self):
        """Somebody in the family is affected, and nobody says who."""
        grid = self.grids[Relatives]
        named = any(self[grid.name(line, "affected")].value() == "yes" for line in grid.lines)
        return self["family_history_nmd"].value() == "yes" and not named
