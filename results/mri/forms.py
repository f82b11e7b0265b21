"""Imaging as a form."""

from django import forms

from clinical.vocabulary import vocabulary
from results import fields
from results.grids import Grid, Line
from results.mri.models import ImagingFinding, MriResult, MuscleImage
from results.phenotype_grid import ANSWERS
from results.phenotypes import Side
from results.recordform import PLUMBING, RecordForm, Section

EMPTY_MUSCLES = 4


class Findings(Grid):
    prefix = "finding"
    relation = "findings"
    title = "Findings"
    heading = "Finding"
    model = ImagingFinding
    columns = {"status": "Present", "amount": "Number", "note": "Where"}

    def make_lines(self):
        for finding in vocabulary().mri_findings.values():
            yield Line(finding.code, finding.label, mark=finding.urgency)

    def cell(self, line, column):
        if column == "status":
            return fields.choice(line.label, ANSWERS, strip=True)
        if column == "note":
            return forms.CharField(
                label=self.cell_label(line, column), required=False, max_length=300
            )
        if not vocabulary().mri_findings[line.code].counted:
            return None
        return fields.NumberField(label=self.cell_label(line, column), required=False, whole=True)

    def read(self, row):
        return row.finding, {"status": row.status, "amount": row.amount, "note": row.note}

    def make(self, line, values):
        """A number says that it is there: 0 is "absent"."""
        status, amount = values["status"], values["amount"]
        if not status and amount is not None:
            status = "present" if amount else "absent"
        if not status:
            return []
        note = values["note"] or ""
        return [ImagingFinding(finding=line.code, status=status, amount=amount, note=note)]


class Muscles(Grid):
    prefix = "muscle"
    relation = "muscles"
    title = "Fat and oedema by muscle"
    heading = "Muscle"
    model = MuscleImage
    columns = {"muscle": "Muscle", "side": "Side", "fat_grade": "Fat, 0 to 4", "oedema": "Oedema"}

    def make_lines(self):
        for at in range(len(self.standing) + EMPTY_MUSCLES):
            yield Line(str(at + 1), f"Muscle {at + 1}")

    def cell(self, line, column):
        label = self.cell_label(line, column)
        if column == "muscle":
            return forms.CharField(label=label, required=False, max_length=60)
        if column == "side":
            return fields.choice(label, Side.choices)
        if column == "oedema":
            return fields.YesNoField(label=label, required=False)
        return fields.NumberField(label=label, required=False, whole=True)

    def read(self, row):
        at = str(self.standing.index(row) + 1)
        return at, {column: getattr(row, column) for column in self.columns}

    def make(self, line, values):
        if not values["muscle"]:
            return []
        return [MuscleImage(**values | {"side": values["side"] or Side.BILATERAL})]


class MriForm(RecordForm):
    PREFIXES = ("mri",)
    CODES = {"protocols": fields.labelled(vocabulary().mri_protocols)}
    SECTIONS = (
        Section("Report", ("conclusion", "report_text"), always=True),
        Section("Findings", ("contrast", "dissemination_in_time"), (Findings,), always=True),
        Section("Muscles", grids=(Muscles,)),
        Section("Imaging done", ("protocols",)),
        Section("Comment", ("comment",)),
    )

    class Meta(RecordForm.Meta):
        model = MriResult
        fields = [
            *PLUMBING,
            "protocols",
            "contrast",
            "dissemination_in_time",
            "report_text",
            "conclusion",
        ]

    def first_guess(self):
        known = vocabulary().mri_protocols
        return {"protocols": [code for code in self.asked_codes("mri") if code in known]}
