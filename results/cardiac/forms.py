"""Heart tests as a form."""

from clinical.vocabulary import vocabulary
from results import fields, thresholds
from results.cardiac.models import LIMITS, CardiacResult, CardiacValue
from results.lab_grid import LabGrid
from results.recordform import PLUMBING, RecordForm, Section

_BOOK = vocabulary().cardiac


class Markers(LabGrid):
    model = CardiacValue
    title = "Blood tests"
    bare = 1


class CardiacForm(RecordForm):
    PREFIXES = ("card", "lab")
    CODES = {
        "ecg": fields.spelled(_BOOK["ecg"].values),
        "tests": fields.labelled(_BOOK),
    }
    CAPTURE_OF = {"lvef_pct": "echo", "echo_text": "echo", "holter_text": "holter"}
    SECTIONS = (
        Section("ECG", ("ecg", "pr_ms", "qrs_ms", "qtc_ms"), always=True),
        Section("Echocardiogram", ("lvef_pct", "echo_text")),
        Section("Ambulatory ECG", ("holter_text",)),
        Section("Cardiac MRI", ("mri_text",)),
        Section("Blood tests", grids=(Markers,)),
        Section("Done", ("tests",)),
        Section("Comment", ("comment",), always=True),
    )

    class Meta(RecordForm.Meta):
        model = CardiacResult
        fields = [*PLUMBING, "ecg", *LIMITS, "tests", "echo_text", "holter_text", "mri_text"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        thresholds.explain(self)

    def _is_open(self, section, bound, grids):
        by_lab = section.title == "Blood tests" and bool(self.asked_codes("lab"))
        return by_lab or super()._is_open(section, bound, grids)
