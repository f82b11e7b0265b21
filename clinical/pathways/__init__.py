"""Pathways: published definitions of steps and rules, checked when they are loaded."""

from clinical.pathways.kinds import (
    ACTIONS,
    Action,
    Catalogue,
    DefinitionError,
    Pathway,
    Profile,
    Rule,
    StepDef,
    Target,
)
from clinical.pathways.load import catalogue, global_rules, load, pathways, profiles

__all__ = [
    "ACTIONS",
    "Action",
    "Catalogue",
    "DefinitionError",
    "Pathway",
    "Profile",
    "Rule",
    "StepDef",
    "Target",
    "catalogue",
    "global_rules",
    "load",
    "pathways",
    "profiles",
]
