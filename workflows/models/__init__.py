"""When and what next: cases, their pathways and steps, proposals, diagnoses, reminders."""

from workflows.models.case import Case, CasePathway
from workflows.models.diagnosis import Diagnosis
from workflows.models.proposal import Proposal
from workflows.models.reminder import Reminder
from workflows.models.step import Step

__all__ = ["Case", "CasePathway", "Diagnosis", "Proposal", "Reminder", "Step"]
