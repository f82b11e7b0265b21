"""What every test can rely on."""

import pytest
from django.db import connection

from nmdtracker.embedded import testing


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """The test database, migrated by its owner and used by the role that serves."""
    with testing.as_application(connection):
        yield
