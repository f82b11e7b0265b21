"""Pages count days by the clock of the reader's clinic."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("zone", "late"), [("Europe/London", False), ("Pacific/Auckland", True)])
def test_a_step_is_late_when_its_clinic_says_so(client, rows, monkeypatch, zone, late):
    """18:00 UTC on the day it is due: the next morning in Auckland."""
    clinic = make.clinic(time_zone=zone)
    doctor = make.user(clinic, "clinician")
    case = make.case(make.patient(clinic, doctor), doctor, clinician=doctor)
    step = case.steps.filter(is_open=True).exclude(stage="waiting").first()
    evening = datetime.combine(step.due_on, datetime.min.time(), UTC).replace(hour=18)
    monkeypatch.setattr(timezone, "now", lambda: evening)
    client.force_login(doctor)
    found = client.get("/worklist/?overdue=1").context["page"].rows
    assert (str(step.pk) in {row["step"] for row in found}) is late
