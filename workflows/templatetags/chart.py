"""What stands many times on a chart: stations of the path, results, moments of the timeline."""

from functools import cache

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from workflows import look
from workflows.filled import filled
from workflows.templatetags import nt

register = template.Library()
STEP = '<a href="/steps/{}/">{}</a>: '
WHO = '<span class="text-3 fs-xs"> · {}</span>'
LINE = '<p class="mb-1">{}</p>'
REASON = '<div class="nt-rule mt-2"><p>{}</p>{}</div>'
SOURCE = f'<p><span class="nt-src">{nt.ICON.format("book")}{{}}</span></p>'


@register.simple_tag
def moments(found):
    """Lines of the timeline."""
    today = timezone.localdate()
    return filled("workflows/_moment.html", (_moment(each, today) for each in found))


def _moment(moment, today):
    step = moment.step
    return {
        "mark": moment.mark and format_html(' class="is-{}"', moment.mark),
        "when": moment.when,
        "day": look.partial_text(moment.when, today),
        "step": format_html(STEP, step.pk, step.label) if step else "",
        "what": moment.what,
        "who": moment.who and format_html(WHO, moment.who),
    }


@register.simple_tag
def stations(found):
    """Stations of the path twice: as points of the picture, and one below the other for a phone."""
    cells = [_cells(each) for each in found if each.step]
    return {
        "wide": filled("workflows/_station.html", cells),
        "narrow": filled("workflows/_vstation.html", cells),
    }


def _cells(station):
    step = station.step
    kind = "is-done" if step.stage == "done" else "is-branch" if station.column > 1 else ""
    return {
        "column": station.column,
        "row": station.row,
        "kind": kind and format_html(' class="{}"', kind),
        "stage": step.stage,
        "key": step.pk,
        "label": step.label,
        "icon": _icon(step.stage),
        "word": nt.stage_word(step.stage),
        "line": _line(step),
        "why": _why(step),
    }


@cache
def _icon(stage):
    return format_html(nt.ICON, look.STATION_ICONS.get(stage, look.STAGES[stage][1]))


def _line(step):
    """One line under a station: how late its next door is, or when it was closed."""
    if step.is_open:
        what = look.DOORS[step.door][1] if step.door else ""
        waiting = step.stage == "waiting"
        kind, words = look.due_text(step.due_on, timezone.localdate(), what, waiting=waiting)
        if kind == "late":
            return nt.due_mark(kind, words)
        return format_html("<small>{}</small>", words if step.due_on else "waits")
    closed = step.told_at or step.reviewed_at or step.ended_at or step.reported_on
    return format_html("<small>{}</small>", nt.day(closed) if closed else "only if a rule asks")


def _why(step):
    """What stands behind a station: how far it is, what was said, and which rules hold."""
    said = (step.summary, step.ended_reason, step.hold_reason and f"Held: {step.hold_reason}")
    reasons = ((each["text"], _source(each.get("source"))) for each in step.because)
    return format_html(
        '<p class="d-flex align-items-center gap-2 mb-1">{}{}</p>{}{}',
        nt.stage(step.stage),
        nt.due(step) if step.is_open else "",
        format_html_join("", LINE, ((text,) for text in said if text)),
        format_html_join("", REASON, reasons),
    )


def _source(text):
    return format_html(SOURCE, text) if text else ""


@register.simple_tag
def reports(steps):
    """Lines of the results."""
    return filled("workflows/_result.html", (_report(each) for each in steps))


def _report(step):
    waits = step.stage in ("to_review", "to_tell")
    return {
        "modality": nt.modality(step.modality),
        "label": step.label,
        "key": step.pk,
        "summary": step.summary or "Report",
        "on": nt.day(step.performed_on),
        "status": _status(step.result_status),
        "mark": nt.stage(step.stage) if waits else nt.flag(step.flag),
    }


def _status(status):
    if status == "preliminary":
        return format_html(" {}", nt.preliminary(status))
    return {"corrected": " · corrected", "entered_in_error": " · entered in error"}.get(status, "")
