"""A result as a paragraph of plain text, to be pasted into the letter.

What the page shows, in sentences: nothing is left out that was found, nothing is added but the
words for a mark. Whoever reads the letter has no colours and no bold type.
"""

import re
from itertools import groupby

from django.utils import timezone

from clinical.vocabulary import in_sentence
from results import describe
from results.base import Flag, Status

TITLE = ("performed_on", "performed_at_place", "reported_on")  # said in the first line
LAST = ("conclusion", "ncs_conclusions", "emg_conclusions", "result_summary")
MEASURED = ("Values", "Nerves")  # rows whose mark compares a number with its limit
BEYOND = {"low": "below the limit", "high": "above the limit", "critical": "critical"}
GRADED = ("Strengths", "Reflexes", "Sensations", "Signs", "Symptoms", *describe.GROUPS.values())
ANSWER, ANSWERS = re.compile("^(yes|no)\\b"), {"yes": "present", "no": "absent"}
UNIT, NUMBER = re.compile(r"(.+?) \(([^()]+)\)$"), re.compile(r"[−\d.\u2009]+$")
SIDE = re.compile(r", (left|right)(?=,|$)")
WORST = {
    Flag.NORMAL: "Read as normal.",
    Flag.ABNORMAL: "Read as abnormal.",
    Flag.CRITICAL: "This result is critical.",
}


def paragraph(result, label):
    """The text of one report, `label` naming the test: "Core bloods"."""
    if result.status == Status.ENTERED_IN_ERROR:
        return (
            f"{_title(result, label)}: ENTERED IN ERROR, do not use ({result.correction_reason})."
        )
    found = [entry for entry in describe.entries(result) if entry.key not in TITLE]
    last = [entry for entry in found if entry.key in LAST]
    texts = [entry for entry in found if "\n" in entry.value and entry not in last]
    plain = [entry for entry in found if entry not in last and entry not in texts]
    body = [
        _title(result, label) + ".",
        _standing(result),
        *_sentences(plain),
        *(_sentence(entry.label, entry.value) for entry in last),
        WORST.get(result.flag(), ""),
    ]
    lines = [" ".join(part for part in body if part)]
    lines += [_sentence(entry.label, entry.value) for entry in texts]
    return "\n".join(lines)


def _title(result, label):
    day = f", {result.performed_on:%-d %B %Y}" if result.performed_on else ""
    place = f" ({result.performed_at_place})" if result.performed_at_place else ""
    own = f", reported {result.reported_on:%-d %B %Y}" if result.reported_on else ""
    return f"{label}{day}{place}{own}"


def _standing(result):
    if result.status == Status.PRELIMINARY:
        return "PRELIMINARY REPORT, NOT FINAL: it may still change."
    if result.status == Status.CORRECTED:
        day = result.reported_on or timezone.localdate(result.recorded_at)
        reason = _ended(result.correction_reason)
        return f"Corrected on {day:%-d %B %Y}, in place of an earlier report: {reason}"
    return ""


def _sentences(entries):
    """Columns one by one; the lines of a table in one sentence."""
    for group, lines in groupby(entries, key=lambda entry: entry.group):
        if group:
            yield f"{group} – {_ended('; '.join(_table(group, list(lines))))}"
        else:
            yield from (_sentence(entry.label, entry.value) for entry in lines)


def _table(group, lines):
    """What has the same value is said together, what needs a look first."""
    by_value = {}
    for line in sorted(lines, key=lambda line: not line.mark):
        by_value.setdefault(_value(group, line), []).append(in_sentence(line.label))
    for value, labels in by_value.items():
        joined = ", ".join(_both_sides(labels))
        graded = group in GRADED or len(labels) > 1
        yield f"{value}: {joined}" if graded else f"{joined} {value}"


def _value(group, line):
    mark = BEYOND.get(line.mark, "") if group in MEASURED else ""
    value = (
        ANSWER.sub(lambda found: ANSWERS[found[0]], line.value) if group in GRADED else line.value
    )
    return ", ".join(part for part in (value, mark) if part)


def _both_sides(labels):
    """["hip flexion, left", "hip flexion, right"] is "hip flexion on both sides"."""
    sides = {}
    for label in labels:
        side = SIDE.search(label)
        sides.setdefault(SIDE.sub("", label), []).append(side[1] if side else "")
    for stem, found in sides.items():
        if {"left", "right"} <= set(found):
            yield f"{stem} on both sides"
        else:
            yield from (f"{stem} {side}".rstrip() for side in found)


def _sentence(label, value):
    """ "PR (ms)", "146" is "PR 146 ms."; anything else "Label: value."."""
    unit = UNIT.match(label)
    if unit and NUMBER.match(value):
        return f"{unit[1]} {value} {unit[2]}."
    return f"{label}: {_ended(value)}"


def _ended(text):
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
