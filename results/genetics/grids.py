"""Table of variants: what a report prints, and two empty lines for more."""

from django import forms
from django.utils import timezone

from clinical import hgvs
from clinical.vocabulary import vocabulary
from results import fields
from results.copies import copy_of
from results.genetics.models import Variant
from results.grids import Grid, Line

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


HGVS = {"hgvs_c": hgvs.CODING, "hgvs_g": hgvs.GENOMIC, "hgvs_p": hgvs.PROTEIN}
WIDE = ("hgvs_c", "hgvs_g", "label", "note")
EMPTY = {"is_mitochondrial": False, "review_on": None}


class VariantGrid(Grid):
    prefix = "variant"
    relation = "variants"
    title = "Variants"
    heading = "Variant"
    model = Variant
    columns = {
        "gene_symbol": "Gene",
        "transcript": "Transcript",
        "hgvs_c": "Coding (HGVS c.)",
        "hgvs_p": "Protein (HGVS p.)",
        "is_mitochondrial": "In mitochondrial DNA",
        "hgvs_g": "Genomic (HGVS g.)",
        "zygosity": "Zygosity",
        "phase": "Phase",
        "acmg": "ACMG class",
        "review_on": "Look again on",
        "interpretation": "Interpretation",
        "label": "Described as",
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
            if column == "gene_symbol":
                field.widget.attrs["list"] = "genes"
            return field
        if column == "is_mitochondrial":
            return forms.BooleanField(label=label, required=False)
        if column == "review_on":
            return fields.coming_day(label)
        return fields.choice(label, self._choices(column))

    def _choices(self, column):
        book = vocabulary()
        if column == "phase":
            return fields.labelled(book.enums["phase"])
        if column == "interpretation":
            return fields.spelled(INTERPRETATIONS)
        return fields.labelled(book.acmg if column == "acmg" else book.zygosities)

    @property
    def genes(self):
        return sorted(vocabulary().genes)

    @property
    def opened(self):
        """Lines that say something or were refused, and the first empty one."""
        lines = [line.code for line in self.lines]
        filled = [line.code for line in self.lines if self._says_something(line)]
        empty = [code for code in lines if code not in filled]
        return filled + empty[:1]

    def _says_something(self, line):
        bound = [self.form[self.name(line, column)] for column in self.columns]
        return any(field.errors or field.value() not in (None, "", False) for field in bound)

    def cells(self, line):
        found = super().cells(line)
        for bound, column in zip(found, self.columns, strict=True):
            bound.column_class = "col-12 col-md-6" if column in WIDE else "col-6 col-md-3"
        return found

    def read(self, row):
        at = self.standing.index(row) + 1
        return str(at), {column: getattr(row, column) for column in self.columns}

    def make(self, line, values):
        if not any(values.values()):
            return []
        at = int(line.code) - 1
        row = copy_of(self.standing[at]) if at < len(self.standing) else Variant()
        for column, value in values.items():
            setattr(row, column, value or EMPTY.get(column, ""))
        row.hgnc_id = vocabulary().genes.get(row.gene_symbol) or row.hgnc_id
        return [row]

    def check(self, line, row):
        """A report on paper is asked for what an import may leave out: names that can be read."""
        super().check(line, row)
        for column, sentence in _problems(row, self._typed(line)):
            self.form.add_error(self.name(line, column), sentence)

    def _typed(self, line):
        """Columns that somebody changed: what an import brought stays as the source wrote it."""
        at = int(line.code) - 1
        if at >= len(self.standing):
            return set(self.columns)
        before, given = self.standing[at], self.form.cleaned_data
        return {
            column
            for column in self.columns
            if (given.get(self.name(line, column)) or "") != (getattr(before, column) or "")
        }

    def place_of(self, line, row, field):
        return self.name(line, field) if field in self.columns else self.first_cell(line)


def _problems(row, typed):
    """(column, sentence) of what a typed variant lacks."""
    for column in typed & HGVS.keys():
        if sentence := getattr(row, column) and hgvs.problem(getattr(row, column), HGVS[column]):
            yield column, sentence
    if "gene_symbol" in typed and (known := _other_spelling(row.gene_symbol)):
        yield "gene_symbol", f"“{row.gene_symbol}”: the HGNC symbol is {known}."
    if typed & {"acmg", "review_on"} and row.acmg == "VUS" and row.review_on is None:
        yield "review_on", "A variant of uncertain significance needs a day to look at it again."
    if "review_on" in typed and row.review_on and row.review_on <= timezone.localdate():
        yield "review_on", "Choose a day after today."


def _other_spelling(symbol):
    """The symbol of our list that differs in capitals only."""
    if symbol in vocabulary().genes:
        return None
    return next((known for known in vocabulary().genes if known.lower() == symbol.lower()), None)
