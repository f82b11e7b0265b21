"""A person's columns and keys are hers, and cost no page a query."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Preferences
from tests.mailbox import Hook, Mailbox
from tests.workflows.reminding import reminder, step
from workflows.models import Reminder, Step
from workflows.reminders.deliver import deliver_due

pytestmark = pytest.mark.django_db
WISHES = {"digest_at": "08:00", "opens": "08:00", "closes": "18:00", "reach": "mail"}


def text(answer):
    return answer.content.decode()


def test_columns_are_chosen_per_person(client, case, doctor, coordinator):
    client.force_login(coordinator)
    assert "Last known" in text(client.get("/worklist/?tab=open"))
    client.post("/preferences/", WISHES | {"columns": ["owner", "days"], "single_keys": "on"})
    shown = text(client.get("/worklist/?tab=open"))
    assert "Last known" not in shown
    assert '<th scope="col">Owner</th>' in shown
    client.force_login(doctor)
    assert "Last known" in text(client.get("/worklist/?tab=open"))


def test_single_keys_are_switched_off(client, case, coordinator):
    client.force_login(coordinator)
    assert "data-nt-keys" not in text(client.get("/"))
    client.post("/preferences/", WISHES | {"columns": ["owner"]})
    assert 'data-nt-keys="off"' in text(client.get("/"))


def test_nonsense_is_refused_and_nothing_is_kept(client, case, coordinator):
    client.force_login(coordinator)
    refused = client.post("/preferences/", WISHES | {"columns": ["owner", "salary"]})
    assert "salary is not one of the available choices" in text(refused)
    assert not Preferences.objects.exists()


def test_wishes_cost_no_query(client, case, coordinator):
    client.force_login(coordinator)
    Preferences.objects.create(user=coordinator, columns=["owner"])
    client.get("/worklist/?tab=open")
    with CaptureQueriesContext(connection) as caught:
        client.get("/worklist/?tab=open")
    assert not [each for each in caught if 'FROM "accounts_preferences"' in each["sql"]]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"digest_at": "19:00"}, "Choose a time between 08:00 and 18:00, when messages may come."),
        ({"opens": "18:00", "closes": "08:00"}, "Choose a time after the first one."),
        ({"digest_at": ""}, "This field is required."),
        ({"time_zone": "Mars/Olympus"}, "Mars/Olympus is not one of the available choices"),
        ({"reach": "both"}, "Say where the service is."),
        ({"reach": "pigeon"}, "pigeon is not one of the available choices"),
        ({"service_url": "json://127.0.0.1:6379/"}, "This installation sends through: slack,"),
        ({"service_url": "slack://"}, "This is not a complete address of that service."),
    ],
)
def test_wishes_that_cannot_be_met_are_refused_beside_their_field(client, doctor, typed, said):
    client.force_login(doctor)
    page = text(client.post("/preferences/", WISHES | typed))
    assert page.count(said) in (1, 2), "beside the field and in the list of what is wrong"
    assert not Preferences.objects.exists()


@pytest.fixture
def service(settings):
    settings.NMD_SERVICES = ["json"]
    settings.NMD_REMINDER_QUIET_HOURS = False
    with Hook() as hook, Mailbox() as box:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", box.port
        hook.mailbox = box
        yield hook


@pytest.fixture
def late(case, doctor):
    """An urgent step that is late, and nothing else that anybody is owed."""
    Reminder.objects.update(state="withdrawn")
    Step.objects.filter(case=case).update(is_open=False, stage="done")
    return reminder(step(case, owner=doctor, urgency="urgent"), doctor)


def wish(client, user, service, reach, **more):
    client.force_login(user)
    address = f"json://127.0.0.1:{service.port}/"
    asked = WISHES | {"reach": reach, "service_url": address} | more
    return text(client.post("/preferences/", asked, follow=True))


def test_a_service_gets_the_same_words_beside_the_mail(client, service, late, doctor, patient):
    assert "A trial went through JSON." in wish(client, doctor, service, "both", **{"try": "1"})
    assert deliver_due() == {"sent": 1}
    assert len(service.mailbox.raw) == 1
    trial, told = service.taken
    assert told["title"] == service.mailbox.messages[0]["Subject"]
    assert f"/steps/{late.step_id}/" in told["message"]
    assert patient.family_name not in f"{trial}{told}"


def test_a_service_that_fails_beside_the_mail_is_noted_and_no_more(client, service, late, doctor):
    service.answer = 503
    assert "The trial did not arrive" in wish(client, doctor, service, "both", **{"try": "1"})
    assert deliver_due() == {"sent": 1}
    late.refresh_from_db()
    assert (late.state, late.last_error) == ("sent", "service JSON did not take it")


def test_in_place_of_mail_a_service_is_tried_again_and_emergencies_go_by_mail(
    client, service, late, doctor
):
    wish(client, doctor, service, "service")
    service.answer = 503
    assert deliver_due() == {"later": 1}
    late.refresh_from_db()
    assert (late.state, late.attempts) == ("planned", 1)
    service.answer = 200
    Reminder.objects.filter(pk=late.pk).update(next_attempt_at=late.due_at)
    assert deliver_due() == {"sent": 1}
    assert (len(service.taken), service.mailbox.raw) == (2, [])
    Step.objects.filter(pk=late.step_id).update(urgency="emergency")
    reminder(late.step, doctor, kind="due")
    deliver_due(batch=1)
    assert len(service.mailbox.raw) == 1
    assert len(service.taken) == 3


def test_what_a_service_never_takes_goes_by_mail_in_the_end(
    client, service, late, doctor, settings
):
    wish(client, doctor, service, "service")
    settings.NMD_SERVICES = ["slack"]  # the installation has changed its mind
    for _ in range(3):
        assert deliver_due() == {"later": 1}
        Reminder.objects.filter(pk=late.pk).update(next_attempt_at=late.due_at)
    assert deliver_due() == {"sent": 1}
    assert (service.taken, len(service.mailbox.raw)) == ([], 1)
