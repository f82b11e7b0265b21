"""Values of breathing and heart tests beyond which something is to be done, and what follows.

The thresholds stand in the vocabulary with their source. These functions compare and say; the rules
of the pathways raise the alert.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from functools import cache

from clinical.vocabulary import humanise, vocabulary
from clinical.vocabulary.labels import in_sentence, plain_unit
from clinical.vocabulary.threshold import Threshold

_COMPARE = {"lt": operator.lt, "lte": operator.le, "gt": operator.gt, "gte": operator.ge}
_SIGNS = {"lt": "<", "lte": "≤", "gt": ">", "gte": "≥"}
_FALL = "fall_gt_per_3_months"


@dataclass(frozen=True)
class Watched:
    """A number with its thresholds. unit: as people write it. source: of all its thresholds."""

    unit: str
    thresholds: tuple[Threshold, ...]
    source: str

    def of(self, sex: str) -> tuple[Threshold, ...]:
        """Those that hold for the sex; all of them where that is not known."""
        known = sex in ("male", "female")
        return tuple(t for t in self.thresholds if not known or t.sex in ("", sex))

    def beyond(self, value: float | None, sex: str = "") -> tuple[Threshold, ...]:
        """The thresholds for this sex that the value is beyond."""
        if value is None:
            return ()
        compared = [each for each in self.of(sex) if each.op in _COMPARE]
        return tuple(each for each in compared if _COMPARE[each.op](value, each.value))

    def mark(self, value: float | None, sex: str = "") -> str:
        """low, high, or "" where the value is beyond no threshold."""
        found = self.beyond(value, sex)
        return "" if not found else "low" if found[0].op in ("lt", "lte") else "high"

    def sentence(self, threshold: Threshold) -> str:
        """ "< 50 %: refer to the ventilation service whatever the symptoms"."""
        if threshold.op == _FALL:
            when = f"A fall of more than {threshold.value:g} {self.unit} in 3 months"
        else:
            when = f"{_SIGNS[threshold.op]} {threshold.value:g} {self.unit}"
        who = {"male": "men", "female": "women"}.get(threshold.sex, "")
        also = ", ".join(part for part in (who, threshold.condition) if part)
        what = in_sentence(humanise(threshold.action))
        told = f"{when} ({also}): {what}" if also else f"{when}: {what}"
        return f"{told} (no alert: {threshold.no_alert})" if threshold.no_alert else told

    def told(self, value: float | None, sex: str = "") -> str:
        """What the value asks for, in words; "" where it is beyond no threshold."""
        return "; ".join(self.sentence(each) for each in self.beyond(value, sex))


@cache
def watched() -> dict[str, Watched]:
    """{name of the number: its thresholds}, of breathing and heart tests."""
    book = vocabulary()
    found = {}
    for measure in (*book.respiratory.values(), *book.cardiac.values()):
        for name in dict.fromkeys(each.of or measure.code for each in measure.thresholds):
            fact = book.facts.get(f"card.{name}") or book.facts[f"resp.{name}"]
            own = tuple(t for t in measure.thresholds if (t.of or measure.code) == name)
            source = measure.source or "clinic default"
            found[name] = Watched(plain_unit(fact.unit or measure.unit), own, source)
    return found


def fall_pct(upright: float | None, supine: float | None) -> float | None:
    """Fall (%) of vital capacity from upright to supine; both in litres or both in % predicted.

    None without both, or with nothing upright. Both scales give the same: what is predicted
    cancels out. Source: vocabulary, fvc_supine_drop_pct.
    """
    if not upright or supine is None:
        return None
    return round(100 * (upright - supine) / upright, 1)
