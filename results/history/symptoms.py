"""Symptoms as lines of the history: present, absent or unknown, with side, onset and note."""

from dataclasses import dataclass, replace

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
ALWAYS = ("weakness", "dysphagia", "dyspnoea", "falls")  # asked of everybody (clinic default)


def since():
    """A partial date in a cell, without the sentence that a field of its own has below it."""
    field = PartialDateField(required=False, help_text="")
    field.widget.attrs["placeholder"] = "year, 2024-03 …"
    return field


@dataclass(frozen=True)
class Term(Line):
    """A line of a symptom: `code` tells rows of one term apart, `of` is the code of the term."""

    of: str = ""
    words: str = ""  # any of these finds it
    red_flag: bool = False


def words_of(phenotype):
    """Label, the words of the referral, our synonyms and the HPO term, parted by bars."""
    words = (phenotype.label, phenotype.seed, *phenotype.synonyms, phenotype.hpo)
    return "|".join(filter(None, words))


class Symptoms(PhenotypeGrid):
    """A line for each row on record (left and right are two), else one for each phenotype."""

    relation = "symptoms"
    model = Symptom
    columns = {"status": "", "side": "Side", "onset": "Since", "note": "Note"}

    def make_lines(self):
        for phenotype in vocabulary().phenotypes.values():
            rows = [row for row in self.standing if row.code == phenotype.code]
            for code in [self._code(row) for row in rows] or [phenotype.code]:
                yield Term(
                    code,
                    phenotype.label,
                    of=phenotype.code,
                    words=words_of(phenotype),
                    red_flag=phenotype.red_flag,
                )
        for row in self.standing:
            if not row.code:
                yield Term(self._code(row), row.label or row.hpo_id, hint=row.hpo_id)

    def cell(self, line, column):
        if column == "status":
            return fields.choice(line.label, ANSWERS, strip=True)
        if column == "side":
            return fields.choice("", Side.choices, nothing="–")
        if column == "onset":
            return since()
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

    # for templates
    def parts(self, known):
        """The lines by where the page shows them: red flags, asked, known already, the rest.

        A red flag is asked for safety even if it is known. `known`: {fact path: what is known}.
        """
        found = {kind: [] for kind in ("flags", "asked", "known", "rest")}
        for line in self.lines:
            said = known.get(f"ph.{line.of}")
            found[self._kind(line, said)].append(
                replace(line, hint=f"Known: {said}") if said else line
            )
        return {kind: Part(self, kind, lines) for kind, lines in found.items()}

    def _kind(self, line, said):
        if line.red_flag:
            return "flags"
        on_record = {row.code for row in self.standing}
        if line.of in on_record or self.is_answered(line):
            return "asked"
        if said:
            return "known"
        is_asked = f"ph:{line.of}" in self.form.asked or line.of in ALWAYS
        return "asked" if is_asked else "rest"

    def is_answered(self, line):
        """Does the form as it was sent, or as the last visit fills it, say something here?"""
        return any(bound.value() or bound.errors for bound in self.cells(line))


@dataclass
class Part:
    """Some of the lines of the one table, under their own heading."""

    grid: Symptoms
    kind: str
    lines: list

    @property
    def template(self):
        return f"results/history/_{'red_flags' if self.kind == 'flags' else 'symptoms'}.html"

    def table(self):
        """[(line, answer, the rest, is the rest open?)]."""
        for line in self.lines:
            answer, *rest = self.grid.cells(line)
            yield line, answer, rest, any(each.errors or each.value() for each in rest)

    @property
    def is_answered(self):
        return any(map(self.grid.is_answered, self.lines))
