"""Bloods and CSF as a form: the step's tests with default limits, and room for others."""

from results import fields
from results.lab_grid import LabGrid
from results.labs.models import LabResult, LabValue
from results.recordform import PLUMBING, RecordForm, Section

SPECIMENS = ("blood", "csf", "urine", "dried_blood_spot", "other")


class Values(LabGrid):
    model = LabValue


class LabForm(RecordForm):
    PERFORMED = "Sample taken on"
    PREFIXES = ("lab",)
    CHOICES = {"specimen": fields.spelled(SPECIMENS)}
    SECTIONS = (
        Section("Values", grids=(Values,), always=True),
        Section("Sample", ("specimen", "accession", "fasting")),
        Section("Over several samples", ("ck_raised_persistent",)),
        Section("Report", ("report_text", "comment"), always=True),
    )

    class Meta(RecordForm.Meta):
        model = LabResult
        fields = [
            *PLUMBING,
            "specimen",
            "accession",
            "fasting",
            "ck_raised_persistent",
            "report_text",
        ]

    def _is_open(self, section, bound, grids):
        asked_ck = "ck_raised_persistent" in section.fields and "lab:ck" in self.asked
        return asked_ck or super()._is_open(section, bound, grids)
