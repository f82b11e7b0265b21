"""Rows of the worklist as HTML. Its template is drawn once for a page, with the names of what

differs from row to row in braces, and filled in for each: to draw it fifty times costs as much as
all the rest of the page.
"""

from html import escape

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

TEMPLATE = "workflows/_worklist_row.html"


def drawn(rows, columns) -> list[tuple[str, SafeString]]:
    """(heading above it or "", HTML) of rows of `worklist.page`; columns: names that are shown."""
    html = render_to_string(TEMPLATE, {"columns": columns})
    return [
        (row["heading"], mark_safe(html.format_map(_escaped(row, first=not n))))  # noqa: S308
        for n, row in enumerate(rows)
    ]


def _escaped(row, *, first):
    words = {
        name: value if isinstance(value, SafeString) else escape(str(value))
        for name, value in row.items()
    }
    return words | {
        "on": "data-on" if first else "",
        "avatar": _mark('<span class="nt-avatar" aria-hidden="true">{}</span>', row["initials"]),
        "attention": _mark('<span class="d-block fs-xs text-3">{}</span>', row["attention"]),
        "expected": _mark(
            '<span class="nt-expected" id="expected-{}"></span>', row["awaits"] and row["step"]
        ),
    }


def _mark(html, value):
    return format_html(html, value) if value else ""
