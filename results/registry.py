"""The modalities of the house. A new one is a folder, an import and an entry here."""

from results.biopsy.modality import BIOPSY
from results.cardiac.modality import CARDIAC
from results.emg.modality import EMG
from results.exam.modality import EXAM
from results.genetics.modality import GENETICS
from results.history.modality import HISTORY
from results.labs.modality import LABS
from results.mri.modality import MRI
from results.other.modality import OTHER
from results.respiratory.modality import RESPIRATORY

MODALITIES = {
    modality.code: modality
    for modality in (
        HISTORY,
        EXAM,
        LABS,
        MRI,
        EMG,
        BIOPSY,
        GENETICS,
        RESPIRATORY,
        CARDIAC,
        OTHER,
    )
}
