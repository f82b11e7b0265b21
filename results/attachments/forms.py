"""Files beside a report, and why one is withdrawn."""

from django import forms
from django.core.exceptions import ValidationError

from patients.text import validate_visible
from results.attachments.models import megabytes
from results.attachments.upload import is_cut_off, kind_of, most_bytes

ACCEPTED = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; each refused one is named with what was expected."""

    def __init__(self, **options):
        super().__init__(widget=FilesInput(attrs={"accept": ACCEPTED}), **options)

    def clean(self, value, initial=None):
        files = value or []
        if self.required and not files:
            raise ValidationError(self.error_messages["required"])
        wrong = [sentence for file in files for sentence in _refusals(file)]
        if wrong:
            raise ValidationError(wrong)
        return files


def _refusals(file):
    """What is wrong with one file; nothing is read but its ends."""
    name, kind = file.name, kind_of(file)
    try:
        validate_visible(name)
    except ValidationError:
        yield "The name of a file holds a character that cannot be shown: rename it first."
        return
    if not file.size:
        yield f"“{name}” is empty: choose another file."
    elif kind is None:
        yield f"“{name}” is no PDF, PNG or JPEG, whatever its name says: attach one of these."
    if file.size > most_bytes():
        limit = megabytes(most_bytes())
        yield f"“{name}” has {megabytes(file.size)}: at most {limit} can be attached."
    elif kind and is_cut_off(file, kind):
        yield f"“{name}” is cut off, its end is missing: copy it again."


class AttachForm(forms.Form):
    attach = FilesField(
        label="Attach files",
        required=False,
        error_messages={"required": "Choose a file first."},
    )

    def __init__(self, data=None, files=None, *, required=False):
        super().__init__(data, files)
        self.fields["attach"].required = required
        self.fields[
            "attach"
        ].help_text = f"PDF, PNG or JPEG, at most {megabytes(most_bytes())} each"


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label="Why is this file withdrawn?",
        max_length=300,
        validators=[validate_visible],
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why: wrong patient, not readable, attached twice."},
    )
