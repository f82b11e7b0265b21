from results.modality import Modality
from results.respiratory.models import RespiratoryResult

RESPIRATORY = Modality(
    code="respiratory",
    label="Breathing",
    icon="lungs",
    model=RespiratoryResult,
    form_path="results.respiratory.forms.RespiratoryForm",
    scripts=("nmd/results-thresholds.js",),
)
