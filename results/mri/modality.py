from results.modality import Modality
from results.mri.models import MriResult

MRI = Modality(
    code="mri",
    label="Imaging",
    icon="image",
    model=MriResult,
    form_path="results.mri.forms.MriForm",
    scripts=("nmd/results-heat.js",),
    detail_template="results/mri/_detail.html",
    detail_path="results.mri.muscles.detail",
)
