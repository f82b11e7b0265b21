from results.genetics.models import GeneticResult
from results.modality import Modality

GENETICS = Modality(
    code="genetics",
    label="Genetics",
    icon="diagram-2",
    model=GeneticResult,
    form_path="results.genetics.forms.GeneticForm",
    detail_template="results/genetics/_detail.html",
    detail_path="results.genetics.family.detail",
)
