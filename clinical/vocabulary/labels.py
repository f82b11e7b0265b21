"""Labels for people: where the vocabulary has only a code, a readable label follows from it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

PATH = Path(__file__).parent.parent / "data" / "labels.yaml"


@dataclass(frozen=True)
class _Spelling:
    words: Mapping[str, str]
    phrases: Mapping[str, str]
    proper: frozenset[str]


@cache
def _spelling() -> _Spelling:
    raw = yaml.load(PATH.read_bytes(), yaml.CSafeLoader)
    words = {str(word).lower(): str(word) for word in raw["words"]}
    return _Spelling(words, raw["phrases"], frozenset(raw["proper"]))


def humanise(code: str) -> str:
    """A readable label of a code: `days_onset_to_nadir` is "Days onset to nadir", `ck` is "CK"."""
    spelling = _spelling()
    if code in spelling.phrases:
        return spelling.phrases[code]
    words = [spelling.words.get(word.lower(), word) for word in code.split("_") if word]
    label = " ".join(words)
    return label[:1].upper() + label[1:] if words and words[0].islower() else label


def in_sentence(label: str) -> str:
    """The label as it stands inside a sentence: lower case, except for names and acronyms."""
    first = label.split(" ", 1)[0].rstrip(",:")
    if first.startswith("Anti-"):  # anti-HMGCR
        return "a" + label[1:]
    if not first[1:].islower() or first in _spelling().proper:
        return label
    return label[0].lower() + label[1:]


def plain_unit(unit: str) -> str:
    """A UCUM unit as people write it: `cm[H2O]` is cmH2O, `{cells}/uL` is cells/µL."""
    bare = unit.translate(str.maketrans("", "", "[]{}"))
    return re.sub(r"(?<![a-zA-Z])u(?=g|L|mol)", "µ", bare)
