from results.emg.models import EmgResult
from results.modality import Modality

EMG = Modality(
    code="emg",
    label="EMG and nerve conduction",
    icon="activity",
    model=EmgResult,
    form_path="results.emg.forms.EmgForm",
    record_template="results/emg/_sections.html",
    wide=True,
    scripts=(
        "nmd/results-table.js",
        "nmd/conduction.js",
        "nmd/results-emg.js",
        "nmd/results-scores.js",
    ),
    detail_template="results/emg/_detail.html",
    shown_apart=("nerves", "muscles"),
    wide_detail=True,
    detail_path="results.emg.page.detail",
)
