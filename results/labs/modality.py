from results.labs.models import LabResult
from results.modality import Modality

LABS = Modality(
    code="labs",
    label="Bloods and CSF",
    icon="droplet",
    model=LabResult,
    form_path="results.labs.forms.LabForm",
    scripts=("nmd/results-table.js",),
    detail_template="results/labs/_detail.html",
    detail_path="results.labs.page.detail",
)
