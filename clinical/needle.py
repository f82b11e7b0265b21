"""What the needle found in one muscle, by the rules of the vocabulary (emg.muscle_conclusions)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clinical.vocabulary import vocabulary

QUIET = ("", "0", "+/-")  # less than 1+
ONE_MUSCLE_REGIONS = ("bulbar", "thoracic")  # a limb region needs two muscles
LOST = ("reduced", "discrete")
CONCLUSIONS = ("active_denervation", "chronic_reinnervation", "myopathic", "lmn_region_positive")


def read_muscle(found: Mapping[str, str]) -> tuple[str, ...]:
    """Conclusions derived from the columns of emg.columns; what was not looked at proves nothing.

    A muscle shows lower motor neuron evidence when ongoing denervation (fibrillation, positive
    waves or fasciculation) and chronic change are both there (Gold Coast 2020, Shefner, Clin
    Neurophysiol 131:1975).
    """
    denervated = any(found.get(name, "") not in QUIET for name in ("fib", "psw"))
    ongoing = denervated or found.get("fasciculations", "") not in QUIET
    large = "increased" in (found.get("muap_duration"), found.get("muap_amplitude"))
    met = {
        "active_denervation": denervated,
        "chronic_reinnervation": large and found.get("recruitment") in LOST,
        "myopathic": found.get("muap_duration") == "decreased"
        and found.get("muap_amplitude") == "decreased"
        and found.get("muap_polyphasia") == "increased"
        and found.get("recruitment") == "early",
        "lmn_region_positive": ongoing and large,
    }
    return tuple(code for code in CONCLUSIONS if met[code])


def positive_muscles(rows: Iterable[tuple[str, Mapping[str, str]]]) -> dict[str, set[str]]:
    """{region: muscles with lower motor neuron evidence}; sides of one muscle count once."""
    muscles = vocabulary().emg_muscles
    found: dict[str, set[str]] = {}
    for muscle, columns in rows:
        if muscle in muscles and "lmn_region_positive" in read_muscle(columns):
            found.setdefault(muscles[muscle].region, set()).add(muscle)
    return found


def lmn_regions(rows: Iterable[tuple[str, Mapping[str, str]]]) -> list[str]:
    """Regions with lower motor neuron evidence: two muscles, in bulbar and thoracic one."""
    return [
        region
        for region, muscles in positive_muscles(rows).items()
        if region and len(muscles) >= (1 if region in ONE_MUSCLE_REGIONS else 2)
    ]
