"""A person's columns and keys are hers, and cost no page a query."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Preferences

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def test_columns_are_chosen_per_person(client, case, doctor, coordinator):
    client.force_login(coordinator)
    assert "What is known" in text(client.get("/worklist/?tab=open"))
    client.post("/preferences/", {"columns": ["owner", "days"], "single_keys": "on"})
    shown = text(client.get("/worklist/?tab=open"))
    assert "What is known" not in shown
    assert '<th scope="col">Owner</th>' in shown
    client.force_login(doctor)
    assert "What is known" in text(client.get("/worklist/?tab=open"))


def test_single_keys_are_switched_off(client, case, coordinator):
    client.force_login(coordinator)
    assert "data-nt-keys" not in text(client.get("/"))
    client.post("/preferences/", {"columns": ["owner"]})
    assert 'data-nt-keys="off"' in text(client.get("/"))


def test_nonsense_is_refused_and_nothing_is_kept(client, case, coordinator):
    client.force_login(coordinator)
    refused = client.post("/preferences/", {"columns": ["owner", "salary"]})
    assert "salary is not one of the available choices" in text(refused)
    assert not Preferences.objects.exists()


def test_wishes_cost_no_query(client, case, coordinator):
    client.force_login(coordinator)
    Preferences.objects.create(user=coordinator, columns=["owner"])
    client.get("/worklist/?tab=open")
    with CaptureQueriesContext(connection) as caught:
        client.get("/worklist/?tab=open")
    assert not [each for each in caught if 'FROM "accounts_preferences"' in each["sql"]]
