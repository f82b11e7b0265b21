"""Cells that one key filled: the reader sees what was tested and what was assumed."""

from django import forms


class Assumable:
    """A grid with one hidden field that names the cells "all others normal" filled."""

    @property
    def assumed_name(self):
        return f"{self.prefix}-assumed"

    def fields(self):
        hidden = forms.CharField(required=False, widget=forms.HiddenInput)
        return super().fields() | {self.assumed_name: hidden}

    def initial(self):
        filled = [self.name_of(row) for row in self.standing if row.assumed]
        return super().initial() | {self.assumed_name: " ".join(filled)}

    def name_of(self, row):
        """Name of the cell that holds a row."""
        raise NotImplementedError

    def mark_assumed(self, row, normal):
        """Assumed only while it still says what the key filled in."""
        named = (self.form.cleaned_data.get(self.assumed_name) or "").split()
        return normal and self.name_of(row) in named

    @property
    def assumed(self):
        return self.form[self.assumed_name]
