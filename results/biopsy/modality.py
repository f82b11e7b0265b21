from results.biopsy.models import BiopsyResult
from results.modality import Modality

BIOPSY = Modality(
    code="biopsy",
    label="Biopsy",
    icon="eyedropper",
    model=BiopsyResult,
    form_path="results.biopsy.forms.BiopsyForm",
)
