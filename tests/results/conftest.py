import pytest


@pytest.fixture
def page(client, doctor, settings):
    """A browser signed in as the clinician; files of the site need not be collected for it."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    client.force_login(doctor)
    return client
