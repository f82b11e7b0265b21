"""The history as a form: what the pathway asks for first, the rest folded away."""

from django.utils.functional import cached_property

from clinical.vocabulary import vocabulary
from patients.partial import UNKNOWN, PartialDateField
from results import describe, fields
from results.history.known import by_source, known_before
from results.history.models import HistoryResult
from results.history.symptoms import Symptoms
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


KNOWN = Section("Known already")
FLAGS = Section("Red flags: always asked")
REST = Section("All other symptoms and signs")


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
        Section("Symptoms", grids=(Symptoms,), always=True),
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
            always=True,
        ),
        Section("Relatives", grids=(Relatives,), always=True),
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

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if self.standing:
            self.initial["onset"] = self.standing.onset

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
        """The form's sections, the symptoms parted by whether they are flags, asked or known."""
        self._tell_what_is_known()
        parts = self.grids[Symptoms].parts(self.known)
        shown, known = [], []
        for section, bound, grids, is_open in super().sections():
            known += (apart := [field for field in bound if self._is_apart(field)])
            kept = [field for field in bound if field not in apart]
            if self.grids[Symptoms] in grids:
                shown.append((FLAGS, [], [parts["flags"]], True))
                shown.append((section, kept, [parts["asked"]], True))
                shown.append((REST, [], [parts["rest"]], False))
            elif kept or grids:
                shown.append((section, kept, grids, is_open))
        tables = [parts["known"]] if parts["known"].lines else []
        return [(KNOWN, known, tables, False), *shown] if known or tables else shown

    @cached_property
    def known(self):
        """{fact path: Known}; saving a form does not ask for it."""
        return known_before(self.step)

    def known_already(self):
        """What is known and not asked: by source, in words."""
        symptoms = [
            (line.label, self.known[f"ph.{line.of}"], True)
            for line in self.grids[Symptoms].parts(self.known)["known"].lines
        ]
        answers = [
            (self.fields[name].label, self.known_of(name), False)
            for name in self.fields
            if self._is_apart(self[name])
        ]
        return by_source([*symptoms, *answers])

    def known_of(self, name):
        """What is known of the answer to this field, or None."""
        return self.known.get(f"hx.{self.CAPTURE_OF.get(name, name)}")

    def _tell_what_is_known(self):
        for name, field in self.fields.items():
            if known := self.known_of(name) or self._said_last(name):
                field.help_text = f"Known: {known}. {field.help_text}".strip()

    def _said_last(self, name):
        """What the last history said that is no fact of its step."""
        if name not in ("complaint", "medical_history") or not self.last:
            return ""
        said = describe.shown_value(self.last, self.last._meta.get_field(name))
        return said and f"{said}, {self.last.performed_on:%-d %b %Y}"

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

    def asks_for_a_relative(self):
        """Somebody in the family is affected, and nobody says who."""
        grid = self.grids[Relatives]
        named = any(self[grid.name(line, "affected")].value() == "yes" for line in grid.lines)
        return self["family_history_nmd"].value() == "yes" and not named
