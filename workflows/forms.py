"""What an act asks for besides the click: a day, a reason, a person."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Membership, User
from clinical.pathways import pathways
from clinical.vocabulary import vocabulary
from patients.models import clinics_for
from patients.partial import PartialDateField
from patients.text import validate_visible
from workflows import look
from workflows.models.case import Urgency
from workflows.models.diagnosis import Certainty
from workflows.models.pause import Why
from workflows.models.step import ReviewOutcome
from workflows.services.additions import addable
from workflows.services.doors import TOLD_HOW


def _date(label, **kwargs):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


def _text(label, **kwargs):
    return forms.CharField(label=label, validators=[validate_visible], **kwargs)


def _needs(sentence):
    """What a field that was left empty says."""
    return {"error_messages": {"required": sentence}}


WHY = "Say why."
NOT_HERE = "Choose somebody who works in this clinic today."


class ActForm(forms.Form):
    """Each act carries the version that was shown, so that nobody is overwritten."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    asked_as = {}  # what a service refuses: the field in which it was asked for

    def __init__(self, *args, step, **kwargs):
        super().__init__(*args, **kwargs)
        self.step = step
        self.initial.setdefault("version", step.version)

    def values(self):
        return self.cleaned_data


class DatedForm(ActForm):
    """An act that may have been some days before it is entered."""

    on = _date("On", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class OrderForm(DatedForm):
    sent_to = _text("Laboratory or department", required=False, max_length=120)
    field_order = ["version", "sent_to", "on"]


class BookForm(ActForm):
    day = _date("Day", **_needs("Say on which day."))
    hour = forms.TimeField(
        label="Time",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Leave it empty where only the day is known.",
    )
    asked_as = {"booked_for": "day"}

    def values(self):
        data = self.cleaned_data
        zone = ZoneInfo(self.step.clinic.time_zone)
        booked_for = datetime.combine(data["day"], data["hour"] or time(0, 0), zone)
        return {"version": data["version"], "booked_for": booked_for}


class PerformForm(ActForm):
    performed_on = _date("Done, or sample taken, on")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("performed_on", timezone.localdate())


class AddStepForm(forms.Form):
    """A test that no pathway asks for now."""

    what = forms.ChoiceField(label="Test")
    urgency = forms.ChoiceField(choices=Urgency.choices, initial=Urgency.SOON)
    days = forms.IntegerField(label="Due in (days)", initial=14, min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", "choose…"), *_tests()]


def _tests():
    """Tests that can be asked for, by modality."""
    groups = {}
    for code, step in sorted(addable().items(), key=lambda item: item[1].label.casefold()):
        label, _ = look.MODALITIES[step.modality]
        groups.setdefault(label, []).append((code, step.label))
    return sorted(groups.items())


class ReviewForm(DatedForm):
    outcome = forms.ChoiceField(
        label="What follows", choices=ReviewOutcome.choices, widget=forms.RadioSelect
    )
    what = forms.ChoiceField(label="The new step", required=False)
    days = forms.IntegerField(label="Due in (days)", initial=14, min_value=0, required=False)
    note = _text("In words", required=False, max_length=500)
    on = _date("Read on", required=False)
    field_order = ["version", "outcome", "what", "days", "note", "on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = [("", "none, or as the pathway proposes"), *_tests()]

    def clean(self):
        data = super().clean()
        if data.get("what") and data.get("days") is None and "days" not in self.errors:
            self.add_error("days", "Say in how many days it is due.")
        if data.get("what") and data.get("outcome") not in (None, ReviewOutcome.STEPS):
            self.add_error("what", "A step is chosen: choose “A new step follows”, or no step.")
        return data


class TellForm(DatedForm):
    how = forms.ChoiceField(label="The patient was told", choices=list(TOLD_HOW.items()))
    field_order = ["version", "how", "on"]


class NotReachedForm(ActForm):
    how = forms.ChoiceField(label="It was tried", choices=list(TOLD_HOW.items()), initial="phone")
    until = _date("Next try on (no reminder until then)", required=False)


class LetterForm(DatedForm):
    how = forms.ChoiceField(label="The patients are told", choices=[("letter", "by letter")])
    field_order = ["version", "how", "on"]


class HoldForm(ActForm):
    until = _date("Until", **_needs("A hold needs a day on which it ends."))
    reason = _text("Why", max_length=300, **_needs("Say why this step is held."))


class NoteForm(ActForm):
    text = _text(
        "What whoever looks after it should know",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("text", self.step.note)


class SnoozeForm(ActForm):
    until = _date("No reminder until", required=False)
    reason = _text("Why", max_length=300, required=False)


class ReasonForm(ActForm):
    reason = _text("Why", max_length=300, **_needs(WHY))


class PlainForm(ActForm):
    pass


class AssignForm(ActForm):
    to = forms.ModelChoiceField(User.objects.none(), label="To", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        field.queryset = colleagues(self.step.clinic_id)
        field.label_from_instance = User.get_full_name
        field.empty_label = "nobody in particular: the responsible person or pool"
        field.error_messages["invalid_choice"] = NOT_HERE


class OfferForm(ActForm):
    to = forms.ModelChoiceField(User.objects.none(), label="Ask")
    note = _text("What they should know", required=False, max_length=300)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        _people(self.fields["to"], self.step.clinic_id)


class HandOverAllForm(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), label="Who leaves")
    to = forms.ModelChoiceField(User.objects.none(), label="Who is asked to take it all")
    note = _text("What they should know", required=False, max_length=300)

    def __init__(self, *args, clinic, **kwargs):
        super().__init__(*args, **kwargs)
        _people(self.fields["person"], clinic.pk, gone=True)
        _people(self.fields["to"], clinic.pk)

    def clean(self):
        data = super().clean()
        if data.get("person") and data.get("person") == data.get("to"):
            self.add_error("to", "Choose somebody else than the one who leaves.")
        return data


class AbsenceForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.none(), label="Who is away")
    deputy = forms.ModelChoiceField(User.objects.none(), label="Who stands in")
    starts_on = _date("First day away")
    ends_on = _date("Last day away")

    def __init__(self, *args, clinic, by, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("user", "deputy"):
            _people(self.fields[name], clinic.pk)
        self.initial.setdefault("user", by.pk)


class PauseForm(forms.Form):
    why = forms.ChoiceField(label="Why", choices=[("", "choose…"), *Why.choices])
    until = _date("Goes on on")
    note = _text("Note", required=False, max_length=300)


def _people(field, clinic_id, gone=False):
    """Choices of a field: who works in the clinic today; `gone`: who ever did."""
    field.queryset = (
        User.objects.filter(memberships__clinic_id=clinic_id)
        .distinct()
        .order_by("family_name", "given_name")
        if gone
        else colleagues(clinic_id)
    )
    field.label_from_instance = User.get_full_name
    field.empty_label = "choose…"
    words = "Choose somebody of the list." if gone else NOT_HERE
    field.error_messages |= {"invalid_choice": words, "required": "Choose somebody."}


def colleagues(clinic_id, role=None):
    """People who work in a clinic today."""
    today = timezone.localdate()
    found = User.objects.filter(is_active=True, memberships__clinic_id=clinic_id)
    found = found.filter(memberships__starts_on__lte=today).exclude(
        memberships__ends_on__lt=today, memberships__clinic_id=clinic_id
    )
    if role:
        found = found.filter(memberships__role=role)
    return found.distinct().order_by("family_name", "given_name")


def colleagues_of(user, role):
    """People who hold a role today in a clinic that the user sees."""
    here = Membership.objects.active(timezone.localdate()).filter(role=role)
    here = here.filter(clinic_id__in=clinics_for(user))
    found = User.objects.filter(is_active=True, pk__in=here.values("user"))
    return found.order_by("family_name", "given_name")


class CaseForm(forms.Form):
    """A referral: when, why, and who will carry it."""

    referral_on = _date("Referred on")
    reason = _text(
        "Reason for referral",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    symptoms = forms.MultipleChoiceField(
        label="Symptoms named in the referral",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    onset = PartialDateField(label="First symptom", required=False)
    urgency = forms.ChoiceField(choices=Urgency.choices, initial=Urgency.SOON)
    clinician = forms.ModelChoiceField(User.objects.none(), label="Responsible clinician")
    coordinator = forms.ModelChoiceField(
        User.objects.none(), required=False, empty_label="the pool of coordinators"
    )

    signs = forms.MultipleChoiceField(
        label="Signs named in the referral", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, clinic_id, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("referral_on", timezone.localdate())
        told, seen = [], []
        for each in vocabulary().phenotypes.values():
            (told if each.kind == "symptom" else seen).append((each.code, each.label))
        self.fields["symptoms"].choices, self.fields["signs"].choices = told, seen
        for name in ("clinician", "coordinator"):
            field = self.fields[name]
            field.queryset = colleagues(clinic_id, role=name)
            field.label_from_instance = User.get_full_name
            if field.queryset.filter(pk=by.pk).exists():
                self.initial.setdefault(name, by.pk)

    def values(self):
        data = dict(self.cleaned_data)
        data["symptoms"] = [*data["symptoms"], *data.pop("signs")]
        return data


class PathwayForm(forms.Form):
    pathway = forms.ChoiceField(label="Pathway")

    def __init__(self, *args, running=(), **kwargs):
        super().__init__(*args, **kwargs)
        known = pathways().values()
        self.fields["pathway"].choices = [
            (each.code, each.label) for each in known if each.code not in running
        ]


class DiagnosisForm(forms.Form):
    code = forms.ChoiceField(label="Disorder")
    certainty = forms.ChoiceField(choices=Certainty.choices, initial=Certainty.PROBABLE)
    basis = _text("What it rests on", max_length=500, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        groups = vocabulary().groups
        by_group = {}
        for each in vocabulary().disorders.values():
            by_group.setdefault(groups[each.group].label, []).append((each.code, each.label))
        self.fields["code"].choices = [("", "choose…"), *by_group.items()]


class TellDiagnosisForm(forms.Form):
    how = forms.ChoiceField(label="The patient was told", choices=list(TOLD_HOW.items()))


class CloseForm(forms.Form):
    """Every step that is still open has to be ticked by name."""

    reason = _text("Why the case is closed", max_length=300)
    not_needed = forms.MultipleChoiceField(
        label="No longer needed", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, steps, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["not_needed"].choices = [(str(step.pk), step.label) for step in steps]

    def clean_reason(self):
        reason = self.cleaned_data["reason"].strip()
        if not reason:
            raise ValidationError("Say why the case is closed.")
        return reason
