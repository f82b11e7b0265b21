"""Ages: ISO 8601 durations ("P1Y6M") and years between two days."""

import re
from datetime import date

from django.core.exceptions import ValidationError

DURATION = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?")
DAYS_A_YEAR = 365.2425


def validate_duration(text):
    if text and not DURATION.fullmatch(text):
        raise ValidationError(
            f"“{text}” is not an age. Write years, months, days as P5Y, P1Y6M, P12D."
        )


def years(duration):
    """Years (float) of an ISO 8601 duration such as "P1Y6M"; ValidationError if it is none."""
    validate_duration(duration)
    y, m, w, d = (int(part or 0) for part in DURATION.fullmatch(duration).groups())
    return y + m / 12 + (7 * w + d) / DAYS_A_YEAR


def years_between(birth: date, on: date) -> float:
    """Age in years (float); whole numbers fall on birthdays."""
    whole = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    last = _birthday(birth, birth.year + whole)
    following = _birthday(birth, birth.year + whole + 1)
    return whole + (on - last).days / (following - last).days


def _birthday(birth, year):
    """29 February falls on 1 March in common years."""
    try:
        return birth.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def in_words(age):
    """12 d, 5 mo, 4 y; "" when not known. Days under 100 d, months under 2 y."""
    if age is None:
        return ""
    days = round(age * DAYS_A_YEAR)
    if days < 100:
        return f"{days} d"
    return f"{int(age * 12)} mo" if age < 2 else f"{int(age)} y"
