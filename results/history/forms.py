"""The history as a form: what the pathway asks for first, the rest folded away."""

from clinical.vocabulary import vocabulary
from patients.partial import PartialDateField
from results import fields
from results.history.models import HistoryResult, Symptom
from results.phenotype_grid import PhenotypeGrid
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


class Symptoms(PhenotypeGrid):
    relation = "symptoms"
    model = Symptom
    always_shown = ("weakness", "dysphagia", "dyspnoea", "orthopnoea", "myoglobinuria", "falls")


class OtherSymptoms(Symptoms):
    title = "All other symptoms and signs"
    kinds = ("symptom", "sign")
    asked_only = False


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
            "Onset and course",
            ("onset", "onset_site", "progression", "weeks_of_progression", "days_onset_to_nadir"),
            always=True,
        ),
        Section("Symptoms", grids=(Symptoms,), always=True),
        Section("Attacks", ("attacks_count",)),
        Section(
            "Family",
            ("family_history_nmd", "consanguinity", "anaesthetic_reaction", "pedigree_note"),
            always=True,
        ),
        Section("Milestones", ("best_motor_milestone", "lost_milestone", "newborn_screen_sma")),
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
        ),
        Section(
            "Before tests and treatment",
            (
                "medications",
                "anticoagulation",
                "mri_contraindication",
                "egfr_ml_min",
                "consent_genetic_testing",
            ),
        ),
        Section("All other symptoms and signs", grids=(OtherSymptoms,)),
        Section("In the patient's words", ("narrative", "comment")),
    )

    onset = PartialDateField(label="First symptom", required=False)
    medications = fields.LinesField(
        label="Medication", required=False, help_text="One a line. Write “none” if there is none."
    )

    class Meta(RecordForm.Meta):
        model = HistoryResult
        fields = [
            *PLUMBING,
            *LONG,
            *SHORT,
            "weeks_of_progression",
            "days_onset_to_nadir",
            "attacks_count",
            "toxic_exposure",
            "medications",
            "mri_contraindication",
            "egfr_ml_min",
            "pedigree_note",
            "narrative",
        ]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.standing:
            self.initial["onset"] = self.standing.onset

    def clean(self):
        super().clean()
        if onset := self.cleaned_data.get("onset"):
            self.check_lifetime("onset", onset)
        return self.cleaned_data

    def _post_clean(self):
        if self.cleaned_data.get("onset") is not None:
            self.instance.onset = self.cleaned_data["onset"]
        super()._post_clean()
