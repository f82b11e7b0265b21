"""Who is ill: the patient, her numbers, her family; and the one access rule."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import ClinicModel, Role
from audit.history import tracked
from patients import ages
from patients.partial import PartialDate, Precision
from patients.text import fold, validate_visible

MRN = "MRN"
MAY = {  # what each role may do with the patients of her clinic
    "see": {Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN},
    "coordinate": {Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN},
    "edit": {Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN},
    "record": {Role.CLINICIAN, Role.COORDINATOR},
    "decide": {Role.CLINICIAN},
    "administer": {Role.ADMIN},
}


class Sex(models.TextChoices):
    FEMALE = "female", "female"
    MALE = "male", "male"
    UNKNOWN = "unknown", "unknown"


class VitalStatus(models.TextChoices):
    ALIVE = "alive", "alive"
    DECEASED = "deceased", "deceased"
    UNKNOWN = "unknown", "unknown"


def clinics_for(user, may="see", on=None):
    """Keys of the clinics in which `user` holds a role that `may` do this today."""
    if not getattr(user, "is_active", False):
        return []
    roles = MAY[may]
    cached = getattr(user, "current_memberships", None)
    if cached is None:
        cached = list(user.memberships.active(on or timezone.localdate()))
    return sorted({m.clinic_id for m in cached if m.role in roles})


def record_number(patient="pk"):
    """Expression: the MRN of the patient whose key the column `patient` holds, or NULL."""
    own = Identifier.objects.filter(patient=OuterRef(patient), system=MRN).order_by("id")
    return Subquery(own.values("value")[:1])


class PatientQuerySet(models.QuerySet):
    def for_user(self, user, may="see"):
        """The one access rule: the patients of the clinics in which the user's role may do this."""
        return self.filter(clinic_id__in=clinics_for(user, may))


@tracked
class Patient(ClinicModel):
    """A person under investigation. `stated_age` holds an age that came without a date."""

    given_names = models.CharField(max_length=150, blank=True, validators=[validate_visible])
    family_name = models.CharField(max_length=150, blank=True, validators=[validate_visible])
    birth_on = models.DateField(null=True, blank=True)
    birth_precision = models.CharField(
        max_length=8, choices=Precision.choices, default=Precision.UNKNOWN
    )
    stated_age = models.CharField(
        "age as stated, without a date (ISO 8601 duration)",
        max_length=20,
        blank=True,
        validators=[ages.validate_duration],
    )
    sex = models.CharField(max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    vital_status = models.CharField(
        max_length=8, choices=VitalStatus.choices, default=VitalStatus.ALIVE
    )
    search_key = models.CharField(max_length=320, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = PatientQuerySet.as_manager()

    class Meta(ClinicModel.Meta):
        constraints = [
            models.CheckConstraint(
                name="patients_birth_precision_fits",
                condition=Q(birth_on=None, birth_precision="unknown")
                | (Q(birth_on__isnull=False) & ~Q(birth_precision="unknown")),
                violation_error_message="A birth date needs its precision, and only then.",
            ),
            models.CheckConstraint(name="patients_sex_known_word", condition=Q(sex__in=Sex.values)),
        ]
        indexes = [
            models.Index(fields=["clinic", "search_key", "id"], name="patients_by_name"),
            models.Index(fields=["clinic", "birth_on"], name="patients_by_birth"),
        ]

    def __str__(self):
        return f"patient {self.pk}"

    def save(self, **kwargs):
        self.search_key = fold(f"{self.family_name} {self.given_names}")
        super().save(**kwargs)

    @property
    def full_name(self):
        """As a clinic reads it; a person who came without a name is called by her key."""
        name = f"{self.given_names} {self.family_name}".strip()
        return name or f"Unnamed patient {self.pk}"

    @property
    def birth(self):
        return PartialDate(self.birth_on, self.birth_precision)

    def age_years(self, on):
        """Age in years (float) on a day, or None. A stated age has no date and stands as it is."""
        if self.birth_on:
            return ages.years_between(self.birth_on, on)
        return ages.years(self.stated_age) if self.stated_age else None


@tracked
class Identifier(ClinicModel):
    """A number somebody knows the patient by, with the system that gave it."""

    patient = models.ForeignKey(
        Patient,
        models.PROTECT,
        related_name="identifiers",
        db_constraint=False,
        db_index=False,
    )
    system = models.CharField(max_length=60, default=MRN, validators=[validate_visible])
    value = models.CharField(max_length=120, validators=[validate_visible])

    class Meta(ClinicModel.Meta):
        constraints = [
            models.UniqueConstraint(
                name="patients_identifier_once",
                fields=["clinic", "system", "value"],
                condition=~Q(system__endswith=".subject"),
                violation_error_message="Another patient of this clinic has this number.",
            )
        ]
        indexes = [
            models.Index(
                fields=["clinic", "value"],
                include=["patient"],
                name="patients_identifier_by_value",
            ),
            models.Index(
                fields=["patient", "system", "id"],
                include=["value", "clinic"],
                name="patients_identifier_of",
            ),
        ]

    def __str__(self):
        return f"identifier {self.pk}"


class NameTail(models.Model):
    """Search index, derived from names: a row for each tail of each word ("holm" of Vasquez-Holm).

    A prefix look-up here finds any part of a name by plain b-tree, which row-level security
    allows; trigram operators are not leak-proof, so PostgreSQL would not use their index.
    """

    derived_rows = True  # may be deleted and made again: it holds nothing of its own

    clinic = models.ForeignKey("accounts.Clinic", models.PROTECT, related_name="+")
    tail = models.CharField(max_length=150)
    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="name_tails", db_constraint=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["clinic", "tail", "patient"], name="patients_tail_prefix"),
        ]

    def __str__(self):
        return f"name tail {self.pk}"


@tracked
class Relative(ClinicModel):
    """A member of the family, with what she has; linked when she is a patient herself."""

    class Affected(models.TextChoices):
        YES = "yes", "affected"
        NO = "no", "not affected"
        UNKNOWN = "unknown", "not known"

    patient = models.ForeignKey(
        Patient, models.PROTECT, related_name="relatives", db_constraint=False
    )
    relation = models.CharField(max_length=60, validators=[validate_visible])
    name = models.CharField(max_length=150, blank=True, validators=[validate_visible])
    sex = models.CharField(max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    affected = models.CharField(max_length=8, choices=Affected.choices, default=Affected.UNKNOWN)
    condition = models.CharField(max_length=200, blank=True, validators=[validate_visible])
    deceased = models.BooleanField(default=False)
    age_years = models.PositiveSmallIntegerField(
        "age, or age at death (years)", null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    note = models.CharField(max_length=300, blank=True, validators=[validate_visible])
    linked_patient = models.ForeignKey(
        Patient, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )

    def __str__(self):
        return f"relative {self.pk}"

    @property
    def told(self):
        """What is known of her, in words: "affected, wheelchair at 50, died at 61"."""
        age = "" if self.age_years is None else f"{self.age_years} years"
        if self.deceased:
            age = f"died at {self.age_years}" if age else "died"
        said = (self.get_affected_display(), self.condition, age, self.note)
        return ", ".join(part for part in said if part)
