"""The McDonald criteria on the facts of a case."""

from __future__ import annotations

from typing import Any

from clinical.criteria import reading
from clinical.criteria.ms import (
    PROGRESSIVE_MONTHS,
    REGIONS_ENOUGH_2024,
    mcdonald_2017,
    mcdonald_2024,
)
from clinical.criteria.so_far import Criterion, Facts, Input, Values
from clinical.criteria.verdict import Verdict, either
from clinical.derive import csf_bands

_REGIONS, _VEIN = "mri.ms_regions", "mri.cvs_positive"
_WEEKS_PER_MONTH = 30.4375 / 7
_OCB = ("lab.csf_ocb.flag", "lab.csf_ocb.value")
_KAPPA = ("lab.csf_kflc_index.flag", "lab.csf_kflc_index.value")
_COURSE = ("hx.progression", "hx.weeks_of_progression")


def _months(facts: Facts) -> float | None:
    """Months of progression; a course that does not progress has none."""
    steadily = reading.progressive(facts)
    weeks = reading.number("hx.weeks_of_progression")(facts)
    if steadily is False:
        return 0.0
    return None if weeks is None or steadily is None else weeks / _WEEKS_PER_MONTH


def _two_of_four(facts: Facts) -> bool | None:
    """Of the five regions counted, the optic nerve is none of the four of 2017."""
    regions = reading.count(_REGIONS)(facts)
    return None if regions is None or regions == 2 else regions > 2


def _in_brain(facts: Facts) -> bool | None:
    """Of the five regions two lie outside the brain: cord and optic nerve."""
    regions = reading.count(_REGIONS)(facts)
    if regions is None or 0 < regions <= 2:
        return None
    return regions > 2


def _antibody(facts: Facts) -> bool | None:
    return either(reading.positive("aqp4_ab")(facts), reading.positive("mog_ab")(facts))


def _rim(facts: Facts) -> bool | None:
    return reading.at_least("mri.prl_count", 1)(facts)


def _two(value: int) -> bool:
    return value >= 2


_UNEXPLAINED = Input(
    "better_explanation",
    "Nothing explains it better",
    met=lambda explained: not explained,
    assumed=False,
)
_IN_TIME = Input("dit", "Dissemination in time on MRI", ("mri.dit",), reading.flag("mri.dit"))
_CORD = Input(
    "cord_lesions",
    "Two cord lesions or more",
    ("mri.cord_lesion_count",),
    reading.count("mri.cord_lesion_count"),
    met=_two,
)
_LONG = Input(
    "months_progressive",
    "Progression for 12 months or more",
    _COURSE,
    _months,
    met=lambda months: months >= PROGRESSIVE_MONTHS,
)

_INPUTS_2017 = (
    Input(
        "attacks",
        "Two attacks or more",
        ("hx.attacks_count",),
        reading.count("hx.attacks_count"),
        met=_two,
    ),
    Input("lesions", "Objective clinical evidence of a lesion", assumed=1),
    Input("history_elsewhere", "Earlier attack at another site"),
    Input("dis", "Dissemination in space on MRI", (_REGIONS,), _two_of_four),
    _IN_TIME,
    Input("bands", "Oligoclonal bands in CSF only", _OCB, csf_bands),
    _LONG,
    Input("brain_lesion", "Typical brain lesion", (_REGIONS,), _in_brain),
    _CORD,
    _UNEXPLAINED,
)
_INPUTS_2024 = (
    Input(
        "regions",
        f"Lesions in {REGIONS_ENOUGH_2024} of 5 regions, or in 2 with another finding",
        (_REGIONS,),
        reading.count(_REGIONS),
        met=_two,
    ),
    _IN_TIME,
    Input(
        "csf_positive",
        "Bands in CSF only, or a high kappa index",
        ("csf.positive_ms", *_OCB, *_KAPPA),
        reading.flag("csf.positive_ms"),
    ),
    Input(
        "cvs_positive", "Central vein sign", ("mri.cvs_positive",), reading.flag("mri.cvs_positive")
    ),
    Input("prl_positive", "Paramagnetic rim lesion", ("mri.prl_count",), _rim),
    _LONG,
    _CORD,
    Input(
        "antibody_positive",
        "No AQP4 or MOG antibodies",
        ("lab.aqp4_ab.flag", "lab.mog_ab.flag"),
        _antibody,
        met=lambda found: not found,
    ),
    _UNEXPLAINED,
)


def _judge_2017(values: Values) -> Verdict:
    given: Any = values
    return mcdonald_2017(**given)


def _judge_2024(values: Values) -> Verdict:
    given: Any = values
    return mcdonald_2024(**given)


CRITERIA = (
    Criterion(
        "mcdonald_2024",
        "ms",
        "Montalban et al., Lancet Neurol 2025;24:850-865",
        _INPUTS_2024,
        _judge_2024,
    ),
    Criterion(
        "mcdonald_2017",
        "ms",
        "Thompson et al., Lancet Neurol 2018;17:162-173",
        _INPUTS_2017,
        _judge_2017,
    ),
)
