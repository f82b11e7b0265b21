"""Patterns in an EMG report: hints that name the rows they rest on, never a conclusion.

Sources and confidence of each stand in data/emg_patterns.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from clinical.needle import LOST, lmn_regions, positive_muscles, read_muscle
from clinical.vocabulary import in_sentence, vocabulary

PATH = Path(__file__).parent / "data" / "emg_patterns.yaml"
SAY_NOTHING = {"inconclusive"}


@dataclass(frozen=True)
class Nerve:
    """One nerve and side: its flags, and the criteria of demyelination that it meets."""

    name: str
    is_motor: bool
    flags: frozenset[str] = frozenset()
    demyelinating: tuple[str, ...] = ()
    judged: bool = True


@dataclass(frozen=True)
class Muscle:
    """One muscle and side: `name` for people, `code` of emg.muscles, what the needle found."""

    name: str
    code: str
    found: Mapping[str, str]

    @property
    def said(self) -> tuple[str, ...]:
        return read_muscle(self.found)


@dataclass(frozen=True)
class Study:
    nerves: tuple[Nerve, ...] = ()
    muscles: tuple[Muscle, ...] = ()
    decrement_pct: float | None = None
    increment_pct: float | None = None
    sfemg_abnormal: bool | None = None
    conclusions: tuple[str, ...] = ()  # as typed by the examiner


@dataclass(frozen=True)
class Hint:
    code: str
    title: str
    for_: tuple[str, ...]
    against: tuple[str, ...] = ()
    would_settle: tuple[str, ...] = ()
    source: str = ""
    confidence: str = ""
    disagrees: str = ""  # the typed conclusion in words, where it does not fit


@dataclass
class Evidence:
    for_: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    settle: list[str] = field(default_factory=list)
    title: str = ""


@cache
def definitions() -> Mapping[str, Mapping[str, Any]]:
    """The patterns of the data file; every conclusion they name is one of the vocabulary."""
    found: dict[str, dict[str, Any]] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    for code, row in found.items():
        unknown = set(row["agrees"]) - set(vocabulary().ncs_conclusions)
        if unknown:
            raise ValueError(f"{PATH.name}, {code}: unknown conclusion {sorted(unknown)}")
    return found


def hints(study: Study) -> list[Hint]:
    """Each pattern that something speaks for, in the order of the data file."""
    found = []
    for code, row in definitions().items():
        evidence = _LOOK[code](study, row.get("least", 1))
        if evidence.for_:
            found.append(
                Hint(
                    code,
                    evidence.title or row["label"],
                    tuple(evidence.for_),
                    tuple(evidence.against),
                    tuple(evidence.settle),
                    row["source"],
                    row["confidence"],
                    _disagreement(study.conclusions, row["agrees"]),
                )
            )
    return found


def _disagreement(conclusions: Iterable[str], agrees: Iterable[str]) -> str:
    typed = [code for code in conclusions if code not in SAY_NOTHING]
    if not typed or set(typed) & set(agrees):
        return ""
    labels = vocabulary().ncs_conclusions
    return "; ".join(labels[code].label for code in typed if code in labels)


def _motor_neuron(study: Study, least: int) -> Evidence:
    rows = [(muscle.code, muscle.found) for muscle in study.muscles]
    regions, positive = lmn_regions(rows), positive_muscles(rows)
    out, labels = Evidence(), vocabulary().emg_muscles
    for region in regions:
        names = ", ".join(in_sentence(labels[code].label) for code in sorted(positive[region]))
        out.for_.append(f"Ongoing and chronic change together, {region}: {names}")
    if not out.for_:
        return out
    out.title = f"Motor neuron pattern, {len(regions)} region{'s' if len(regions) > 1 else ''}"
    _add_sensory(study, out)
    blocked = [n.name for n in study.nerves if "conduction_block" in n.flags]
    out.against += [f"Conduction block: {name}" for name in blocked]
    studied = {labels[m.code].region for m in study.muscles if m.code in labels}
    for region in vocabulary().enums["body_region"]:
        if region not in studied:
            out.settle.append(f"No muscle of the {region} region was studied.")
        elif region in positive and region not in regions:
            out.settle.append(f"The {region} region has one positive muscle; a limb needs two.")
        elif region not in positive:
            out.against.append(f"No such muscle in the {region} region")
    return out


def _add_sensory(study: Study, out: Evidence) -> None:
    sensory = [nerve for nerve in study.nerves if not nerve.is_motor and nerve.judged]
    abnormal = [nerve.name for nerve in sensory if nerve.flags]
    out.against += [f"Sensory response abnormal: {name}" for name in abnormal]
    if sensory and not abnormal:
        out.for_.append(f"Sensory responses normal: {', '.join(n.name for n in sensory)}")
    if not sensory:
        out.settle.append("No sensory nerve was judged.")


def _demyelinating(study: Study, least: int) -> Evidence:
    out = Evidence()
    for nerve in study.nerves:
        if nerve.demyelinating:
            out.for_.append(f"{nerve.name}: {', '.join(nerve.demyelinating)}")
    if len(out.for_) == 1:
        out.settle.append("One nerve alone: further nerves, proximal sites and the other side.")
    if out.for_:
        fine = [n.name for n in study.nerves if n.is_motor and n.judged and not n.flags]
        out.against += [f"Motor conduction normal: {', '.join(fine)}"] if fine else []
    return out


def _axonal(study: Study, least: int) -> Evidence:
    lost = {"low_amplitude", "absent"}
    small = [n for n in study.nerves if n.flags & lost and not n.demyelinating]
    out = Evidence()
    if len(small) < least:
        return out
    out.for_ = [f"{n.name}: {'no' if 'absent' in n.flags else 'small'} response" for n in small]
    kinds = {nerve.is_motor for nerve in small}
    if kinds == {True}:
        out.title = "Axonal pattern, motor"
        _add_sensory(study, out)
    elif kinds == {False}:
        out.title = "Axonal pattern, sensory"
    out.against += [
        f"{n.name}: {', '.join(n.demyelinating)}" for n in study.nerves if n.demyelinating
    ]
    if not study.muscles:
        out.settle.append("Needle EMG: denervation would confirm axonal loss.")
    return out


def _junction(study: Study, least: int) -> Evidence:
    cut = vocabulary().special_tests["rns"].cutoffs
    out, decrement, increment = Evidence(), study.decrement_pct, study.increment_pct
    if decrement is not None:
        late = decrement > cut["decrement_gt"]
        place = out.for_ if late else out.against
        place.append(f"Decrement {decrement:g} % (abnormal above {cut['decrement_gt']} %)")
    if increment is not None:
        place = out.for_ if increment >= cut["increment_lems_suspicious_gte"] else out.against
        place.append(
            f"Increment {increment:g} % (Lambert-Eaton from {cut['increment_lems_gte']} %)"
        )
        if increment >= cut["increment_lems_suspicious_gte"]:
            out.title = "Junction pattern, presynaptic"
    if study.sfemg_abnormal is not None:
        place = out.for_ if study.sfemg_abnormal else out.against
        place.append(f"Jitter {'abnormal' if study.sfemg_abnormal else 'normal'}")
    if study.sfemg_abnormal and not (decrement or increment):
        out.settle.append(
            "Repetitive stimulation: jitter is raised in nerve and muscle disease, too."
        )
    return out


def _myopathic(study: Study, least: int) -> Evidence:
    out = Evidence()
    small = [muscle for muscle in study.muscles if "myopathic" in muscle.said]
    myotonic = [m.name for m in study.muscles if m.found.get("myotonic_discharge") == "present"]
    if len({muscle.code for muscle in small}) >= least:
        out.for_.append(f"Short, small, early: {', '.join(muscle.name for muscle in small)}")
        irritable = [muscle.name for muscle in small if "active_denervation" in muscle.said]
        if irritable:
            out.title = "Myopathic pattern, irritable"
            out.for_.append(f"Fibrillation or positive waves: {', '.join(irritable)}")
    out.for_ += [f"Myotonic discharge: {name}" for name in myotonic]
    if not out.for_:
        return out
    late = [m.name for m in study.muscles if m.found.get("recruitment") in LOST]
    out.against += [f"Reduced recruitment: {name}" for name in late]
    if not any(n.is_motor and n.judged for n in study.nerves):
        out.settle.append("Motor conduction was not judged.")
    return out


_LOOK = {
    "motor_neuron": _motor_neuron,
    "demyelinating": _demyelinating,
    "axonal": _axonal,
    "junction": _junction,
    "myopathic": _myopathic,
}
