"""Table of symptoms or signs: yes, no, or not asked; with side where it matters."""

from django import forms

from clinical.vocabulary import vocabulary
from results import fields
from results.copies import copy_of
from results.grids import Grid, Line
from results.phenotypes import Presence

ANSWERS = [(Presence.PRESENT, "yes"), (Presence.ABSENT, "no")]
OUTSIDE = "term"  # prefix of lines for terms that are not in our vocabulary


class PhenotypeGrid(Grid):
    """`kinds`: symptom or sign. Asked ones are in the first table, the rest in the second."""

    prefix = "ph"
    title = "Symptoms"
    columns = {"status": "", "note": "Note"}
    template = "results/_phenotypes.html"
    kinds = ("symptom",)
    asked_only = True
    always_shown = ()

    def wanted(self, phenotype):
        """Is this phenotype in this table?"""
        known = {row.code for row in self.standing}
        asked = (
            f"ph:{phenotype.code}" in self.form.asked
            or phenotype.code in known
            or phenotype.code in self.always_shown
        )
        return asked if self.asked_only else not asked and self.of_kind(phenotype)

    def of_kind(self, phenotype):
        return phenotype.kind in self.kinds

    def make_lines(self):
        for phenotype in vocabulary().phenotypes.values():
            if self.wanted(phenotype):
                mark = "red flag" if phenotype.red_flag else ""
                yield Line(phenotype.code, phenotype.label, mark=mark)
        if self.asked_only:
            for at, row in enumerate(row for row in self.standing if not row.code):
                yield Line(f"{OUTSIDE}-{at}", row.label or row.hpo_id, hint=row.hpo_id)

    def cell(self, line, column):
        if column == "status":
            return fields.choice(line.label, ANSWERS, strip=True)
        return forms.CharField(required=False, max_length=500, label=f"{line.label}, note")

    def _code(self, row):
        if row.code:
            return row.code
        outside = [other for other in self.standing if not other.code]
        return f"{OUTSIDE}-{outside.index(row)}"

    def read(self, row):
        shown = "" if row.status == Presence.UNKNOWN else row.status
        return self._code(row), {"status": shown, "note": row.note}

    def make(self, line, values):
        """Several rows on record for one term (left and right, say) are all kept."""
        before = [row for row in self.standing if self._code(row) == line.code]
        status, note = values["status"], values["note"] or ""
        if not status:
            return [copy_of(row) for row in before if row.status == Presence.UNKNOWN]
        if not before:
            return [self.model.of(line.code, status, note=note)]
        rows = [copy_of(row) for row in before]
        rows[0].note = note
        for row in rows:
            row.status = status
        return rows
