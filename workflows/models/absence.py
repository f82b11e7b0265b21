"""Who is away, and who does her work meanwhile."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import ClinicModel
from audit.history import tracked

USER = settings.AUTH_USER_MODEL


class AbsenceQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(starts_on__lte=day, ends_on__gte=day, cancelled_at=None)


@tracked
class Absence(ClinicModel):
    """From a day to a day, both included. The deputy owns what the person would own; nothing is

    copied, so on the day after the last one all of it is hers again.
    """

    user = models.ForeignKey(USER, models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(USER, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    set_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta(ClinicModel.Meta):
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="workflows_absence_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message="The last day cannot be before the first.",
            ),
            models.CheckConstraint(
                name="workflows_absence_deputy_is_another",
                condition=~Q(user=F("deputy")),
                violation_error_message="Somebody else has to stand in.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["clinic", "ends_on"],
                condition=Q(cancelled_at=None),
                name="workflows_absence_of_clinic",
            )
        ]

    def __str__(self):
        return f"absence {self.pk}"
