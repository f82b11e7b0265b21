"""Eight people do the same at the same moment: one does it, seven are told, nothing is doubled."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.rls import ALL, clinics
from audit.models import Event
from results.labs.models import LabResult
from tests import make
from workflows import services
from workflows.models import Reminder, Step

EIGHT = 8
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    """Bloods that nobody has ordered yet, and eight clinicians."""
    with clinics(ALL):
        clinic = make.clinic()
        doctors = [make.user(clinic, "clinician") for _ in range(EIGHT)]
        case = make.case(make.patient(clinic, mrn="0047-2291"), doctors[0], clinician=doctors[0])
        bloods = {"code": "ck", "label": "CK", "modality": "labs", "captures": ["lab:ck"]}
        step = services.add_step(
            case, **bloods, profile="soon", days=7, by=doctors[0], at=timezone.now()
        )
        return step, doctors


def at_once(doctors, address, fields):
    """The answers, each sent when all are ready."""
    ready = Barrier(EIGHT)

    def send(doctor):
        try:
            client = Client()
            client.force_login(doctor)
            client.get("/")
            ready.wait(timeout=30)
            return client.post(address, fields)
        finally:
            connection.close()

    with ThreadPoolExecutor(EIGHT) as pool:
        return list(pool.map(send, doctors))


def statuses(answers):
    return sorted(answer.status_code for answer in answers)


def test_a_test_is_ordered_once(people):
    step, doctors = people
    answers = at_once(doctors, f"/steps/{step.pk}/order/", {"version": step.version})
    assert statuses(answers) == [302] + [409] * (EIGHT - 1)
    assert all(
        "Ordered" in answer.content.decode() for answer in answers if answer.status_code == 409
    ), "what somebody else did meanwhile is said"
    with clinics(ALL):
        assert Event.objects.filter(verb="step.order", step_id=step.pk).count() == 1
        assert Step.objects.filter(case=step.case_id, code__startswith="ck").count() == 1
        owed = Reminder.objects.filter(step=step, state="planned")
        keys = list(owed.values_list("door", "kind", "due_at", "recipient"))
        assert len(keys) == len(set(keys)) > 0


def test_a_result_is_saved_once(people):
    step, doctors = people
    today = timezone.localdate().isoformat()
    fields = {"performed_on": today, "status": "final", "version": step.version}
    fields["lab-ck-value"] = "4200"
    answers = at_once(doctors, f"/results/record/{step.pk}/", fields)
    assert statuses(answers) == [302] + [409] * (EIGHT - 1)
    assert all(
        "4200" in answer.content.decode() and "saved at" in answer.content.decode()
        for answer in answers
        if answer.status_code == 409
    ), "both texts are shown"
    with clinics(ALL):
        assert LabResult.objects.filter(step=step).count() == 1
        assert Event.objects.filter(verb="step.report", step_id=step.pk).count() == 1
