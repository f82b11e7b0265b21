"""Every modality's models, loaded through the registry so that a new folder needs no line here."""

from results.base import Flag, Result, Row, Status
from results.registry import MODALITIES

__all__ = ["MODALITIES", "Flag", "Result", "Row", "Status"]
