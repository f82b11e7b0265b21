"""Table of variants: what a report prints, and two empty lines for more."""

from django import forms

from clinical.vocabulary import vocabulary
from results import fields
from results.genetics.models import Variant
from results.grids import Grid, Line, copy_of

EMPTY_LINES = 3
INTERPRETATIONS = ("causative", "contributory", "candidate", "rejected", "uncertain")
TEXTS = {
    "gene_symbol": 40,
    "hgvs_c": 1_000,
    "hgvs_p": 1_000,
    "hgvs_g": 1_000,
    "transcript": 40,
    "label": 500,
    "note": 500,
}
PLACEHOLDERS = {
    "gene_symbol": "DMD",
    "hgvs_c": "NM_004006.3:c.9337C>T",
    "hgvs_p": "p.(Arg3113Ter)",
    "label": "deletion of exons 45–50",
}


class VariantGrid(Grid):
    prefix = "variant"
    relation = "variants"
    title = "Variants"
    heading = "Variant"
    model = Variant
    columns = {
        "gene_symbol": "Gene",
        "hgvs_c": "Coding (HGVS c.)",
        "hgvs_p": "Protein (HGVS p.)",
        "hgvs_g": "Genomic (HGVS g.)",
        "transcript": "Transcript",
        "label": "Described as",
        "zygosity": "Zygosity",
        "phase": "Phase",
        "acmg": "ACMG class",
        "interpretation": "Interpretation",
        "is_mitochondrial": "In mitochondrial DNA",
        "note": "Note",
    }
    template = "results/genetics/_variants.html"

    def make_lines(self):
        for at in range(len(self.standing) + EMPTY_LINES):
            yield Line(str(at + 1), f"Variant {at + 1}")

    def cell(self, line, column):
        label = self.cell_label(line, column)
        if column in TEXTS:
            field = forms.CharField(label=label, required=False, max_length=TEXTS[column])
            field.widget.attrs["placeholder"] = PLACEHOLDERS.get(column, "")
            return field
        if column == "is_mitochondrial":
            return forms.BooleanField(label=label, required=False)
        return fields.choice(label, self._choices(column))

    def _choices(self, column):
        book = vocabulary()
        if column == "phase":
            return fields.labelled(book.enums["phase"])
        if column == "interpretation":
            return fields.spelled(INTERPRETATIONS)
        return fields.labelled(book.acmg if column == "acmg" else book.zygosities)

    def read(self, row):
        at = self.standing.index(row) + 1
        return str(at), {column: getattr(row, column) for column in self.columns}

    def make(self, line, values):
        if not any(values.values()):
            return []
        at = int(line.code) - 1
        row = copy_of(self.standing[at]) if at < len(self.standing) else Variant()
        for column, value in values.items():
            setattr(row, column, value or ("" if column != "is_mitochondrial" else False))
        symbol = row.gene_symbol
        row.hgnc_id = row.hgnc_id or vocabulary().genes.get(symbol) or ""
        return [row]

    def place_of(self, line, row, field):
        return self.name(line, field) if field in self.columns else self.first_cell(line)
