"""Tables of the history whose lines are written, not chosen: the family, tests done elsewhere."""

from hashlib import blake2b

from django import forms
from django.core.exceptions import ValidationError

from patients.models import Relative
from patients.partial import UNKNOWN
from results import fields
from results.copies import copy_of
from results.grids import Grid, Line
from results.growing import ADD
from results.history.models import EarlierTest, Seen
from results.history.symptoms import since

BLANKS = 3  # empty lines to begin with, and each time more are asked for
MOST = 60


class OpenRows(Grid):
    """Lines on record, then empty ones; the button below gives more, and works without script."""

    template = "results/history/_rows.html"
    heading = "Line"
    noun = ""

    def make_lines(self):
        for row in self.standing:
            code, values = self.read(row)
            yield Line(code, f"{self.noun} {values[self.first]}")
        for at in range(1, self.blanks() + 1):
            yield Line(f"new{at}", f"New {self.noun.lower()} {at}")

    @property
    def first(self):
        return next(iter(self.columns))

    def blanks(self):
        """How many empty lines the form that was sent had, and three more if it asks for them."""
        sent = self.form.data.get(f"{self.prefix}-blanks", "")
        kept = int(sent) if sent.isdecimal() and len(sent) < 3 else BLANKS
        more = BLANKS if self.form.data.get(ADD) == self.prefix else 0
        return min(max(kept, BLANKS) + more, MOST)

    def row_of(self, line):
        return next((row for row in self.standing if self.read(row)[0] == line.code), None)


def token(row):
    """What the page shows of a relative, in short: a line that stands otherwise was changed."""
    shown = repr([getattr(row, column) for column in Relatives.columns])
    return blake2b(shown.encode(), digest_size=6).hexdigest()


class Relatives(OpenRows):
    """The patient's relatives, filled in as they stand; what is changed or new is written.

    A line that somebody else has changed since the page was shown is not written over unseen.
    """

    prefix = "rel"
    relation = "relatives"
    title = "Relatives"
    noun = "Relative"
    model = Relative
    add_label = "More relatives"
    columns = {
        "relation": "Relation",
        "affected": "Affected",
        "condition": "Condition",
        "age_years": "Age (at death)",
        "deceased": "Died",
        "note": "Note",
    }

    def __init__(self, form):
        super().__init__(form)
        self.tokens = {str(row.pk): token(row) for row in self.standing}
        self.overtaken = set()

    def on_record(self):
        return list(Relative.objects.filter(patient_id=self.form.step.patient_id).order_by("pk"))

    def cell(self, line, column):
        if column == "affected":
            choices = [("yes", "yes"), ("no", "no"), ("unknown", "unknown")]
            return fields.choice(self.cell_label(line, "affected"), choices, strip=True)
        if column == "age_years":
            return fields.NumberField(whole=True, required=False)
        if column == "deceased":
            return forms.BooleanField(required=False)
        most = Relative._meta.get_field(column).max_length
        return forms.CharField(required=False, max_length=most)

    def read(self, row):
        return str(row.pk), {column: getattr(row, column) for column in self.columns}

    def make(self, line, values):
        """The relative if she is new or something about her changed."""
        row, told = self.row_of(line), {**values, "affected": values["affected"] or "unknown"}
        if row is None:
            said = any(values.values())
            return [Relative(patient=self.form.step.patient, **told)] if said else []
        stood, seen = token(row), self.sent().get(line.code)
        says = f"{row.relation}, {row.told}"
        for column, value in told.items():
            setattr(row, column, value)
        if token(row) in (stood, seen):  # nothing was changed here
            return []
        if seen and seen != stood:
            self.overtaken.add(line.code)
            self.form.add_error(
                self.first_cell(line),
                f"Somebody has changed this line since you opened it. It now says: {says}. "
                "Save again to write yours in its place.",
            )
        return [row]

    def sent(self):
        """{line: token} of the page that was sent."""
        pairs = (pair.partition(":") for pair in self.form.data.get("rel-seen", "").split())
        return {code: seen for code, _, seen in pairs}

    # for templates
    def seen(self):
        """What the hidden field of the page says: of a line that was overtaken, what stands now."""
        before = {c: seen for c, seen in self.sent().items() if c not in self.overtaken}
        return " ".join(f"{c}:{before.get(c, now)}" for c, now in self.tokens.items())

    def check(self, line, row):
        if self.form.errors.keys() & {self.name(line, column) for column in self.columns}:
            return
        try:
            row.clean_fields(exclude=["id", "clinic", "patient", "linked_patient"])
        except ValidationError as refusal:
            for field, messages in refusal.message_dict.items():
                if field == "relation" and not row.relation:
                    messages = ["Say who this is: mother, brother, mother’s brother, son …"]
                if field == "age_years":
                    messages = [f"{row.age_years} is no age: write years, 0 to 120."]
                self.form.add_error(self.place_of(line, row, field), messages)


class EarlierTests(OpenRows):
    prefix = "earlier"
    relation = "earlier_tests"
    title = "Tests done elsewhere"
    noun = "Test"
    model = EarlierTest
    add_label = "More tests"
    columns = {
        "what": "Test",
        "done": "When",
        "place": "Where",
        "outcome": "Outcome",
        "seen": "Seen by us",
    }

    def cell(self, line, column):
        if column == "done":
            return since()
        if column == "seen":
            return fields.choice("", Seen.choices, nothing="–")
        most = EarlierTest._meta.get_field(column).max_length
        return forms.CharField(required=False, max_length=most)

    def read(self, row):
        return f"r{row.position}", {column: getattr(row, column) for column in self.columns}

    def make(self, line, values):
        done = values.pop("done") or UNKNOWN
        self.form.check_lifetime(self.name(line, "done"), done)
        if not (any(values.values()) or done.on):
            return []
        before = self.row_of(line)
        row = copy_of(before) if before else EarlierTest()
        for column, value in values.items():
            setattr(row, column, value or "")
        row.done = done
        return [row]

    def check(self, line, row):
        if not row.what:
            self.form.add_error(self.name(line, "what"), "Name the test: muscle MRI, EMG, CK …")
            return
        super().check(line, row)
