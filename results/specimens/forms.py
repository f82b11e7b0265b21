"""A new specimen, and the next move of one."""

from django import forms

from results.specimens.models import Kind, Move


def _moment(label):
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    field = forms.DateTimeField(label=label, widget=widget)
    field.error_messages |= {
        "required": "Write day and time.",
        "invalid": "Write day and time as 2026-11-24 10:30.",
    }
    return field


class SpecimenForm(forms.Form):
    label = forms.CharField(label="Label on the tube or block", max_length=60)
    kind = forms.ChoiceField(label="Kind", choices=Kind.choices)
    taken_at = _moment("Taken")
    place = forms.CharField(label="Where", max_length=120, required=False)


class MoveForm(forms.Form):
    move = forms.ChoiceField(
        label="What happened", choices=[each for each in Move.choices if each[0] != Move.TAKEN]
    )
    moved_at = _moment("When")
    place = forms.CharField(label="Where, or to whom", max_length=120, required=False)
    note = forms.CharField(label="Courier and number, or a note", max_length=300, required=False)
