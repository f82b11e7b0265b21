"""Forms that belong to no modality."""

from django import forms


class RetractForm(forms.Form):
    correction_reason = forms.CharField(
        label="Why is this report taken back?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why: wrong patient, wrong test, sample mixed up."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
