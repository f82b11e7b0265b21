from results.history.models import HistoryResult
from results.modality import Modality

HISTORY = Modality(
    code="history",
    label="History",
    icon="chat-left-text",
    model=HistoryResult,
    form_path="results.history.forms.HistoryForm",
    record_template="results/history/_form.html",
    scripts=("nmd/results-history.js",),
    wide=True,
    detail_template="results/history/_detail.html",
    detail_path="results.history.page.detail",
)
