"""What a folder tells the registry about its modality."""

from dataclasses import dataclass

from django.utils.module_loading import import_string

from clinical.vocabulary import in_sentence


@dataclass(frozen=True)
class Modality:
    """`model` is the Result; `form` names the record form's class, loaded when a page needs it."""

    code: str
    label: str
    icon: str
    model: type
    form_path: str
    record_template: str = "results/_sections.html"
    wide: bool = False
    scripts: tuple[str, ...] = ()
    detail_template: str = ""  # what its report shows beside the lines, if anything
    detail_path: str = ""  # names the function (result, user) → `beside` of that template
    shown_apart: tuple[str, ...] = ()  # tables of rows that this template shows
    reading_template: str = ""  # what the form's reading() says while it is filled in, if anything
    wide_detail: bool = False

    @property
    def name(self):
        """The label inside a sentence."""
        return in_sentence(self.label)

    def beside(self, result, user):
        """What the detail template needs beside the result."""
        return import_string(self.detail_path)(result, user) if self.detail_path else None

    @property
    def form(self):
        return import_string(self.form_path)
