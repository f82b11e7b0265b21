"""The EULAR/ACR criteria on the facts of a case."""

from __future__ import annotations

from dataclasses import replace

from clinical.criteria import reading
from clinical.criteria.myositis import ADULT, BIOPSY_POINTS, POINTS, eular_acr_2017
from clinical.criteria.so_far import Criterion, Input, Values
from clinical.criteria.verdict import Verdict

ENZYMES = ("ck", "ldh", "ast", "alt")
_MUSCLE = "bx.muscle_findings"
_WEAKNESS = {  # item = code of the fact
    "arms_proximal": "Proximal weakness of both arms",
    "legs_proximal": "Proximal weakness of both legs",
    "neck_flexors_weaker": "Neck flexors weaker than extensors",
    "legs_proximal_weaker": "Legs weaker proximally than distally",
}
_SIGNS = {
    "heliotrope": "Heliotrope rash",
    "gottron_papules": "Gottron papules",
    "gottron_sign": "Gottron sign",
    "dysphagia": "Dysphagia",
}
_BIOPSY = {  # item → (label, finding of the vocabulary)
    "endomysial_cells": (
        "Biopsy: endomysial cells that do not invade fibres",
        "endomysial_infiltrate_non_invading",
    ),
    "perimysial_cells": (
        "Biopsy: perimysial or perivascular cells",
        "perimysial_perivascular_infiltrate",
    ),
    "perifascicular_atrophy": ("Biopsy: perifascicular atrophy", "perifascicular_atrophy"),
    "rimmed_vacuoles": ("Biopsy: rimmed vacuoles", "rimmed_vacuoles"),
}

_INPUTS = (
    Input(
        "age_at_onset",
        "First symptom at 18 years or later",
        ("hx.onset_age_years",),
        reading.number("hx.onset_age_years"),
        met=lambda years: years >= ADULT,
    ),
    *(
        Input(item, label, (f"ex.{item}",), reading.flag(f"ex.{item}"))
        for item, label in _WEAKNESS.items()
    ),
    *(Input(item, label, (f"ph.{item}",), reading.present(item)) for item, label in _SIGNS.items()),
    Input("jo1", "Anti-Jo-1", ("lab.jo1_ab.flag",), reading.positive("jo1_ab")),
    Input(
        "enzymes_raised",
        "CK, LDH, AST or ALT raised",
        tuple(f"lab.{code}.flag" for code in ENZYMES),
        reading.raised(*ENZYMES),
    ),
    *(
        Input(item, label, (_MUSCLE,), reading.listed(_MUSCLE, finding))
        for item, (label, finding) in _BIOPSY.items()
    ),
)


def _judge(values: Values) -> Verdict:
    """With biopsy data as soon as a report lists findings."""
    with_biopsy = values["rimmed_vacuoles"] is not None
    items = {name: values[name] for name in (*POINTS, *(BIOPSY_POINTS if with_biopsy else ()))}
    found = eular_acr_2017(values["age_at_onset"], items, with_biopsy=with_biopsy)  # type: ignore[arg-type]
    score = f"Score so far {found.score:.1f}, for signs that nothing else explains better."
    return replace(found.verdict, notes=(*found.verdict.notes, score))


CRITERIA = (
    Criterion(
        "eular_acr_2017",
        "myositis",
        "Lundberg et al., Arthritis Rheumatol 2017;69:2271-2282",
        _INPUTS,
        _judge,
    ),
)
