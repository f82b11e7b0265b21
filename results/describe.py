"""A result in lines for people, and two results side by side."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import models

from clinical.vocabulary import humanise, vocabulary
from patients.partial import PartialDate
from patients.text import validate_visible
from results import limits

PLUMBING = {
    "id",
    "clinic",
    "step",
    "status",
    "replaces",
    "recorded_by",
    "recorded_at",
    "correction_reason",
    "onset_precision",
}
TABLES = {  # column of codes → the vocabulary's table with their labels
    "tests": ("genetic_tests", "cardiac"),
    "protocols": ("mri_protocols",),
    "ncs_sets": ("ncs_sets",),
    "emg_sets": ("emg_sets",),
    "special_tests": ("special_tests",),
    "ncs_conclusions": ("ncs_conclusions",),
    "emg_conclusions": ("ncs_conclusions",),
    "muscle_findings": ("muscle_findings",),
    "nerve_findings": ("nerve_findings",),
    "tissue": ("biopsies",),
    "site": ("muscle_sites", "nerve_sites"),
}


GROUPS = {"tones": "Tone", "bulks": "Bulk and fasciculations"}  # rows whose name is no heading


@dataclass(frozen=True)
class Entry:
    """One line: `key` pairs it with the same line of another version."""

    key: str
    group: str
    label: str
    value: str
    mark: str = ""  # low, high, critical, red flag
    note: str = ""  # what the mark asks for, or how the value was worked out


@dataclass(frozen=True)
class Pair:
    group: str
    label: str
    old: str
    new: str
    mark: str = ""

    @property
    def changed(self):
        return self.old != self.new


def entries(result, without=()):
    """Everything a result says, its typed columns first, then its rows; empty ones left out.

    `without`: tables of rows that the page shows in its own way.
    """
    found, meanings, marks = [], result.explained(), result.marks()
    for field in result._meta.concrete_fields:
        if field.name in PLUMBING:
            continue
        shown = shown_value(result, field)
        if shown:
            shown += f" ({meanings[field.name]})" if meanings.get(field.name) else ""
            told = marks.get(field.name, ())
            found.append(Entry(field.name, "", _capital(field.verbose_name), shown, *told))
    found += [Entry(name, "", *more) for name, *more in result.worked_out()]
    for name in (name for name in result.ROWS if name not in without):
        group = GROUPS.get(name) or _capital(humanise(name))
        met = Counter()
        for row in result.rows(name):
            met[row.title] += 1  # two lines of one name (a test done twice) stay two
            key = f"{name} {row.title} {met[row.title]}"
            found.append(Entry(key, group, row.title, row.told, row.mark))
    return found


def pairs(old, new):
    """The lines of two results beside each other, by table, in the order of the new one."""
    before = {entry.key: entry for entry in entries(old)}
    after = {entry.key: entry for entry in entries(new)}
    found = [
        Pair(
            entry.group,
            entry.label,
            before[key].value if key in before else "",
            entry.value,
            entry.mark,
        )
        for key, entry in after.items()
    ]
    gone = [entry for key, entry in before.items() if key not in after]
    found += [Pair(entry.group, entry.label, entry.value, "") for entry in gone]
    order = list(dict.fromkeys(pair.group for pair in found))
    return sorted(found, key=lambda pair: order.index(pair.group))


def shown_value(result, field):
    """The value of a column as a page prints it; "" when there is none."""
    value = getattr(result, field.name)
    if field.name == "onset_on" and value:
        return str(PartialDate(value, result.onset_precision))
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and validate_visible in field.base_field.validators:
        return ", ".join(value) or "none"  # people's own words
    if isinstance(value, list):
        return ", ".join(code_label(field.name, code) for code in value) or "none"
    if isinstance(value, int | Decimal):
        return limits.plain(value)
    if isinstance(value, date):
        return f"{value:%-d %b %Y}"
    is_code = not isinstance(field, models.TextField) and validate_visible not in field.validators
    return code_label(field.name, value) if is_code else str(value)


def code_label(column, code):
    if not isinstance(code, str):
        return str(code)
    if ":" in code:
        return vocabulary().capture_label(code)
    for table in TABLES.get(column, ()):
        item = getattr(vocabulary(), table).get(code)
        if item is not None:
            return item.label
    return humanise(code)


def _capital(text):
    return text[:1].upper() + text[1:]
