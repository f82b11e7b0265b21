"""A worklist that somebody gave a name."""

from django.conf import settings
from django.db import models

from accounts.models import Clinic
from patients.text import validate_visible


class SavedView(models.Model):
    """The words of an address (`query`), without `after`. Shared ones are seen by the clinic.

    Holds no patient: free text in it is what somebody searched for, so a shared view has none.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views")
    clinic = models.ForeignKey(Clinic, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=60, validators=[validate_visible])
    query = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(name="workflows_view_name_once", fields=["user", "name"]),
        ]

    def __str__(self):
        return f"view {self.pk}"

    @property
    def is_shared(self):
        return self.clinic_id is not None
