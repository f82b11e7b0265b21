"""How many loops were closed, and which abnormal results were read in time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from workflows import services
from workflows.closed_loop import closed_loops
from workflows.models import Step

NOW, TODAY = timezone.now(), timezone.localdate()


@pytest.fixture
def report(case, doctor):
    def made(code, flag, days_ago):
        fields = {"code": code, "label": code, "modality": "labs", "profile": "urgent", "days": 7}
        step = services.add_step(case, **fields, by=doctor, at=NOW)
        make.reported(services.order(step, by=doctor, at=NOW), doctor, {}, flag=flag)
        Step.objects.filter(pk=step.pk).update(reported_at=NOW - timedelta(days=days_ago))
        step.refresh_from_db()
        return step

    return made


def counts(case):
    return [
        (each.name, each.reported, each.closed, each.in_time, each.judged)
        for each in closed_loops([case.clinic_id], TODAY)
    ]


def test_what_was_told_read_in_time_and_too_late(client, case, doctor, report):
    assert counts(case) == []
    told = report("told", "normal", 1)
    services.review(told, by=doctor, at=NOW)
    services.tell(Step.objects.get(pk=told.pk), how="letter", by=doctor, at=NOW)
    services.review(report("quick", "abnormal", 0), by=doctor, at=NOW)
    services.review(report("slow", "abnormal", 30), by=doctor, at=NOW)
    report("forgotten", "critical", 30)
    report("new", "abnormal", 0)  # unread, and not due yet
    report("old", "normal", 200)
    name = doctor.get_full_name()
    assert counts(case) == [("All", 5, 1, 1, 3), (name, 5, 1, 1, 3)]
    client.force_login(doctor)
    page = client.get("/caseload/").content.decode()
    link = "/worklist/?pathway=undifferentiated"
    assert f'<a href="{link}">Undifferentiated' in page
    assert case.patient.family_name in client.get(link).content.decode()
    assert "1 (20 %)" in page
    assert "1 of 3" in page
