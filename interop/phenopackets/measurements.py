"""Measurements with one value as laboratory reports, one for each moment; others stay outside."""

from decimal import ROUND_HALF_EVEN, Decimal

from django.core.exceptions import ValidationError

from clinical.vocabulary import vocabulary
from interop.phenopackets.times import moment
from results.labs.models import LabResult, LabValue

STEP = Decimal("0.000001")  # what a column of values resolves
LARGEST = Decimal(10) ** 12


def reports(measurements, *, comment):
    """([unsaved LabResult], how many measurements have no place in one)."""
    by_moment, left = {}, 0
    for measurement in measurements:
        seen, line = moment(measurement.get("timeObserved")), _line(measurement)
        if line is None:
            left += 1
            continue
        if seen and not seen.day:
            line.note = seen.in_words[:500]
        by_moment.setdefault((seen.day, line.note), []).append(line)
    drafts = [
        LabResult(performed_on=day, comment=comment).with_rows(values=lines)
        for (day, _), lines in by_moment.items()
    ]
    return drafts, left


def _line(measurement):
    """An unsaved LabValue; None where the value is complex, fits no column, or has no name."""
    assay, value = measurement.get("assay", {}), measurement.get("value", {})
    quantity = value.get("quantity", {})
    code = assay.get("id") or ""
    if not (code or assay.get("label")):
        return None
    limits, unit = quantity.get("referenceRange", {}), quantity.get("unit", {})
    try:
        line = LabValue(
            analyte=_analyte(code),
            name_as_given=assay.get("label") or code,
            code_as_given=code,
            value_num=_decimal(quantity.get("value")),
            unit=_unit(unit),
            value_text=value.get("ontologyClass", {}).get("label", ""),
            low=_decimal(limits.get("low")),
            high=_decimal(limits.get("high")),
        )
        if line.value_num is None and not line.value_text:
            return None
        if _unit(limits.get("unit", unit)) != line.unit:
            return None
        line.check_draft()
    except ValidationError:
        return None
    return line


def _analyte(code):
    """Our analyte with this LOINC code, or ""."""
    system, _, number = code.partition(":")
    if system.upper() != "LOINC" or not number:
        return ""
    return next((a.code for a in vocabulary().analytes.values() if a.loinc == number), "")


def _unit(term):
    """The UCUM code where it is one, else the words."""
    system, _, code = term.get("id", "").partition(":")
    return code if system.upper() == "UCUM" else term.get("label") or term.get("id", "")


def _decimal(number):
    """A float as the column keeps it (6 places); ValidationError where that would change it."""
    if number is None:
        return None
    exact = Decimal(repr(number))
    if abs(exact) >= LARGEST:
        raise ValidationError("This value is too large.")
    kept = exact.quantize(STEP, ROUND_HALF_EVEN)
    if kept != exact:
        raise ValidationError("This value has too many places.")
    return kept
