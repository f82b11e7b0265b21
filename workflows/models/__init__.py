"""When and what next: cases, their pathways and steps, proposals, diagnoses, reminders."""

from workflows.models.absence import Absence
from workflows.models.case import Case, CasePathway
from workflows.models.diagnosis import Diagnosis
from workflows.models.offer import Offer
from workflows.models.pause import Pause
from workflows.models.proposal import Proposal
from workflows.models.reminder import Reminder
from workflows.models.saved_view import SavedView
from workflows.models.step import Step
from workflows.models.step_name import StepName
from workflows.models.tally import Tally

__all__ = [
    "Absence",
    "Case",
    "CasePathway",
    "Diagnosis",
    "Offer",
    "Pause",
    "Proposal",
    "Reminder",
    "SavedView",
    "Step",
    "StepName",
    "Tally",
]
