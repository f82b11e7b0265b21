"""A laboratory changed its mind about a variant: the report is reviewed and told again."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from clinical.vocabulary import vocabulary
from results import fields
from results.copies import draft_of
from results.services import correct_result, current_result


@transaction.atomic
def reclassify(step, position, *, acmg, because, on, review_on, conclusion, by, at, version):
    """Give the variant at `position` of the step's report another ACMG class.

    The report becomes a corrected one, which opens review and telling again: the patient is
    contacted. on: day of the laboratory's letter. conclusion: what the whole report says now.
    Raises ValidationError, writing nothing, like correct_result.
    """
    standing = current_result(step)
    if standing is None:
        raise ValidationError("There is no report to correct yet.")
    draft = draft_of(standing)
    variant = draft.rows("variants")[position]
    if acmg == variant.acmg:
        raise ValidationError({"acmg": "This is the class that it has already."})
    reason = f"{variant.short}: {_name(variant.acmg)} before, {_name(acmg)} now. {because}"
    variant.acmg_before, variant.acmg = variant.acmg, acmg
    variant.reclassified_on, variant.reclassified_because = on, because
    variant.review_on = review_on if acmg == "VUS" else None
    draft.result_summary, draft.reported_on = conclusion, on
    return correct_result(step, draft, reason=reason[:300], by=by, at=at, version=version)


def _name(acmg):
    return vocabulary().acmg.get(acmg, "no class").lower()


class ReclassifyForm(forms.Form):
    acmg = forms.ChoiceField(label="Class now")
    on = fields.PastDateField(label="Date of the laboratory’s letter")
    because = forms.CharField(
        label="Why it changed",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what the new class rests on."},
    )
    conclusion = forms.ChoiceField(label="Conclusion of the whole report now")
    review_on = fields.coming_day("Look again on")
    version = forms.IntegerField(widget=forms.HiddenInput)
    asked_as = {"reported_on": "on"}

    def __init__(self, *args, variant, conclusion, **options):
        super().__init__(*args, **options)
        book = vocabulary()
        self.fields["acmg"].choices = [
            ("", "choose…"),
            *((code, name) for code, name in book.acmg.items() if code != variant.acmg),
        ]
        self.fields["conclusion"].choices = list(book.enums["genetic_result_summary"].items())
        self.initial.setdefault("conclusion", conclusion)

    def clean(self):
        data = super().clean()
        if data.get("acmg") == "VUS" and not data.get("review_on"):
            self.add_error("review_on", "An uncertain variant needs a day to look at it again.")
        return data
