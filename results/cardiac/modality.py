from results.cardiac.models import CardiacResult
from results.modality import Modality

CARDIAC = Modality(
    code="cardiac",
    label="Heart",
    icon="heart-pulse",
    model=CardiacResult,
    form_path="results.cardiac.forms.CardiacForm",
    scripts=("nmd/results-thresholds.js",),
)
