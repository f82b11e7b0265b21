"""What the page of a laboratory report shows beside its lines: values measured more than once."""

from clinical.vocabulary import vocabulary
from results import limits
from results.laboratory import between
from results.sparkline import spark
from results.trends import trends


def detail(result, user):
    """[(analyte, spark, rows)] of numbers that the patient has from two tests or more."""
    rows = [row for row in result.rows("values") if row.known and row.value_num is not None]
    codes = dict.fromkeys(row.analyte for row in rows)
    found = trends(result.step.patient_id, [f"lab.{code}.value" for code in codes])
    return [
        (vocabulary().analytes[path.split(".")[1]], spark(points), told(points))
        for path, points in found.items()
        if len(points) > 1
    ]


def told(points):
    """Newest first: (day, value, change, limits, flag, point) as a table prints them."""
    return [
        (
            point.on,
            limits.plain(point.value),
            _change(point.change),
            between(point.low, point.high),
            point.flag,
            point,
        )
        for point in reversed(points)
    ]


def _change(number):
    if number is None:
        return ""
    return f"+{limits.plain(number)}" if number > 0 else limits.plain(number)
