"""The form that records a result: typed fields in sections, tables, and what the step asked for."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.utils import timezone

from clinical.engine import Door
from clinical.vocabulary import vocabulary
from patients.partial import check_lifetime, of_day
from results import describe, fields
from results.base import Status
from results.copies import copy_of_result
from workflows.definitions import doors_of

PLUMBING = ("performed_on", "performed_at_place", "reported_on", "status", "comment")
OFFERED = {  # filled in before anybody typed, or of the report itself
    "performed_on",
    "reported_on",
    "performed_at_place",
    "also_done",
    "tests",
    "protocols",
    "ncs_sets",
    "emg_sets",
    "special_tests",
    "tissue",
}


@dataclass(frozen=True)
class Section:
    """Fields and tables under one heading. `always`: shown open even if the step asks for none.

    note: template of what is said above them; it knows the `form`.
    """

    title: str
    fields: tuple[str, ...] = ()
    grids: tuple[type, ...] = ()
    always: bool = False
    note: str = ""


class RecordForm(forms.ModelForm):
    """One modality's form. `standing` is the result on record, if there is one."""

    SECTIONS = ()
    CHOICES = {}  # column → choices of one code
    STRIPS = {}  # the same, as a row of buttons
    CODES = {}  # column → choices of several codes
    CAN_BE_NONE = ()  # those of CODES for which "there is none" is an answer
    PREFIXES = ()  # captures with these prefixes have a field of their own
    PERFORMED = "Done on"  # label of the day
    PLACE = True  # done in a laboratory or department
    CAPTURE_OF = {}  # column → code of the capture, where the names differ

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    also_done = forms.MultipleChoiceField(
        label="Also done in this step", required=False, widget=fields.Ticks
    )
    correction_reason = forms.CharField(
        label="Why is this report corrected?", required=False, max_length=300
    )

    class Meta:
        formfield_callback = fields.plain
        fields = PLUMBING

    def __init__(self, data=None, *, step, standing=None, correcting=False):
        self.step, self.standing, self.correcting = step, standing, correcting
        self.asked = [
            atom for capture in step.captures for atom in vocabulary().expand_capture(capture)
        ]
        super().__init__(data, instance=self._start(), initial={"version": step.version})
        self._common_fields()
        self._coded_fields()
        self.grids = {grid: grid(self) for section in self.SECTIONS for grid in section.grids}
        for grid in self.grids.values():
            cells = grid.fields()
            grid.names = list(cells)
            self.fields.update(cells)
            self.initial.update(grid.initial())
        if standing is None:
            self.initial.update(self.first_guess())

    def _start(self):
        """A new row that begins as a copy of what stands, fields without a place here included."""
        if self.standing is None:
            return self._meta.model()
        return copy_of_result(self.standing)

    def first_guess(self):
        """Initial values of a first report."""
        return {}

    def _common_fields(self):
        day = self.fields["performed_on"]
        day.label = self.PERFORMED
        day.required, day.error_messages["required"] = True, "Write the day it was done."
        if self.standing is None:
            self.initial["performed_on"] = self.step.performed_on or timezone.localdate()
        if not self.PLACE:
            del self.fields["performed_at_place"]
        self.fields["status"] = forms.ChoiceField(
            label="Report",
            choices=[(Status.FINAL, "final"), (Status.PRELIMINARY, "preliminary")],
            widget=fields.Segments,
            initial=Status.FINAL,
        )
        self.initial["status"] = Status.FINAL
        if self.correcting:
            del self.fields["status"]
            why = self.fields["correction_reason"]
            why.required = True
            why.error_messages["required"] = "Say why this report is corrected."
        else:
            del self.fields["correction_reason"]
        self._own_date()
        self._also_done()

    def _own_date(self):
        """What is recorded by who did it (history, exam, decisions) is no report of another day."""
        if Door.ORDERED not in doors_of(self.step):
            del self.fields["reported_on"]
            return
        said = "Empty: the day on which you enter it."
        if self.standing and self.standing.reported_on:
            said += f" The earlier report: {self.standing.reported_on:%-d %B %Y}."
        self.fields["reported_on"].help_text = said

    def _also_done(self):
        kept = (self.standing.also_done if self.standing else None) or []
        codes = list(dict.fromkeys([*self.also_choices(), *kept]))
        if codes:
            book = vocabulary()
            self.fields["also_done"].choices = [(c, book.capture_label(c)) for c in codes]
            self.initial["also_done"] = kept
        else:
            del self.fields["also_done"]

    def also_choices(self):
        """Captures of the step that have no field here: they are ticked off."""
        return [capture for capture in self.asked if not self.has_place_for(capture)]

    def has_place_for(self, capture):
        return capture.partition(":")[0] in self.PREFIXES

    def asked_codes(self, prefix):
        return [code for kind, _, code in (c.partition(":") for c in self.asked) if kind == prefix]

    def _coded_fields(self):
        for strip, table in ((False, self.CHOICES), (True, self.STRIPS)):
            for name, choices in table.items():
                label = self.fields[name].label
                self.fields[name] = fields.choice(label, choices, strip=strip)
        for name, choices in self.CODES.items():
            label = self.fields[name].label
            none = "none of these" if name in self.CAN_BE_NONE else ""
            self.fields[name] = fields.CodesField(
                label=label, choices=choices, none_label=none, required=False
            )

    def clean(self):
        """Make the rows; what the database would refuse is refused here in words, unqueried."""
        day = self.cleaned_data.get("performed_on")
        self.check_lifetime("performed_on", of_day(day))
        self._check_own_date(self.cleaned_data.get("reported_on"), day)
        self.rows = {}
        for grid in self.grids.values():
            self.rows.setdefault(grid.relation, []).extend(grid.build())
        return self.cleaned_data

    def _check_own_date(self, reported, day):
        self.check_lifetime("reported_on", of_day(reported))
        if reported and day and reported < day and "reported_on" not in self.errors:
            self.add_error("reported_on", f"The test it reports was done on {day:%-d %B %Y}.")

    def check_lifetime(self, name, when):
        """Refuse, beside the field, a date before the birth or after today."""
        try:
            check_lifetime(when, birth=self.step.patient.birth, today=timezone.localdate())
        except ValidationError as refusal:
            self.add_error(name, refusal)

    def full_clean(self):
        super().full_clean()
        for name in self.errors:
            if name in self.fields:
                attrs = self.fields[name].widget.attrs
                attrs["class"] = f"{attrs.get('class', '')} is-invalid".strip()

    def mark_taken(self, name):
        """Show that this answer is of an earlier visit; ticks are told by the line above them."""
        field = self.fields[name]
        field.taken = True
        if not isinstance(field.widget, forms.CheckboxSelectMultiple):
            attrs = field.widget.attrs
            attrs["class"] = f"{attrs.get('class', '')} nt-taken".strip()

    def unjudged(self):
        """Show the fields as they were typed; nobody asked yet whether they are right."""
        self._errors = ErrorDict()
        return self

    def draft(self):
        """The unsaved result with its rows, after is_valid()."""
        self.instance.also_done = self.cleaned_data.get("also_done") or None
        return self.instance.with_rows(**self.rows)

    def _post_clean(self):
        super()._post_clean()
        if not self.errors and self._is_empty():
            self.add_error(None, "Nothing is filled in yet: a report says something.")

    def _is_empty(self):
        """Is there no answer beyond what the form itself had filled in?"""
        if any(self.rows.values()) or self.cleaned_data.get("also_done"):
            return False
        answered = {entry.key for entry in describe.entries(self.instance.with_rows(**self.rows))}
        return answered <= OFFERED

    # for templates
    def sections(self):
        """[(section, fields, tables, open?)]: what was asked for, answered or refused is open."""
        shown = []
        for section in self.SECTIONS:
            bound = [self[name] for name in section.fields if name in self.fields]
            grids = [self.grids[grid] for grid in section.grids if self.grids[grid].lines]
            if bound or grids:
                shown.append((section, bound, grids, self._is_open(section, bound, grids)))
        return shown

    def _is_open(self, section, bound, grids):
        asked = {code for _, _, code in (c.partition(":") for c in self.asked)}
        names = {self.CAPTURE_OF.get(field.name, field.name) for field in bound}
        return (
            section.always
            or bool(names & asked)
            or any(field.errors or field.value() not in (None, "", []) for field in bound)
            or any(grid.has_errors or grid.is_filled or grid.is_taken for grid in grids)
        )

    def problems(self):
        """[(id of the field, label, sentence)] for the alert on top of a refused form."""
        found = []
        for name, messages in self.errors.items():
            if name in self.fields:
                bound = self[name]
                found.append((bound.id_for_label or bound.auto_id, bound.label, messages[0]))
        return found
