"""Every part of the screens on one page, drawn by the templates that the pages use."""

from datetime import date, timedelta
from types import SimpleNamespace

from clinical.patterns import Hint
from clinical.vocabulary import vocabulary
from results.describe import Entry
from results.mri.models import MuscleImage
from results.mri.muscles import heat_map
from results.sparkline import spark
from workflows import look
from workflows.contradictions import Contradiction, Finding
from workflows.models import Proposal

GRADES = ("0", "1", "2", "3", "4−", "4", "4+", "5", "NT")
ENTRIES = (
    Entry("a", "", "Within its limits", "4.2 mmol/L (3.5–5.1)"),
    Entry("b", "", "Below", "2.1 mV (≥ 4)", "low"),
    Entry("c", "", "Above", "15 000 U/L (≤ 170)", "high"),
    Entry("d", "", "Critical", "2.4 mmol/L (3.5–5.1)", "critical"),
    Entry("e", "", "Red flag", "present", "red_flag"),
)


def samples(today: date):
    """Template variables of the page; nothing of it is on record."""
    return {
        "stages": list(look.STAGES),
        "modalities": list(look.MODALITIES),
        "urgencies": list(look.URGENCIES),
        "flags": ("normal", "abnormal", "critical"),
        "dues": [
            SimpleNamespace(due_on=today + timedelta(days=days), stage="to_book")
            for days in (-3, 0, 2, 20)
        ],
        "grades": [(grade, grade[0] if grade[0].isdigit() else "nt") for grade in GRADES],
        "entries": ENTRIES,
        "beside": {"heat_map": heat_map(_muscles()), "grades": _fat_grades()},
        "spark": spark(_values(today), "U/L"),
        "hints": [_hint()],
        "contradiction": _contradiction(),
    }


def _fat_grades():
    return vocabulary().enums["muscle_fat_grade"].items()


def _muscles():
    grades = {"rectus_femoris": (0, 1), "gracilis": (2, 3), "soleus": (4, 4)}
    return [
        MuscleImage(muscle=muscle, side=side, fat_grade=grade, oedema=grade == 3)
        for muscle, pair in grades.items()
        for side, grade in zip(("right", "left"), pair, strict=True)
    ]


def _values(today):
    return [
        SimpleNamespace(on=today - timedelta(days=days), value=value, low=None, high=170)
        for days, value in ((200, 410), (120, 900), (30, 640))
    ]


def _hint():
    return Hint(
        code="example",
        title="Pattern of a motor neuron disease",
        for_=("Denervation in tongue and tibialis anterior", "Normal sensory potentials"),
        against=("Block in the right ulnar nerve",),
        would_settle=("The proximal sites of the right ulnar nerve",),
        source="An example",
        confidence="medium",
    )


def _contradiction():
    proposal = Proposal(
        text="High CK with a neurogenic EMG",
        because="denervation raises CK a few times at most",
        source="An example",
        params={"settle": "Repeat CK after a week of rest"},
    )
    return Contradiction(
        proposal,
        [
            [Finding("lab.ck.x_uln", 12.0, None)],
            [Finding("emg.conclusion", ["mnd_widespread"], None)],
        ],
    )
