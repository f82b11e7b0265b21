"""Every modality's models, loaded through the registry so that a new folder needs no line here."""

from results.attachments.models import Attachment
from results.base import Flag, Result, Row, Status
from results.drafts.models import Draft
from results.registry import MODALITIES
from results.specimens.models import Specimen, SpecimenMove

__all__ = [
    "MODALITIES",
    "Attachment",
    "Draft",
    "Flag",
    "Result",
    "Row",
    "Specimen",
    "SpecimenMove",
    "Status",
]
