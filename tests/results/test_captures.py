"""Every capture of every step of every pathway: typed, stored, a fact, and shown."""

import html as markup
import re

import pytest
from django import forms
from django.utils import timezone

from clinical.pathways import pathways
from clinical.vocabulary import plain_unit, vocabulary
from results import fields
from results.registry import MODALITIES
from results.services import current_result
from workflows import services as workflow

STEPS = [step for pathway in pathways().values() for step in pathway.steps]
LISTED = ("tests", "protocols", "ncs_sets", "emg_sets", "special_tests", "tissue")
TYPED = {"titre": "1:160", "qualitative": "positive", "text": "seen", "numeric": "7"}
FACT_OF = {"lab": "lab.{}.flag", "scale": "scale.{}.total", "card": "card.{}"}
BY_HAND = {  # field or line → what is typed, where no rule of thumb gives it
    "onset": "2024-03",
    "temperature_c": "33",
    "pedigree_note": "mother and her brother",
    **dict.fromkeys(("biceps_reflex", "brachioradialis_reflex", "triceps_reflex"), "2"),
    **dict.fromkeys(("finger_flexor_reflex", "knee_reflex", "ankle_reflex"), "2"),
}
SKIPPED = ("note", "up_to", "comment", "_why")
CONCLUDED = {"conclusion": "Seen", "result_summary": "negative", "report_text": "Seen"}


def step_for(case, doctor, definition):
    return workflow.add_step(
        case,
        code=f"walk_{definition.code}",
        label=definition.label,
        modality=definition.modality,
        captures=list(definition.captures),
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )


class Typist:
    """Fills a form so that each capture is answered; remembers what must be read afterwards."""

    def __init__(self, form):
        self.form, self.posted, self.shown = form, {}, set()
        for capture in form.asked:
            self.answer(capture)
        for name, words in CONCLUDED.items():
            if name in form.fields:
                self.posted.setdefault(name, words)
        if "counselled_on" in self.posted:
            self.posted["consent"] = "given"

    def answer(self, capture):
        prefix, _, code = capture.partition(":")
        self._columns(code)
        self._lists(code)
        for grid in self.form.grids.values():
            for line in grid.lines:
                if self._belongs(grid, line, prefix, code):
                    self._line(grid, line)
        ticks = dict(getattr(self.form.fields.get("also_done"), "choices", ()))
        if capture in ticks:
            self.posted.setdefault("also_done", []).append(capture)
            self.shown.add(ticks[capture])

    def _belongs(self, grid, line, prefix, code):
        members = vocabulary().strength_sets.get(code)
        if members and grid.prefix == "strength":
            return line.code in members.members
        if prefix in ("ncs", "emg"):
            sets = vocabulary().ncs_sets if prefix == "ncs" else vocabulary().emg_sets
            inside = sets.get(code)
            named = (*inside.members, *getattr(inside, "sensory", ())) if inside else ()
            return any(line.code.startswith(one) for one in named)
        return line.code == code

    def _columns(self, code):
        for name, field in self.form.fields.items():
            if self.form.CAPTURE_OF.get(name, name) == code and "-" not in name:
                self._type(name, field)
                self.shown.add(field.label)

    def _lists(self, code):
        for name in LISTED:
            choices = dict(getattr(self.form.fields.get(name), "choices", ()))
            if code in choices:
                if isinstance(self.form.fields[name], forms.MultipleChoiceField):
                    self.posted.setdefault(name, []).append(code)
                else:
                    self.posted[name] = code
                self.shown.add(str(choices[code]))

    def _line(self, grid, line):
        if grid.prefix == "lab":
            analyte = vocabulary().analytes[line.code]
            name = grid.name(line, "value")
            words = getattr(self.form.fields[name], "choices", None)
            self.posted[name] = self._first(words) if words else TYPED[analyte.value_type]
            self.shown |= {analyte.label, plain_unit(analyte.unit)}
            return
        for column in grid.columns:
            name = grid.name(line, column)
            if name in self.form.fields and not column.endswith(SKIPPED):
                self._type(name, self.form.fields[name])
        self.shown.add(line.label.partition(",")[0])

    def _type(self, name, field):
        keys = (name, *name.split("-")[1:])
        self.posted[name] = next(
            (BY_HAND[key] for key in keys if key in BY_HAND), self._value(name, field)
        )

    def _value(self, name, field):
        choices = getattr(field, "choices", None)
        if isinstance(field, forms.MultipleChoiceField):
            return [next(code for code, _ in choices if code)]
        if isinstance(field, fields.YesNoField):
            return "true"
        if choices:
            return self._first(choices)
        if isinstance(field, forms.DateField):
            return timezone.localdate().isoformat()
        low, high = self.form.instance.LIMITS.get(name, (4, 6))
        return str((low + high) // 2)

    def _first(self, choices):
        return next(str(code) for code, _ in choices if code not in ("", None))


def offered(form):
    """What the browser sends back untouched: version, units, limits."""
    found = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in found.items() if value not in (None, "", [], {})}


def facts_expected(capture):
    prefix, _, code = capture.partition(":")
    path = FACT_OF.get(prefix, prefix + ".{}").format(code)
    if prefix == "lab":
        kind = vocabulary().analytes[code].value_type
        path = {"numeric": f"lab.{code}.value", "qualitative": path}.get(kind, "")
    return path if path in vocabulary().facts else None


@pytest.mark.parametrize("definition", STEPS, ids=[step.code for step in STEPS])
def test_what_a_step_asks_for_is_typed_stored_a_fact_and_shown(page, case, doctor, definition):
    step = step_for(case, doctor, definition)
    form = MODALITIES[definition.modality].form(step=step)
    typist = Typist(form)
    fixed = {"performed_on": timezone.localdate().isoformat(), "status": "final"}
    answer = page.post(f"/results/record/{step.pk}/", offered(form) | typist.posted | fixed)
    wrong = answer.context["form"].errors if answer.status_code != 302 else {}
    assert wrong == {}
    step.refresh_from_db()
    assert set(form.asked) <= set(step.captured)
    for capture in form.asked:
        path = facts_expected(capture)
        if path:
            assert path in step.facts, f"{capture} gives no {path}"
            assert vocabulary().facts[path].problem(step.facts[path]) is None
    assert current_result(step) is not None
    shown = markup.unescape(page.get(f"/results/step/{step.pk}/").content.decode())
    shown = re.sub(r"\s+", " ", shown).lower()
    missing = {words for words in typist.shown if words and words.lower() not in shown}
    assert missing == set()
