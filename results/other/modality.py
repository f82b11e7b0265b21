from results.modality import Modality
from results.other.models import OtherResult

OTHER = Modality(
    code="other",
    label="Conclusion or other",
    icon="clipboard-check",
    model=OtherResult,
    form_path="results.other.forms.OtherForm",
    scripts=("nmd/results-scores.js",),
)
