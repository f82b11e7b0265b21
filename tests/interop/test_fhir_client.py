"""Machines: a client made by the command gets tokens, and reads what its person may see."""

import base64
from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_application_model

from audit.models import Event
from interop.fhir import names
from interop.fhir.tasks import clear_tokens
from tests import make
from tests.interop.asking import all_keys, ask, keys
from workflows.models import Step

AccessToken, Application = get_access_token_model(), get_application_model()
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture(autouse=True)
def unhurried():
    """Nobody has asked for a token yet."""
    cache.clear()


@pytest.fixture
def machine(doctor):
    """(client_id, client_secret) of a client that acts for a clinician."""
    return command("gateway", "--for", doctor.email.upper())


@pytest.fixture
def bearer(machine):
    return {"Authorization": f"Bearer {token(*machine)}"}


def command(*words):
    """What `manage.py fhir_client` printed: the last word of each line."""
    said = StringIO()
    call_command("fhir_client", *words, stdout=said)
    return tuple(line.split()[-1] for line in said.getvalue().splitlines())


def basic(name, secret):
    pair = base64.b64encode(f"{name}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def token(name, secret, **data):
    answer = Client().post("/oauth/token", GRANT | data, headers=basic(name, secret))
    assert answer.status_code == 200, answer.content
    return answer.json()["access_token"]


def test_a_machine_reads_what_its_person_may_see(machine, case, doctor):
    answer = Client().post("/oauth/token", GRANT, headers=basic(*machine))
    given = answer.json()
    assert (given["token_type"], given["expires_in"]) == ("Bearer", 900)
    assert given["scope"] == "system/Task.rs"
    assert answer["Cache-Control"] == "no-store"
    bearer = {"Authorization": f"bearer {given['access_token']}"}
    step = case.steps.get(code="tri_exam")
    ask(Client(), f"Task/{step.pk}", **bearer)
    foreign = make.case(make.patient(make.clinic("south")))
    ask(Client(), f"Task/{foreign.steps.first().pk}", 404, **bearer)
    found = keys(ask(Client(), "Task?_count=100", **bearer))
    assert found
    assert not Step.objects.filter(pk__in=found).exclude(case=case).exists()
    seen = Event.objects.get(verb="step.view", step_id=step.pk)
    client = Application.objects.get(name="gateway")
    assert (seen.actor, seen.detail) == (doctor, {"way": "fhir", "client": client.pk})


def test_neither_secret_nor_token_is_kept(machine, bearer):
    client, kept = Application.objects.get(), AccessToken.objects.get()
    assert client.client_secret.startswith("argon2")
    assert machine[1] not in client.client_secret
    assert kept.token == ""
    assert bearer["Authorization"].split()[1] not in str(AccessToken.objects.values())


def test_a_token_opens_nothing_but_the_interface(bearer, case):
    client = Client()
    for url in ("/", "/worklist/", f"/cases/{case.pk}/"):
        assert client.get(url, headers=bearer).status_code == 302, "sent to sign in"
    assert client.post("/fhir/Task", headers=bearer).status_code == 405
    assert "nmd_session" not in client.cookies


def test_a_token_says_who_asks_whatever_the_session_says(client, bearer, case):
    client.force_login(make.user(make.clinic("south"), "clinician"))
    assert all_keys(client, "") == []
    assert keys(ask(client, "Task", **bearer))
    ask(client, "Task", 401, Authorization="Bearer nonsense")


def test_a_token_for_another_place_opens_nothing_here(machine, case):
    for place, status in ((names.BASE, 200), ("https://elsewhere.example/fhir", 401)):
        bearer = {"Authorization": f"Bearer {token(*machine, resource=place)}"}
        ask(Client(), "Task", status, **bearer)


def test_a_token_ends(machine, case, doctor):
    """By its time, with its client, with its person, and with her last role."""
    bearer = {"Authorization": f"Bearer {token(*machine)}"}
    kept = AccessToken.objects.get()
    over = timezone.now() - timedelta(seconds=1)
    AccessToken.objects.update(expires=over)
    refused = Client().get("/fhir/Task", headers=bearer)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused["WWW-Authenticate"]
    AccessToken.objects.update(expires=kept.expires, scope="system/Patient.rs")
    ask(Client(), "Task", 403, **bearer)
    AccessToken.objects.update(scope=kept.scope)
    doctor.memberships.update(ends_on="2026-01-01")
    assert keys(ask(Client(), "Task", **bearer)) == []
    doctor.is_active = False
    doctor.save()
    ask(Client(), "Task", 401, **bearer)
    AccessToken.objects.update(expires=over)
    clear_tokens()
    assert not AccessToken.objects.exists()


def test_a_client_is_renewed_and_revoked(machine, bearer):
    name, secret = command("gateway", "--renew")
    assert (name, secret) != machine
    ask(Client(), "Task", 401, **bearer)
    assert Client().post("/oauth/token", GRANT, headers=basic(*machine)).status_code == 401
    bearer = {"Authorization": f"Bearer {token(name, secret)}"}
    assert secret not in " ".join(command("gateway", "--revoke"))
    ask(Client(), "Task", 401, **bearer)
    assert Client().post("/oauth/token", GRANT, headers=basic(name, secret)).status_code == 401
    verbs = Event.objects.filter(verb__startswith="fhir_client").order_by("id")
    assert [each.verb.split(".")[1] for each in verbs] == ["make", "renew", "revoke"]


def test_the_command_says_what_is_wrong(machine, doctor, capsys):
    command("idle", "--for", make.user(email="idle@example.org").email)
    assert "idle@example.org works in no clinic today" in capsys.readouterr().err
    for words, said in (
        (("gateway", "--for", doctor.email), "There is a client called gateway"),
        (("other", "--for", "nobody@example.org"), "Nobody signs in as"),
        (("other", "--renew"), "There is no client called other"),
        (("other",), "required"),
    ):
        with pytest.raises(CommandError, match=said):
            command(*words)


@pytest.mark.parametrize(
    ("data", "status", "error"),
    [
        ({"grant_type": "password", "username": "a", "password": "b"}, 400, "unsupported_grant"),
        ({"grant_type": "authorization_code", "code": "x"}, 400, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:device_code"}, 400, "unsupported_grant"),
        ({}, 400, "invalid_request"),
        (GRANT | {"scope": "system/*.cruds"}, 400, "invalid_scope"),
        (GRANT | {"scope": "\0"}, 400, "invalid_scope"),
        (GRANT | {"resource": "x"}, 400, "invalid_target"),
    ],
)
def test_a_token_is_given_for_client_credentials_alone(machine, data, status, error):
    answer = Client().post("/oauth/token", data, headers=basic(*machine))
    assert answer.status_code == status
    assert answer.json()["error"].startswith(error)
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        basic("\0", "x"),
        basic("x", "\0"),
        {"Authorization": "Basic ////"},
        {"Authorization": "Basic"},
        {"Authorization": "Bearer x"},
        {},
    ],
)
def test_a_stranger_gets_no_token(machine, headers):
    for data in (GRANT, GRANT | {"client_id": "\0", "client_secret": "\0"}):
        answer = Client().post("/oauth/token?%zz", data, headers=headers)
        assert answer.status_code in (400, 401)
        assert answer.json()["error"] in ("invalid_client", "invalid_request")


def test_tokens_are_not_given_without_end(machine, settings):
    settings.ACCOUNT_RATE_LIMITS = {"token": "2/m/ip"}
    answers = [Client().post("/oauth/token", GRANT, headers=basic("x", "y")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[2]["Retry-After"] == "60"


def test_a_token_costs_a_page_of_tasks_what_a_session_does(
    client, doctor, bearer, case, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(doctor)
    with django_assert_max_num_queries(10) as by_session:
        ask(client, "Task")
    with django_assert_num_queries(len(by_session)):
        ask(Client(), "Task", **bearer)
