"""What is filled into a row is text: it cannot become markup, nor a name of another cell."""

from workflows.rows import drawn
from workflows.worklist import OPTIONAL

ROW = dict.fromkeys(
    [
        "heading",
        "id",
        "step",
        "tick",
        "case",
        "name",
        "mrn",
        "age_sex",
        "label",
        "modality",
        "prio",
        "stage",
        "owner",
        "initials",
        "ordered",
        "days",
        "due_kind",
        "due",
        "awaits",
        "attention",
        "note",
    ],
    "",
)


def test_words_of_a_patient_are_escaped_wherever_they_stand():
    nasty = '"><script>alert(1)</script>{mrn}{0}'
    html = drawn([ROW | {"name": nasty, "note": nasty, "mrn": "secret"}], list(OPTIONAL), {})
    assert "<script" not in html
    assert html.count("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;{mrn}{0}") == 4
    assert html.count("secret") == 1


def test_columns_that_are_not_wished_are_not_there():
    rows = [ROW | {"owner": "N Hendriks", "days": "7"}] * 2
    html = drawn(rows, ["days"], {})
    _, first, second = html.split("<tr ")
    assert "N Hendriks" not in html
    assert '<td class="nt-nosm num">7</td>' in first
    assert ("data-on" in first, "data-on" in second) == (True, False)


def test_a_group_is_headed_once_and_the_first_row_is_the_one_that_keys_move():
    rows = [ROW | {"heading": "Overdue"}, ROW, ROW | {"heading": "Later, or no date yet"}]
    html = drawn(rows, [], {"Overdue": 65})
    assert html.count("Overdue") == html.count("nt-group--late") == 1
    assert html.index("Overdue") < html.index("data-on") < html.index("Later")
    assert html.count("data-on") == 1
    assert "Overdue · 65<" in html
    assert "no date yet<" in html, "where the number is not known there is none"
    assert drawn([], [], {}) == ""
