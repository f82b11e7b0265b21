"""Moments as phenopackets give them: an age, a term, a date; never turned into what they are not.

An age without a birth date stays an age. `words` is what a list shows, `term_id` is set where an
ontology's class was given, `day` where a date was; the element itself is kept beside the row.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from patients import ages

LATEST_AGE_YEARS = 120


@dataclass(frozen=True)
class Moment:
    words: str = ""
    term_id: str = ""
    term_label: str = ""
    day: date | None = None
    given: dict = field(default_factory=dict)

    def __bool__(self):
        return bool(self.given)

    @property
    def in_words(self):
        """Also for a class: "Congenital onset (HP:0003577)"."""
        if self.term_id and self.term_label:
            return f"{self.term_label} ({self.term_id})"
        return self.words or self.term_label or self.term_id

    @property
    def age_years(self):
        """Years (to 0.001) of a plain age, or None: a class or a range is no number."""
        duration = self.given.get("age", {}).get("iso8601duration", "")
        if not is_duration(duration):
            return None
        years = ages.years(duration)
        return Decimal(f"{years:.3f}") if years <= LATEST_AGE_YEARS else None


def is_duration(text):
    return bool(ages.DURATION.fullmatch(text))


def moment(element):
    """A Moment from a TimeElement (None or {} gives an empty one)."""
    element = element or {}
    for kind, read in KINDS.items():
        if kind in element:
            return read(element[kind], element)
    return Moment()


def day_of(timestamp):
    return date.fromisoformat(timestamp[:10])


def _age(age, element):
    return Moment(words=age.get("iso8601duration", ""), given=element)


def _range(found, element):
    start, end = (found.get(side, {}).get("iso8601duration", "") for side in ("start", "end"))
    return Moment(words=f"age {start}–{end}", given=element)


def _gestation(found, element):
    weeks, days = found.get("weeks", 0), found.get("days", 0)
    words = f"{weeks} weeks" + (f" {days} days" if days else "") + " of gestation"
    return Moment(words=words, given=element)


def _term(found, element):
    return Moment(term_id=found.get("id", ""), term_label=found.get("label", ""), given=element)


def _timestamp(found, element):
    return Moment(words=found, day=day_of(found), given=element)


def _interval(found, element):
    start, end = found.get("start", ""), found.get("end", "")
    return Moment(words=f"{start[:10]} to {end[:10]}", given=element)


KINDS = {
    "age": _age,
    "ageRange": _range,
    "gestationalAge": _gestation,
    "ontologyClass": _term,
    "timestamp": _timestamp,
    "interval": _interval,
}
