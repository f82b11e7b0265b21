"""Who works here: people, clinics, and the role a person holds in a clinic for a time."""

from datetime import time

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Role(models.TextChoices):
    CLINICIAN = "clinician", "Clinician"
    COORDINATOR = "coordinator", "Coordinator"
    ADMIN = "admin", "Admin"


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What she may see follows from her memberships alone."""

    email = models.EmailField("e-mail", unique=True)
    title = models.CharField(max_length=20, blank=True)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_blind")]

    def __str__(self):
        return f"user {self.pk}"

    def get_full_name(self):
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)

    @property
    def wishes(self):
        """Her Preferences, or the defaults; on a page they come with her memberships."""
        return getattr(self, "preferences", None) or Preferences(user=self)

    @property
    def short_name(self):
        """As a list shows it: "M Castell"."""
        return f"{self.given_name[:1]} {self.family_name}".strip()

    @property
    def initials(self):
        return (self.given_name[:1] + self.family_name[:1]).upper()


class Clinic(models.Model):
    """A site that cares for patients and owns its worklist."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(
        "country of its public holidays (ISO 3166)", max_length=2, default="GB"
    )
    time_zone = models.CharField(max_length=50, default="Europe/London")

    def __str__(self):
        return self.code


class MembershipQuerySet(models.QuerySet):
    def active(self, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class Membership(models.Model):
    """A person's role in a clinic, from a day until a day (or open)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_membership_role_known", condition=Q(role__in=Role.values)
            ),
            models.CheckConstraint(
                name="accounts_membership_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                violation_error_message="The role cannot end before it starts.",
            ),
        ]

    def __str__(self):
        return f"membership {self.pk}"


class Reach(models.TextChoices):
    """Where messages go. Inside the product they are always there, too."""

    MAIL = "mail", "E-mail"
    BOTH = "both", "E-mail and the service"
    SERVICE = "service", "The service; e-mail for emergencies and critical values alone"


class Preferences(models.Model):
    """How a person wants to work and be reached; where there is no row, the defaults hold.

    `opens` to `closes` are the hours in which a message may come that is no emergency, `digest_at`
    the hour of the daily one, all by the clock of `time_zone` (empty: of the clinic).
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="preferences")
    single_keys = models.BooleanField("work with single keys", default=True)
    columns = models.JSONField("columns of the worklist", default=list, blank=True)
    opens_first = models.CharField(
        "words of the worklist that opens first", max_length=600, blank=True
    )
    digest_at = models.TimeField("daily message at", default=time(8))
    opens = models.TimeField("messages from", default=time(8))
    closes = models.TimeField("messages until", default=time(18))
    time_zone = models.CharField(max_length=50, blank=True)
    reach = models.CharField("messages go to", max_length=8, choices=Reach.choices, default="mail")
    service_url = models.CharField("address of the service", max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="accounts_preferences_reach_known", condition=Q(reach__in=Reach.values)
            ),
            models.CheckConstraint(
                name="accounts_preferences_service_has_address",
                condition=Q(reach=Reach.MAIL) | ~Q(service_url=""),
                violation_error_message="Say where the service is.",
            ),
            models.CheckConstraint(
                name="accounts_preferences_digest_in_hours",
                condition=Q(digest_at__gte=models.F("opens"), digest_at__lt=models.F("closes")),
                violation_error_message="The daily message must fall into the hours in which"
                " messages may come.",
            ),
        ]

    def __str__(self):
        return f"preferences of user {self.user_id}"


class ClinicModel(models.Model):
    """A clinical row: it belongs to one clinic (row-level security) and is never deleted."""

    clinic = models.ForeignKey(Clinic, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete)]
