"""Table of functional scales: a total, a grade of words, or the items that give the total."""

from django import forms
from django.core.exceptions import ValidationError

from clinical.scores import item_sum
from clinical.vocabulary import vocabulary
from results import fields, limits
from results.grids import Grid, Line


class ItemField(fields.NumberField):
    """Points of one item."""

    def __init__(self, item, **options):
        self.item = item
        attrs = {"class": "nt-item", "autocomplete": "off", "inputmode": "numeric", "maxlength": 2}
        attrs |= {"data-least": item.minimum, "data-most": item.maximum}
        super().__init__(whole=True, required=False, widget=forms.TextInput(attrs=attrs), **options)

    def validate(self, value):
        super().validate(value)
        wrong = limits.sentence(value, self.item.minimum, self.item.maximum)
        if wrong:
            raise ValidationError(
                f"{limits.plain(value)} is not on this item "
                f"({self.item.minimum}–{self.item.maximum})."
            )


class ScoreGrid(Grid):
    """Scales that the step asks for; a subclass with asked_only = False has the rest."""

    prefix = "scale"
    relation = "scores"
    title = "Scales"
    heading = "Scale"
    columns = {"total": "Total"}
    template = "results/_scores.html"
    asked_only = True

    def make_lines(self):
        known = {row.scale for row in self.standing}
        for scale in vocabulary().scales.values():
            asked = f"scale:{scale.code}" in self.form.asked or scale.code in known
            if asked is self.asked_only:
                yield Line(scale.code, scale.label, hint=self._range(scale))

    def _range(self, scale):
        return "" if scale.values else f"{scale.minimum:g} to {scale.maximum:g}"

    def fields(self):
        found = super().fields()
        for line in self.lines:
            for item in vocabulary().scales[line.code].items:
                label = f"{line.label}, {item.label}"
                found[self.item_name(line.code, item)] = ItemField(item, label=label)
        return found

    def item_name(self, scale, item):
        return f"{self.prefix}-{scale}-item-{item.code}"

    def cell(self, line, column):
        scale = vocabulary().scales[line.code]
        if scale.values:
            return fields.choice(line.label, [(value, value) for value in scale.values])
        return fields.NumberField(required=False, places=1, label=line.label)

    def read(self, row):
        items = {f"item-{code}": points for code, points in (row.items or {}).items()}
        return row.scale, {"total": row.grade if row.total is None else row.total} | items

    def make(self, line, values):
        scale, answer = vocabulary().scales[line.code], values["total"]
        items = self._items(scale)
        if scale.values:
            return [self.model(scale=line.code, grade=answer)] if answer else []
        if answer in (None, "") and not items:
            return []
        row = self.model(scale=line.code, total=answer, items=items or None)
        if answer is None and not self.has_item_errors(scale):
            row.total = item_sum(scale, items).total
        return [row]

    def _items(self, scale):
        typed = {
            item.code: self.form.cleaned_data.get(self.item_name(scale.code, item))
            for item in scale.items
        }
        return {code: points for code, points in typed.items() if points is not None}

    def has_item_errors(self, scale):
        return any(self.item_name(scale.code, item) in self.form.errors for item in scale.items)

    # for templates
    def scales(self):
        """[(line, total, [(item, bound field)], open?)] in the order of the lines."""
        for line in self.lines:
            items = [
                (item, self.form[self.item_name(line.code, item)])
                for item in vocabulary().scales[line.code].items
            ]
            is_open = self.asked_only or any(bound.value() not in (None, "") for _, bound in items)
            yield line, self.cells(line)[0], items, is_open
