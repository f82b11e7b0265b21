"""Multiple sclerosis: McDonald 2017 and 2024.

The combinations of 2024 were taken from the abstract and reviews: a neurologist has to confirm
them before they are relied on.
"""

from __future__ import annotations

from dataclasses import replace

from clinical.criteria.verdict import Verdict, decide

PROGRESSIVE_MONTHS = 12  # of progression before it counts without an attack
MANY_LESIONS, WITH_VEIN = 10, 6  # the rule "select 6"
WORDS = {  # judged input → the input that would settle it
    "long": "months_progressive",
    "two_cord": "cord_lesions",
    "csf": "csf_positive",
    "cvs": "cvs_positive",
    "prl": "prl_positive",
}
REGIONS_ENOUGH_2024 = 4  # of five: no dissemination in time is asked for


def mcdonald_2017(
    *,
    attacks: int | None,
    lesions: int | None,
    better_explanation: bool | None,
    history_elsewhere: bool | None = None,
    dis: bool | None = None,
    dit: bool | None = None,
    bands: bool | None = None,
    months_progressive: float | None = None,
    brain_lesion: bool | None = None,
    cord_lesions: int | None = None,
) -> Verdict:
    """ms, possible_ms, not_ms or insufficient_data, for a typical syndrome.

    attacks: of at least 24 h, 30 days apart. lesions: with objective clinical evidence.
    history_elsewhere: clear evidence of an earlier attack at another site. dis, dit: dissemination
    in space and time. bands: two or more in CSF only. brain_lesion: in a periventricular,
    juxtacortical or infratentorial place.
    Source: Thompson et al., Lancet Neurol 2018;17:162-173.
    """

    inputs = {
        "attacks": None if attacks is None else min(attacks, 2),
        "lesions": None if lesions is None else min(lesions, 2),
        "better_explanation": better_explanation,
        "history_elsewhere": history_elsewhere,
        "dis": dis,
        "dit": dit,
        "bands": bands,
        "long": None if months_progressive is None else months_progressive >= PROGRESSIVE_MONTHS,
        "brain_lesion": brain_lesion,
        "two_cord": None if cord_lesions is None else cord_lesions >= 2,
    }
    found = decide(_ms_2017, inputs, {"attacks": (0, 1, 2), "lesions": (0, 1, 2)})
    return replace(found, missing=tuple(WORDS.get(name, name) for name in found.missing))


def _ms_2017(attacks: int, lesions: int, better_explanation: bool, **given: bool) -> str:
    if better_explanation:
        return "not_ms"
    if attacks == 0:
        two_of = (given["brain_lesion"], given["two_cord"], given["bands"])
        return "ms" if given["long"] and sum(two_of) >= 2 else "possible_ms"
    in_time = attacks >= 2 or given["dit"] or given["bands"]
    in_space = lesions >= 2 or given["dis"] or (attacks >= 2 and given["history_elsewhere"])
    return "ms" if in_time and in_space and lesions >= 1 else "possible_ms"


def mcdonald_2024(
    *,
    regions: int | None,
    better_explanation: bool | None,
    dit: bool | None = None,
    csf_positive: bool | None = None,
    cvs_positive: bool | None = None,
    prl_positive: bool | None = None,
    cord_lesions: int | None = None,
    months_progressive: float | None = None,
    antibody_positive: bool | None = False,
) -> Verdict:
    """ms, not_confirmed or insufficient_data, for a typical syndrome or a typical MRI.

    regions: of optic nerve, periventricular, juxtacortical, infratentorial, cord (0 to 5).
    antibody_positive: against AQP4 or MOG; the criteria are then not to be used.
    Source: Montalban et al., Lancet Neurol 2025;24:850-865, erratum 2025;24(11):e13.
    """
    if antibody_positive:
        return Verdict(
            "not_confirmed", notes=("AQP4 or MOG antibodies: these criteria are not to be used.",)
        )

    inputs = {
        "better_explanation": better_explanation,
        "regions": regions,
        "dit": dit,
        "csf": csf_positive,
        "cvs": cvs_positive,
        "prl": prl_positive,
        "two_cord": None if cord_lesions is None else cord_lesions >= 2,
        "long": None if months_progressive is None else months_progressive >= PROGRESSIVE_MONTHS,
    }
    found = decide(_ms_2024, inputs, {"regions": (0, 1, 2, 4)})
    return replace(found, missing=tuple(WORDS.get(name, name) for name in found.missing))


def _ms_2024(better_explanation: bool, regions: int, **given: bool) -> str:
    if better_explanation:
        return "not_confirmed"
    in_time = given["dit"] or given["csf"]
    in_space = regions >= 2 or (given["long"] and given["two_cord"])
    confirmed = (
        regions >= REGIONS_ENOUGH_2024
        or (in_space and (in_time or given["cvs"]))
        or (regions >= 1 and (given["cvs"] or given["prl"]) and in_time)
    )
    return "ms" if confirmed else "not_confirmed"


def central_vein(with_vein: int | None, assessed: int | None) -> bool | None:
    """The rule "select 6": six of ten or more lesions, of fewer the larger part; None: not known.

    Source: Montalban et al., Lancet Neurol 2025;24:850-865.
    """
    if with_vein is None or assessed is None:
        return None
    if assessed >= MANY_LESIONS:
        return with_vein >= WITH_VEIN
    return with_vein > assessed - with_vein
