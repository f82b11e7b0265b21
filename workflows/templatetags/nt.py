"""The look's small parts as tags: a stage, a due day, a flag, the doors."""

from datetime import datetime
from functools import cache, lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from patients import ages
from workflows import look
from workflows.definitions import doors_of
from workflows.say import fact_label, fact_value

register = template.Library()
PRELIM = "Preliminary, may change"
ICON = '<i class="bi bi-{}" aria-hidden="true"></i>'


def _today():
    return timezone.localdate()


@register.simple_tag
@lru_cache(256)
def fixed(name, **values):
    """A template that knows nothing but these values (hashable): drawn once a process for each."""
    return mark_safe(render_to_string(name, values))  # noqa: S308 - a template of ours


@register.simple_tag
@lru_cache(256)
def options(choices, chosen, empty):
    """The options of a filter; choices: ((value, label), ...), empty: the word for any of them."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        (
            (value, mark_safe(" selected") if value == chosen else "", label)
            for value, label in (("", empty), *choices)
        ),
    )


@register.simple_tag
@cache
def stage(code):
    word, icon = look.STAGES[code]
    return format_html(
        '<span class="nt-stage k-{}">' + ICON + "<span>{}</span></span>", code, icon, word
    )


@register.simple_tag
def due(step, what=""):
    """The due day of a step as words; late in red, soon in amber."""
    return due_mark(*look.due_text(step.due_on, _today(), what, waiting=step.stage == "waiting"))


@lru_cache(1024)
def due_mark(kind, words):
    if kind == "late":
        return format_html(
            '<span class="nt-late">' + ICON + "{}</span>", "exclamation-diamond-fill", words
        )
    if kind == "soon":
        return format_html(
            '<span class="nt-due nt-due--soon">' + ICON + "{}</span>", "hourglass-bottom", words
        )
    return format_html('<span class="nt-due">{}</span>', words)


@register.simple_tag
@lru_cache(64)
def modality(code):
    label, icon = look.MODALITIES.get(code, (code, "circle"))
    mark = (
        format_html(ICON, icon)
        if icon
        else mark_safe('<span class="nt-helix" aria-hidden="true"></span>')
    )
    return format_html(
        '<span class="nt-mod" title="{}">{}<span class="visually-hidden">{}</span></span>',
        label,
        mark,
        label,
    )


@register.simple_tag
@cache
def prio(code):
    word, icon = look.URGENCIES[code]
    return format_html('<span class="nt-prio nt-prio--{}">' + ICON + "{}</span>", code, icon, word)


@register.simple_tag
def flag(code):
    if code not in look.FLAGS:
        return ""
    word, icon = look.FLAGS[code]
    return format_html('<span class="nt-flag nt-flag--{}">' + ICON + "{}</span>", code, icon, word)


@register.simple_tag
def preliminary(status):
    """The mark of a report that may still change; every place that shows one bears it."""
    if status != "preliminary":
        return ""
    return format_html('<span class="nt-prelim">' + ICON + "{}</span>", "hourglass-split", PRELIM)


@register.simple_tag
def doors(step):
    """How far a test came, as dashes: passed, next, later."""
    names = doors_of(step)
    passed = [name for name in names if _passed(step, name)]
    classes = [
        "is-on" if name in passed else "is-next" if name == step.door else "" for name in names
    ]
    said = look.DOORS[passed[-1]][0].lower() if passed else "none"
    return format_html(
        '<span class="nt-doors" role="img" aria-label="{} of {} doors passed: {}">{}</span>',
        len(passed),
        len(names),
        said,
        format_html_join("", '<b class="{}"></b>', ((name,) for name in classes)),
    )


def _passed(step, door):
    return bool(step.performed_on if door == "performed" else getattr(step, f"{door}_at"))


@register.simple_tag
def avatar(user):
    """Initials and short name of a person; a pool is called by its role."""
    if user is None:
        return ""
    return format_html(
        '<span class="d-inline-flex align-items-center gap-1 nowrap">'
        '<span class="nt-avatar" aria-hidden="true">{}</span>{}</span>',
        user.initials,
        user.short_name,
    )


@register.filter
def day(value):
    """24 Nov, 24 Nov 2025, today, yesterday; an instant is read in local time."""
    if not value:
        return "–"
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return look.day_text(value, _today())


@register.filter
def partial(value):
    """2024, Mar 2024, 24 Nov: no more than is known of a partial date."""
    return look.partial_text(value, _today())


@register.filter
def when(value):
    """today 10:42, 24 Nov 10:42."""
    if not value:
        return "–"
    return f"{day(value)} {timezone.localtime(value):%H:%M}"


@register.filter
def moment(value):
    """An appointment: today 10:42, or today where only its day is known."""
    return look.moment_text(timezone.localtime(value), _today()) if value else "–"


@register.filter
def is_over(instant):
    """Whether the day of an instant has passed."""
    return timezone.localtime(instant).date() < _today()


@register.filter
def age(patient):
    return ages.in_words(patient.age_years(_today())) or "age not known"


@register.filter
def sex_letter(patient):
    return look.SEX[patient.sex]


@register.filter
def mrn(patient):
    """The record number of a patient, read with her or from prefetched identifiers; – if none."""
    if hasattr(patient, "record_number"):
        return patient.record_number or "–"
    return next((each.value for each in patient.identifiers.all() if each.system == "MRN"), "–")


@register.filter
def message_id(message):
    return message.get("Message-ID", "")


@register.simple_tag
def stage_word(code):
    return look.STAGES[code][0]


@register.simple_tag
def act_word(step):
    """What the button of a row says: the act of its next door."""
    word = {"to_book": "Book…", "booked": "Record", "on_hold": "Open"}.get(step.stage)
    return word or look.DOORS[step.door][2] if step.door else "Open"


@register.simple_tag
def fact(path, value):
    """A fact in words: “Creatine kinase, × upper limit: 60”."""
    return format_html("{}: {}", fact_label(path), fact_value(path, value))


@register.simple_tag
def fact_is(path, value):
    """The value of a fact in words."""
    return fact_value(path, value)


@register.simple_tag
def fact_name(path):
    return fact_label(path)


@register.simple_tag
def days_since(day):
    return (_today() - day).days


@register.simple_tag
def banner_diagnosis(case):
    """The surest diagnosis of a case that is not an exclusion; else that there is none yet."""
    known = getattr(case, "known_diagnoses", None)  # where the page has read them already
    if known is None:
        known = case.diagnoses.current().order_by("-set_at")
    found = next((each for each in known if each.certainty != "excluded"), None)
    return f"{found.label}, {found.get_certainty_display()}" if found else "not yet known"
