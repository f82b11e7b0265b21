"""Unsaved copies of what is on record: a correction begins as one."""

NOT_COPIED = (
    "id",
    "clinic",
    "step",
    "replaces",
    "status",
    "correction_reason",
    "recorded_by",
    "recorded_at",
    "reported_on",  # each version is a report with a date of its own
)


def copy_of_result(result):
    """Its typed columns, those without a place in a form included; no rows."""
    return _copy(result, NOT_COPIED)


def copy_of(row):
    """One row, so that what a form does not show is kept."""
    return _copy(row, ("id", "result", "clinic"))


def draft_of(result):
    """The result with all its rows, ready to be changed and recorded in its place."""
    rows = {name: [copy_of(row) for row in result.rows(name)] for name in result.ROWS}
    return copy_of_result(result).with_rows(**rows)


def _copy(row, without):
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in without
    }
    return type(row)(**kept)
