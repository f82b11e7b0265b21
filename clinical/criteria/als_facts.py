"""The ALS criteria on the facts of a case."""

from __future__ import annotations

from typing import Any

from clinical.criteria import reading
from clinical.criteria.als import (
    REGIONS,
    Neurons,
    Signs,
    awaji_2008,
    el_escorial_revised,
    gold_coast_2020,
    two_limbs,
)
from clinical.criteria.so_far import Criterion, Facts, Input, Values
from clinical.criteria.verdict import Verdict

_UPPER, _LOWER, _NEEDLE = "ex.umn_in", "ex.lmn_in", ("emg.lmn_in", "emg.regions_studied")


def _by_any(facts: Facts) -> Signs | None:
    bedside, needle = reading.at_bedside(_LOWER)(facts), reading.by_needle(facts)
    if bedside is None and needle is None:
        return None
    return Neurons({}, bedside or {}, needle or {}).lower_by_any()


def _named(kind: str) -> tuple[str, ...]:
    return tuple(f"{kind}_{region}" for region in REGIONS)


_COURSE = Input(
    "progressive", "Motor impairment that progresses", ("hx.progression",), reading.progressive
)
_EXCLUDED = Input("others_excluded", "Other causes excluded", assumed=True)
_UPPER_SIGNS = Input(
    "upper", "Upper motor neuron signs", (_UPPER,), reading.at_bedside(_UPPER), _named("upper")
)
_LOWER_SIGNS = Input(
    "lower",
    "Lower motor neuron signs, at the bedside or by needle",
    (_LOWER, *_NEEDLE),
    _by_any,
    _named("lower"),
)
_BEDSIDE_SIGNS = Input(
    "lower",
    "Lower motor neuron signs at the bedside",
    (_LOWER,),
    reading.at_bedside(_LOWER),
    _named("lower"),
)
_LIMBS = Input(
    "emg",
    "Denervation by needle in two limbs",
    _NEEDLE,
    reading.by_needle,
    ("limbs",),
    met=two_limbs,
)


def _signs(values: Values, name: str) -> Signs:
    found = values[name]
    return found if isinstance(found, dict) else {}


def _common(values: Values) -> dict[str, Any]:
    return {name: values[name] for name in ("progressive", "others_excluded")}


def _gold_coast(values: Values) -> Verdict:
    upper, lower = _signs(values, "upper"), _signs(values, "lower")
    return gold_coast_2020(upper=upper, lower=lower, **_common(values))


def _awaji(values: Values) -> Verdict:
    neurons = Neurons(_signs(values, "upper"), _signs(values, "lower"), {})
    return awaji_2008(neurons, **_common(values))


def _el_escorial(values: Values) -> Verdict:
    neurons = Neurons(*(_signs(values, name) for name in ("upper", "lower", "emg")))
    return el_escorial_revised(neurons, **_common(values))


CRITERIA = (
    Criterion(
        "gold_coast_2020",
        "als",
        "Shefner et al., Clin Neurophysiol 2020;131:1975-1978",
        (_COURSE, _UPPER_SIGNS, _LOWER_SIGNS, _EXCLUDED),
        _gold_coast,
    ),
    Criterion(
        "awaji_2008",
        "als",
        "de Carvalho et al., Clin Neurophysiol 2008;119:497-503",
        (_COURSE, _UPPER_SIGNS, _LOWER_SIGNS, _EXCLUDED),
        _awaji,
    ),
    Criterion(
        "el_escorial_revised",
        "als",
        "Brooks et al., Amyotroph Lateral Scler 2000;1:293-299",
        (_COURSE, _UPPER_SIGNS, _BEDSIDE_SIGNS, _LIMBS, _EXCLUDED),
        _el_escorial,
    ),
)
