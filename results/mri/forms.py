"""Imaging as a form."""

from django import forms

from clinical.vocabulary import vocabulary
from results import fields
from results.grids import Grid, Line
from results.mri.models import ImagingFinding, MriResult
from results.mri.muscles import Muscles
from results.phenotype_grid import ANSWERS
from results.recordform import PLUMBING, RecordForm, Section

BRAIN = (
    "periventricular_lesion",
    "juxtacortical_lesion",
    "infratentorial_lesion",
    "gad_enhancing_lesion",
    "new_t2_lesion",
    "cvs_positive_count",
    "cvs_assessed_count",
    "prl_count",
    "corticospinal_hyperintensity",
)
CORD = ("cord_lesion", "letm", "gad_enhancing_lesion", "new_t2_lesion")
SPINE = ("no_compression", "compressive_cord_lesion", "root_compression", *CORD, "root_enhancement")
MUSCLE = ("muscle_oedema", "fatty_replacement", "fascial_oedema", "selective_pattern")
LOOKS_AT = (  # part of a protocol's code → findings; the first that fits
    ("whole_spine", CORD),
    ("spine", SPINE),
    ("cervical_flexion", SPINE),
    ("brain", BRAIN),
    ("orbits", ("optic_nerve_lesion", "gad_enhancing_lesion")),
    ("oct_retina", ("optic_nerve_lesion",)),
    ("muscle", MUSCLE),
    ("plexus", ("plexus_hypertrophy", "root_enhancement")),
    ("nerve", ("nerve_enlargement", "plexus_hypertrophy")),
    ("thymus", ("thymoma", "thymic_hyperplasia")),
    ("chest", ("ild",)),
)


class Findings(Grid):
    prefix = "finding"
    relation = "findings"
    title = "Findings"
    heading = "Finding"
    model = ImagingFinding
    columns = {"status": "Present", "amount": "Number", "note": "Where"}
    asked_only = True

    def make_lines(self):
        """What the imaging asked for looks at comes first; the rest is a table of its own."""
        wanted = {row.finding for row in self.standing}
        for protocol in self.form.asked_codes("mri"):
            wanted |= set(next((f for name, f in LOOKS_AT if name in protocol), ()))
        for finding in vocabulary().mri_findings.values():
            if (not wanted or finding.code in wanted) is self.asked_only:
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


class OtherFindings(Findings):
    title = "All other findings"
    asked_only = False


class MriForm(RecordForm):
    PREFIXES = ("mri",)
    CODES = {"protocols": fields.labelled(vocabulary().mri_protocols)}
    SECTIONS = (
        Section("Report", ("conclusion", "report_text"), always=True),
        Section("Findings", ("contrast", "dissemination_in_time"), (Findings,), always=True),
        Section("All other findings", grids=(OtherFindings,)),
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

    def _is_open(self, section, bound, grids):
        muscle = any("muscle" in code for code in self.asked_codes("mri"))
        by_muscle = section.title == "Muscles" and muscle
        return by_muscle or super()._is_open(section, bound, grids)
