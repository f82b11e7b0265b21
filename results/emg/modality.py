from results.emg.models import EmgResult
from results.modality import Modality

EMG = Modality(
    code="emg",
    label="EMG and nerve conduction",
    icon="activity",
    model=EmgResult,
    form_path="results.emg.forms.EmgForm",
    wide=True,
)
