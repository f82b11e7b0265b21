"""Rows of the worklist as HTML. Their template is drawn once, with the names of what differs from

row to row in braces, and filled in for each: to draw it fifty times costs as much as all the rest
of the page. For the same reason what has to be escaped is escaped all at once.
"""

from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

ROW, GROUP = "workflows/_worklist_row.html", "workflows/_worklist_group.html"
MARKS = ["modality", "prio", "stage", "due"]  # HTML that was drawn already
TEXTS = [
    *("step", "tick", "case", "name", "mrn", "age_sex", "label", "owner", "initials", "ordered"),
    *("days", "attention", "note"),
]
AVATAR = '<span class="nt-avatar" aria-hidden="true">{}</span>'
ATTENTION = '<span class="d-block fs-xs text-3">{}</span>'
EXPECTED = '<span class="nt-expected" id="expected-{}"></span>'
BETWEEN = "\0"  # no text out of PostgreSQL holds it


def drawn(rows, columns, numbers) -> SafeString:
    """Rows of a page of `worklist`, a line above each group; columns: names that are shown.

    numbers: {heading of a group: how many rows it has on all pages}, where that is known.
    """
    fill = _row(tuple(columns)).format_map
    lines = []
    for n, (row, texts) in enumerate(zip(rows, _escaped(rows), strict=True)):
        if heading := row["heading"]:
            there = f" · {numbers[heading]}" if heading in numbers else ""
            lines.append(_group(heading).format(there))
        lines.append(fill(_cells(row, texts) | {"on": "" if n else "data-on"}))
    return mark_safe("".join(lines))  # noqa: S308 - escaped below, or marks


@lru_cache(64)
def _row(columns):
    return render_to_string(ROW, {"columns": columns})


@lru_cache(8)
def _group(heading):
    return render_to_string(GROUP, {"heading": heading})


def _escaped(rows):
    """{name: text that may stand in HTML} of each row."""
    texts = escape(BETWEEN.join(row[name] for row in rows for name in TEXTS)).split(BETWEEN)
    width = len(TEXTS)
    return [
        dict(zip(TEXTS, texts[n * width : (n + 1) * width], strict=True)) for n in range(len(rows))
    ]


def _cells(row, texts):
    return texts | {
        **{name: row[name] for name in MARKS},
        "avatar": _mark(AVATAR, texts["initials"]),
        "attention": _mark(ATTENTION, texts["attention"]),
        "expected": _mark(EXPECTED, row["awaits"] and texts["step"]),
    }


def _mark(html, text):
    return html.format(text) if text else ""
