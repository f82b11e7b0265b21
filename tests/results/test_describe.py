"""Two versions of a report side by side."""

from results import describe
from results.labs.models import LabResult, LabValue


def report(*values):
    rows = [LabValue(analyte=code, value_num=number, unit="U/L") for code, number in values]
    return LabResult(status="final").with_rows(values=rows)


def test_a_test_done_twice_stays_two_lines():
    old, new = report(("ck", 300), ("ck", 900)), report(("ck", 300), ("ck", 90))
    changed = [(pair.old, pair.new) for pair in describe.pairs(old, new) if pair.changed]
    assert changed == [("900 U/L", "90 U/L")]


def test_a_line_that_went_stands_with_its_table():
    old = report(("ck", 300), ("ast", 40))
    old.comment = new_comment = "fasting"
    new = report(("ck", 300))
    new.comment, new.report_text = new_comment, "phoned"
    pairs = describe.pairs(old, new)
    assert [pair.group for pair in pairs] == sorted(
        (pair.group for pair in pairs), key=lambda group: group != ""
    )
    [gone] = [pair for pair in pairs if not pair.new]
    assert (gone.group, gone.old) == ("Values", "40 U/L")
