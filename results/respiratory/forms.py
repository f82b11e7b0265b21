"""Breathing tests as a form."""

from clinical.vocabulary import vocabulary
from results import fields
from results.recordform import PLUMBING, RecordForm, Section
from results.respiratory.models import LIMITS, RespiratoryResult

_BOOK = vocabulary().respiratory
CODED = ("nocturnal_oximetry", "sleep_study")
MEASURES = tuple(LIMITS)


class RespiratoryForm(RecordForm):
    PREFIXES = ("resp",)
    CHOICES = {name: fields.spelled(_BOOK[name].values) for name in CODED}
    SECTIONS = (
        Section("Measures", MEASURES, always=True),
        Section("Night", CODED),
        Section("Chest CT", ("interstitial_lung_disease",)),
        Section("Report", ("report_text", "comment"), always=True),
    )
    CAPTURE_OF = {"interstitial_lung_disease": "hrct_chest"}

    class Meta(RecordForm.Meta):
        model = RespiratoryResult
        fields = [*PLUMBING, *MEASURES, *CODED, "interstitial_lung_disease", "report_text"]

    def has_place_for(self, capture):
        return capture == "mri:hrct_chest" or super().has_place_for(capture)
