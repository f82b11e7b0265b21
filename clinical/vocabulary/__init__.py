"""The coded clinical vocabulary: every list that forms, facts, rules and imports draw from."""

from clinical.vocabulary.kinds import (
    AbnormalFlag,
    Analyte,
    Disorder,
    FactType,
    GeneticTest,
    Group,
    HistoryItem,
    Item,
    Measure,
    MotorNerve,
    Movement,
    Muscle,
    Panel,
    Phenotype,
    Scale,
    SensoryNerve,
    Series,
    Treatment,
)
from clinical.vocabulary.labels import humanise, in_sentence
from clinical.vocabulary.load import Vocabulary, vocabulary

__all__ = [
    "AbnormalFlag",
    "Analyte",
    "Disorder",
    "FactType",
    "GeneticTest",
    "Group",
    "HistoryItem",
    "Item",
    "Measure",
    "MotorNerve",
    "Movement",
    "Muscle",
    "Panel",
    "Phenotype",
    "Scale",
    "SensoryNerve",
    "Series",
    "Treatment",
    "Vocabulary",
    "humanise",
    "in_sentence",
    "vocabulary",
]
