"""The walls under load and at the start: nothing of one clinic in an answer to another one."""

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Application

from accounts.rls import ALL, clinics
from nmdtracker.embedded import testing
from nmdtracker.embedded.paths import ROOT, secret
from patients.models import Patient
from tests import make

THREADS, REQUESTS = 4, 30


@pytest.fixture
def two_clinics(transactional_db):
    """{name in the clinic's charts: a clinician of it}."""
    with clinics(ALL):
        people = {}
        for code in ("north", "south"):
            clinic = make.clinic(code)
            people[code] = make.user(clinic, "clinician")
            patient = make.patient(clinic, family_name=f"Of{code}", mrn="1")
            make.case(patient, clinician=people[code], on="2026-05-04")
        return people


def test_threads_never_see_the_other_clinic(two_clinics):
    """Requests of two clinics alternate on the same connections; some of them fail on purpose."""
    wrong, patients = [], {}
    with clinics(ALL):
        for code, person in two_clinics.items():
            patients[code] = f"Patient/{Patient.objects.get(family_name=f'Of{code}').pk}"
            client = Application.objects.create(user=person, name=code)
            expires = timezone.now() + timedelta(minutes=5)
            AccessToken.objects.create(
                application=client, token=code, expires=expires, scope="system/Task.rs"
            )

    def ask(number):
        for turn in range(REQUESTS):
            mine, other = ("north", "south") if (turn + number) % 2 else ("south", "north")
            client = Client(raise_request_exception=False)
            client.force_login(two_clinics[mine])
            if turn % 10 == 9:
                client.get("/cases/999999/")
                client.post("/patients/new/", {"birth": "\x00"})
            page = client.get("/worklist/").content.decode()
            if f"Of{other}" in page or f"Of{mine}" not in page:
                wrong.append((number, turn))
            if set(seen_by_token(mine)) != {patients[mine]}:
                wrong.append((number, turn, "token"))
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_setting('nmd.clinics', true)")
                if cursor.fetchone()[0]:
                    wrong.append("a clinic lingers on the connection")
        connection.close()

    threads = [threading.Thread(target=ask, args=[number]) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def seen_by_token(code):
    """Whose Tasks a machine is given."""
    found = Client().get("/fhir/Task", headers={"Authorization": f"Bearer {code}"}).json()
    return [entry["resource"]["for"]["reference"] for entry in found["entry"]]


def test_a_page_shows_the_same_rows_as_the_query(two_clinics):
    from workflows.models import Step

    client = Client()
    client.force_login(two_clinics["north"])
    page = client.get("/worklist/").content.decode()
    with clinics(ALL):
        expected = Step.objects.open().filter(patient__family_name="Ofnorth")
        keys = list(expected.values_list("pk", flat=True))
    assert keys
    assert all(f"/steps/{key}/peek/" in page for key in keys)


def start(url):
    """Import the site as its server does."""
    return subprocess.run(
        [sys.executable, "-c", "import nmdtracker.wsgi"],
        env=testing.environment(connection.settings_dict["NAME"], DATABASE_URL=url),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_site_whose_role_could_see_everything_does_not_start(transactional_db):
    name = connection.settings_dict["NAME"]
    good = testing.database_url("app", name)
    assert start(good).returncode == 0
    strong = good.replace("nmd_app", "postgres").replace(
        secret("postgres-app"), secret("postgres-superuser")
    )
    refused = start(strong)
    assert refused.returncode != 0
    assert "bypasses row-level security" in refused.stderr
