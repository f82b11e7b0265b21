from results.exam import motor  # noqa: F401  (its tables belong to the examination)
from results.exam.models import ExamResult
from results.modality import Modality

EXAM = Modality(
    code="exam",
    label="Examination",
    icon="clipboard2-pulse",
    model=ExamResult,
    form_path="results.exam.forms.ExamForm",
    record_template="results/exam/_sections.html",
    wide=True,
    scripts=("nmd/results-exam.js", "nmd/results-scores.js"),
    detail_template="results/exam/_detail.html",
    detail_path="results.exam.detail.beside",
    shown_apart=("strengths", "reflexes", "scores"),
    wide_detail=True,
    reading_template="results/exam/_reading.html",
)
