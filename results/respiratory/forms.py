"""Breathing tests as a form."""

from django.template.loader import render_to_string

from clinical.vocabulary import vocabulary
from results import fields, thresholds
from results.recordform import PLUMBING, RecordForm, Section
from results.respiratory.models import LIMITS, RespiratoryResult

_BOOK = vocabulary().respiratory
_FALL = _BOOK["fvc_supine_drop_pct"]
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

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        thresholds.explain(self)
        for name in ("fvc_supine_l", "fvc_supine_pct"):
            field = self.fields[name]
            field.help_text = render_to_string("results/respiratory/_fall.html", {"fall": _FALL})
            field.widget.attrs["data-nt-fall"] = name.replace("supine", "upright")

    def has_place_for(self, capture):
        return capture == "mri:hrct_chest" or super().has_place_for(capture)
