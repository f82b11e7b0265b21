"""Symptoms as lines of the history: present, absent or unknown, with side, onset and note."""

from dataclasses import dataclass

from django import forms

from clinical.vocabulary import vocabulary
from patients.partial import UNKNOWN, PartialDateField
from results import fields
from results.copies import copy_of
from results.grids import Line
from results.history.models import Symptom
from results.phenotype_grid import OUTSIDE, PhenotypeGrid
from results.phenotypes import Presence, Side

ANSWERS = [(Presence.PRESENT, "yes"), (Presence.ABSENT, "no"), (Presence.UNKNOWN, "unknown")]


@dataclass(frozen=True)
class Term(Line):
    """A line that is found by any of its words."""

    words: str = ""


def words_of(phenotype):
    """Label, the words of the referral, our synonyms and the HPO term, parted by bars."""
    words = (phenotype.label, phenotype.seed, *phenotype.synonyms, phenotype.hpo)
    return "|".join(filter(None, words))


class SymptomGrid(PhenotypeGrid):
    """A line for each row on record (left and right are two), else one for each phenotype."""

    relation = "symptoms"
    model = Symptom
    columns = {"status": "", "side": "Side", "onset": "Since", "note": "Note"}
    template = "results/history/_symptoms.html"
    outside = False  # does this table hold terms that are not of our vocabulary?
    is_rest = False  # does it hold what nobody asked for?

    def wanted(self, phenotype):
        raise NotImplementedError

    def make_lines(self):
        for phenotype in filter(self.wanted, vocabulary().phenotypes.values()):
            rows = [row for row in self.standing if row.code == phenotype.code]
            for code in [self._code(row) for row in rows] or [phenotype.code]:
                yield self.term(code, phenotype)
        for row in self.standing if self.outside else ():
            if not row.code:
                yield Term(self._code(row), row.label or row.hpo_id, hint=row.hpo_id)

    def term(self, code, phenotype):
        known = self.form.known.get(f"ph.{phenotype.code}")
        return Term(
            code,
            phenotype.label,
            hint=f"Known: {known}" if known else "",
            mark="red flag" if phenotype.red_flag else "",
            words=words_of(phenotype),
        )

    def cell(self, line, column):
        if column == "status":
            return fields.choice(line.label, ANSWERS, strip=True)
        if column == "side":
            return fields.choice("", Side.choices, nothing="–")
        if column == "onset":
            return PartialDateField(required=False, help_text="")
        return forms.CharField(required=False, max_length=500)

    def _code(self, row):
        same = [other for other in self.standing if other.code == row.code]
        at = same.index(row)
        if not row.code:
            return f"{OUTSIDE}-{at}"
        return f"{row.code}-{at + 1}" if at else row.code

    def read(self, row):
        shown = {"status": row.status, "side": row.side, "onset": row.onset, "note": row.note}
        return self._code(row), shown

    def make(self, line, values):
        status, onset = values["status"], values["onset"]
        self.form.check_lifetime(self.name(line, "onset"), onset or UNKNOWN)
        if not status:
            if values["side"] or values["note"] or (onset and onset.on):
                self.form.add_error(self.name(line, "status"), "Answer yes, no or unknown, too.")
            return []
        before = next((row for row in self.standing if self._code(row) == line.code), None)
        row = copy_of(before) if before else self.model.of(line.code, status)
        row.status, row.side, row.note = status, values["side"], values["note"]
        if onset is not None:
            row.onset = onset
        return [row]


class RedFlags(SymptomGrid):
    """Always asked, whatever the step wants."""

    title = "Red flags"
    template = "results/history/_red_flags.html"

    def wanted(self, phenotype):
        return phenotype.red_flag

    # for templates
    def flags(self):
        """[(line, answer, the rest, is the rest open?)]."""
        for line in self.lines:
            answer, *rest = self.cells(line)
            yield line, answer, rest, any(each.errors or each.value() for each in rest)


class Symptoms(SymptomGrid):
    """What the step asks for, what stands on record, and what the keyboard adds."""

    outside = True
    always_shown = ("weakness", "dysphagia", "dyspnoea", "falls")

    def wanted(self, phenotype):
        code = phenotype.code
        if phenotype.red_flag or self.form.is_known_symptom(code):
            return False
        on_record = any(row.code == code for row in self.standing)
        return f"ph:{code}" in self.form.asked or on_record or code in self.always_shown


class KnownSymptoms(SymptomGrid):
    title = "Known already"

    def wanted(self, phenotype):
        return not phenotype.red_flag and self.form.is_known_symptom(phenotype.code)


class OtherSymptoms(Symptoms):
    title = "All other symptoms and signs"
    outside, is_rest = False, True

    def wanted(self, phenotype):
        elsewhere = phenotype.red_flag or self.form.is_known_symptom(phenotype.code)
        return not elsewhere and not super().wanted(phenotype)
