"""A biopsy report as a form."""

from clinical.vocabulary import vocabulary
from results import fields
from results.biopsy.models import BiopsyResult
from results.phenotypes import Side
from results.recordform import PLUMBING, RecordForm, Section

_BOOK = vocabulary()
_SITES = {**_BOOK.muscle_sites, **_BOOK.nerve_sites}


class BiopsyForm(RecordForm):
    PERFORMED = "Taken on"
    PREFIXES = ("bx",)
    CHOICES = {
        "tissue": fields.labelled(_BOOK.biopsies),
        "site": fields.labelled(_SITES),
        "method": fields.labelled(_BOOK.enums["biopsy_method"]),
        "side": Side.choices,
    }
    CODES = {
        "muscle_findings": fields.labelled(_BOOK.muscle_findings),
        "nerve_findings": fields.labelled(_BOOK.nerve_findings),
        "stains": fields.labelled(_BOOK.enums["stain"]),
    }
    SECTIONS = (
        Section("Tissue", ("tissue", "site", "side", "method", "accession"), always=True),
        Section("Findings in muscle", ("muscle_findings",)),
        Section("Findings in nerve", ("nerve_findings",)),
        Section("Skin", ("ienfd_per_mm", "ienfd_reduced")),
        Section("Report", ("conclusion", "report_text"), always=True),
        Section("Stains and comment", ("stains", "comment")),
    )

    class Meta(RecordForm.Meta):
        model = BiopsyResult
        fields = [
            *PLUMBING,
            "tissue",
            "site",
            "side",
            "method",
            "accession",
            "stains",
            "muscle_findings",
            "nerve_findings",
            "ienfd_per_mm",
            "ienfd_reduced",
            "report_text",
            "conclusion",
        ]

    def first_guess(self):
        asked = [code for code in self.asked_codes("bx") if code in _BOOK.biopsies]
        return {"tissue": asked[0]} if asked else {}

    def _is_open(self, section, bound, grids):
        titles = {
            "muscle": "Findings in muscle",
            "nerve": "Findings in nerve",
            "skin": "Skin",
        }
        asked = [titles.get(code) for code in self.asked_codes("bx")]
        return section.title in asked or super()._is_open(section, bound, grids)
