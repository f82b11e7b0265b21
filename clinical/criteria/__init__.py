"""Published diagnostic criteria as functions. They support a judgement and never set a diagnosis.

Every input may be None: not known. See verdict.py for what that means for an outcome.
"""

from clinical.criteria.als import Muscle, Neurons, awaji_2008, el_escorial_revised, gold_coast_2020
from clinical.criteria.cidp import MotorNerve, eanpns_cidp_2021_dx, eanpns_cidp_2021_motor
from clinical.criteria.gbs import NOT_DONE, brighton_gbs
from clinical.criteria.ms import central_vein, mcdonald_2017, mcdonald_2024
from clinical.criteria.myositis import Classification, eular_acr_2017
from clinical.criteria.verdict import INSUFFICIENT, Verdict

__all__ = [
    "INSUFFICIENT",
    "NOT_DONE",
    "Classification",
    "MotorNerve",
    "Muscle",
    "Neurons",
    "Verdict",
    "awaji_2008",
    "brighton_gbs",
    "central_vein",
    "eanpns_cidp_2021_dx",
    "eanpns_cidp_2021_motor",
    "el_escorial_revised",
    "eular_acr_2017",
    "gold_coast_2020",
    "mcdonald_2017",
    "mcdonald_2024",
]
