"""Tests meet the database as the site does: as the role that serves, in a cluster of their own."""

import subprocess
import sys

import psycopg
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import ProgrammingError, connection

from nmdtracker.embedded import testing
from nmdtracker.embedded.paths import ROOT

CHANGES = (
    "CREATE TABLE t (id int)",
    "ALTER TABLE accounts_user ADD t int",
    "DROP TABLE audit_event",
)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", CHANGES)
def test_the_role_of_tests_changes_no_table(statement):
    with connection.cursor() as cursor, pytest.raises(ProgrammingError):
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_role_of_tests_is_bound_by_row_level_security():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("nmd_app", False, False)


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_no_rows():
    ContentType.objects.get_for_model(ContentType)
    kept = ContentType.objects.count()
    url = testing.database_url("owner", connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE TABLE left_behind AS SELECT 1 AS number")
        testing.empty_tables(connection.settings_dict["NAME"])
        assert owner.execute("SELECT count(*) FROM left_behind").fetchone() == (0,)
        owner.execute("DROP TABLE left_behind")
    assert ContentType.objects.count() == kept, "what migrations made stays"


@pytest.mark.django_db
def test_a_process_of_the_site_can_work_on_the_test_database():
    name = connection.settings_dict["NAME"]
    code = "from nmdtracker.settings import DATABASES as d; print(d['default'])"
    command = [sys.executable, "-c", code]
    said = subprocess.check_output(command, env=testing.environment(name), text=True, cwd=ROOT)
    assert f"'NAME': '{name}'" in said
    assert "'USER': 'nmd_app'" in said


def test_the_owner_sees_every_clinic_and_the_serving_role_none_by_itself(db):
    """A migration checks the rows that are there; only a role of its own may look at all."""
    name = connection.settings_dict["NAME"]
    for role, expected in (("owner", "all"), ("app", None)):
        with psycopg.connect(testing.database_url(role, name)) as link:
            found = link.execute("SELECT current_setting('nmd.clinics', true)").fetchone()[0]
            assert found == expected
