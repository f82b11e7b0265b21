"""A biopsy report as a form."""

from django import forms

from clinical.vocabulary import humanise, vocabulary
from results import fields
from results.biopsy.models import Addition, BiopsyResult, Marker, Staining
from results.grids import Grid, Line
from results.phenotypes import Side
from results.recordform import PLUMBING, RecordForm, Section

_BOOK = vocabulary()
_SITES = {**_BOOK.muscle_sites, **_BOOK.nerve_sites}


class Markers(Grid):
    """Antibodies and blots of muscle."""

    prefix = "marker"
    relation = "markers"
    title = "Immunohistochemistry and blots"
    heading = "Antibody or blot"
    model = Marker
    columns = {"staining": "Staining", "note": "Where and how much"}

    def make_lines(self):
        for group in ("immunohistochemistry", "immunoblot"):
            for code, label in _BOOK.enums[group].items():
                yield Line(code, label, group=humanise(group))

    def cell(self, line, column):
        label = self.cell_label(line, column)
        if column == "staining":
            return fields.choice(label, Staining.choices, nothing="not done")
        return forms.CharField(label=label, required=False, max_length=300)

    def read(self, row):
        return row.marker, {"staining": row.staining, "note": row.note}

    def make(self, line, values):
        if values["note"] and not values["staining"]:
            self.form.add_error(self.name(line, "staining"), "Choose what it showed.")
        if not values["staining"]:
            return []
        return [Marker(marker=line.code, **values)]


class Additions(Grid):
    """Later reports of the same tissue; one empty line for the next."""

    prefix = "addition"
    relation = "additions"
    title = "Additional reports"
    heading = "Report"
    model = Addition
    columns = {"reported_on": "Date", "body": "What it says"}

    def make_lines(self):
        for at in range(len(self.standing) + 1):
            yield Line(str(at + 1), f"Additional report {at + 1}")

    def cell(self, line, column):
        label = self.cell_label(line, column)
        if column == "reported_on":
            return fields.PastDateField(label=label, required=False)
        rows = forms.Textarea(attrs={"rows": 3})
        return forms.CharField(label=label, required=False, widget=rows, max_length=10_000)

    def read(self, row):
        at = str(self.standing.index(row) + 1)
        return at, {column: getattr(row, column) for column in self.columns}

    def make(self, line, values):
        if not any(values.values()):
            return []
        for column, sentence in (
            ("reported_on", "Write the date of this additional report."),
            ("body", "Write what this additional report says."),
        ):
            if not values[column] and self.name(line, column) not in self.form.errors:
                self.form.add_error(self.name(line, column), sentence)
        return [Addition(**values)] if all(values.values()) else []


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
        Section("Immunohistochemistry and blots", grids=(Markers,)),
        Section("Additional reports", grids=(Additions,)),
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
