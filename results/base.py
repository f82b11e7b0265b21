"""What every modality's result has in common: status, authorship, correction chain, rows."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property

from accounts.models import ClinicModel
from patients.text import validate_visible
from results import limits

LINE = 200  # characters of a summary in a list


class Status(models.TextChoices):
    PRELIMINARY = "preliminary", "Preliminary"
    FINAL = "final", "Final"
    CORRECTED = "corrected", "Corrected"
    ENTERED_IN_ERROR = "entered_in_error", "Entered in error"


class Flag(models.TextChoices):
    NORMAL = "normal", "Normal"
    ABNORMAL = "abnormal", "Abnormal"
    CRITICAL = "critical", "Critical"


def text(label, length=120, **options):
    """A short text that may be empty, free of characters nobody can see."""
    options.setdefault("blank", True)
    return models.CharField(label, max_length=length, validators=[validate_visible], **options)


def prose(label):
    """A text of any length that may be empty, free of characters nobody can see."""
    return models.TextField(label, blank=True, default="", validators=[validate_visible])


def word(label, length=32, **options):
    """One code of the vocabulary; "" = not established."""
    return models.CharField(label, max_length=length, blank=True, default="", **options)


def words(label, length=40):
    """Several codes; null = not established, empty = established that there is none."""
    return ArrayField(
        models.CharField(max_length=length), verbose_name=label, null=True, blank=True
    )


def lines(label, length):
    """Several entries in people's own words; null = not established, empty = none."""
    entry = models.CharField(max_length=length, validators=[validate_visible])
    return ArrayField(entry, verbose_name=label, null=True, blank=True)


def yes_no(label):
    """True, False, or null = not established."""
    return models.BooleanField(label, null=True, blank=True)


def number(label, digits=7, places=2):
    """A measure whose unit stands in the column's name and label; null = not measured."""
    return models.DecimalField(
        label, max_digits=digits, decimal_places=places, null=True, blank=True
    )


def count(label):
    """A whole number; its limits stand in LIMITS, so that a refusal is in our words."""
    return models.IntegerField(label, null=True, blank=True)


class Checked(models.Model):
    """Limits stated once: LIMITS maps a field to its lowest and highest value."""

    LIMITS = {}

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        wrong = limits.outside(self, self.LIMITS)
        if wrong:
            raise ValidationError(wrong)

    def validate_constraints(self, exclude=None):
        """clean() says limits in words; asking the database about each would cost a query each."""

    def check_draft(self):
        """Field limits without a query (ValidationError); keys are checked by the database."""
        keys = [field.name for field in self._meta.fields if field.is_relation]
        self.clean_fields(exclude=[*keys, "id"])
        self.clean()


class Row(Checked, ClinicModel):
    """A line of a result: a symptom, a graded muscle, a value, a variant."""

    position = models.PositiveSmallIntegerField(default=0)

    class Meta(ClinicModel.Meta):
        abstract = True
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    # how a page shows the line: its name, what it says, and whether that needs a look
    mark = ""

    @property
    def title(self):
        raise NotImplementedError

    @property
    def told(self):
        raise NotImplementedError


def sided(label, side):
    """ "Hip flexion, left"; the midline needs no side."""
    return label if side in ("", "midline") else f"{label}, {side}"


def row_of(result, name):
    """Foreign key of a row to its result; the migration adds the clinic to the key."""
    return models.ForeignKey(result, models.PROTECT, related_name=name, db_constraint=False)


class Result(Checked, ClinicModel):
    """The typed report of a step. A correction is a new row that `replaces` the earlier one.

    Subclasses name their rows in ROWS (related names) and answer facts(), captures(), summary()
    and flag(). All four work on an unsaved draft whose rows were given by with_rows().
    """

    ROWS = ()
    LOOK_AGAIN = {}  # code, label and captures of the step that looks at this report again

    step = models.ForeignKey(
        "workflows.Step", models.PROTECT, related_name="%(class)ss", db_constraint=False
    )
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.FINAL)
    performed_on = models.DateField("performed on", null=True, blank=True)
    reported_on = models.DateField("report’s own date", null=True, blank=True)
    performed_at_place = text("laboratory or hospital")
    comment = models.TextField("comment", blank=True, validators=[validate_visible])
    also_done = words("also done in this step", 60)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField()
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        db_constraint=False,
    )
    correction_reason = text("reason of the correction", 300)

    class Meta(ClinicModel.Meta):
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_status_known", condition=Q(status__in=Status.values)
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_correction_said",
                condition=~Q(status__in=["corrected", "entered_in_error"])
                | ~Q(correction_reason=""),
                violation_error_message="Say why this result is corrected.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_corrects_one",
                condition=~Q(status="corrected") | Q(replaces__isnull=False),
                violation_error_message="A corrected result replaces an earlier one.",
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_reported_on_later",
                condition=Q(reported_on=None)
                | Q(performed_on=None)
                | Q(reported_on__gte=F("performed_on")),
            ),
            models.UniqueConstraint(
                name="%(app_label)s_%(class)s_first_once",
                fields=["step"],
                condition=Q(replaces=None),
                violation_error_message="This step has a result already; correct that one.",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_final(self):
        return self.status in (Status.FINAL, Status.CORRECTED)

    @cached_property
    def _rows(self):
        return {}

    def with_rows(self, **rows):
        """Attach unsaved rows by related name; returns the draft itself."""
        unknown = set(rows) - set(self.ROWS)
        if unknown:
            raise TypeError(f"{type(self).__name__} has no rows {sorted(unknown)}.")
        self._rows.update({name: list(lines) for name, lines in rows.items()})
        return self

    def rows(self, name):
        """The lines `name`: those of the draft, or those on record."""
        if name not in self._rows:
            self._rows[name] = list(getattr(self, name).all()) if self.pk else []
        return self._rows[name]

    def all_rows(self):
        return [line for name in self.ROWS for line in self.rows(name)]

    def facts(self):
        """{fact path: value}, only what this result established."""
        raise NotImplementedError

    def captures(self):
        """Atomic capture codes that this result answers."""
        raise NotImplementedError

    def summary(self):
        """One line for lists, without the patient's name."""
        raise NotImplementedError

    def flag(self):
        """A Flag, or "" where nobody judged."""
        return ""

    def explained(self):
        """{column: what its value means}, shown beside it."""
        return {}

    def marks(self):
        """{column: (low or high, what that asks for)} of values beyond a threshold."""
        return {}

    def worked_out(self):
        """[(name, label, value, mark, note)] of what follows from the columns; not stored."""
        return []

    def save_beside(self, *, by):
        """Write what the report establishes outside its own rows, in its transaction."""

    def look_again_on(self):
        """The day on which this report has to be looked at again, or None."""
        return None

    def check_draft(self):
        super().check_draft()
        for line in self.all_rows():
            line.check_draft()


def shorten(parts, otherwise=""):
    """Join the parts that are not empty into one line of at most LINE characters.

    No value is cut in two: parts that have no room are counted ("; and 9 more").
    """
    parts = [str(part) for part in parts if part] or [otherwise]
    for kept in range(len(parts), 0, -1):
        left = len(parts) - kept
        line = "; ".join(parts[:kept]) + (f"; and {left} more" if left else "")
        if len(line) <= LINE:
            return line
    return parts[0][: LINE - 1].rstrip(" ;,") + "…"


def known(**facts):
    """Facts that were established: "" , None and "unknown" are left out."""
    return {path: value for path, value in facts.items() if value not in ("", None, "unknown")}
