"""What every test can rely on."""

import hypothesis
import pytest
from django.conf import settings
from django.db import connection

from accounts.rls import ALL, clinics
from nmdtracker.embedded import testing
from tests import make

# what a test draws does not get slower to think of on a busy machine
hypothesis.settings.register_profile(
    "busy", suppress_health_check=[hypothesis.HealthCheck.too_slow], deadline=None
)
hypothesis.settings.load_profile("busy")


def pytest_configure():
    """Before anything asks for a static file: production's storage wants them collected."""
    settings.STORAGES["staticfiles"] = {"BACKEND": "tests.found.FoundFiles"}
    settings.STATIC_ROOT.mkdir(exist_ok=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """The test database, migrated by its owner and used by the role that serves."""
    with testing.as_application(connection):
        yield


@pytest.fixture
def rows(db):
    """The database with every clinic in sight, as a worker sees it."""
    with clinics(ALL):
        yield


@pytest.fixture
def clinic(rows):
    return make.clinic()


@pytest.fixture
def doctor(clinic):
    return make.user(clinic, "clinician", title="Dr", given_name="Miriam", family_name="Castell")


@pytest.fixture
def coordinator(clinic):
    return make.user(clinic, "coordinator", given_name="Noor", family_name="Hendriks")


@pytest.fixture
def patient(clinic, doctor):
    return make.patient(clinic, doctor, mrn="0047-2291")


@pytest.fixture
def case(patient, doctor, coordinator):
    return make.case(patient, doctor, clinician=doctor, coordinator=coordinator)


@pytest.fixture
def media(settings, tmp_path):
    """A folder of its own for attached files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT
