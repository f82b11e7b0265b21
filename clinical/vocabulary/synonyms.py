"""What people type for a symptom or sign (`data/synonyms.yaml`): our words, not those of HPO."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parent.parent / "data" / "synonyms.yaml"


def read() -> Any:
    """{code of a phenotype: its words}, as the file says it."""
    return yaml.load(PATH.read_bytes(), yaml.CSafeLoader)


def with_words(
    phenotypes: Mapping[str, Any], words: Mapping[str, Iterable[str]]
) -> Mapping[str, Any]:
    """Phenotypes that know their words.

    Raises ValueError for a code that is no phenotype, and for one that is left out.
    """
    unknown = sorted(set(words) - set(phenotypes))
    missing = sorted(set(phenotypes) - set(words))
    if unknown or missing:
        raise ValueError(
            f"{PATH.name}: no phenotype has the code {unknown}; without synonyms: {missing}."
        )
    return {c: replace(row, synonyms=tuple(words[c])) for c, row in phenotypes.items()}
