"""The benchmarks' stock is a stock the product can serve, and their harness runs."""

import psycopg
import pytest
from django.db import connection

from accounts.rls import ALL, clinics
from bench import limits, pages, stock
from bench.figures import Figure, table
from bench.queries import statements
from nmdtracker.embedded import Home
from nmdtracker.embedded.paths import secret
from nmdtracker.embedded.testing import empty_tables
from workflows.models import Step

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def superuser():
    home = Home.current()
    login = {"user": "postgres", "password": secret("postgres-superuser", home)}
    place = {"host": str(home.postgres() / "run"), "dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**login, **place, autocommit=True) as link:
        yield link


def counts(link):
    (case,) = link.execute(pages.CASE).fetchone()
    urls = pages.addresses(case, "2001-01-01_1")
    return {page: len(statements(*address)) for page, address in urls.items()}


def test_a_page_asks_no_more_of_a_larger_stock(superuser):
    stock.load(superuser, 4000, clinics=2)
    few = counts(superuser)
    empty_tables(connection.settings_dict["NAME"])
    stock.load(superuser, 8000, clinics=2)
    assert counts(superuser) == few
    assert few["worklist"] <= 6
    assert few["chart"] <= 8


def test_the_stock_is_the_size_asked_for_and_the_same_for_the_same_seed(superuser):
    stock.load(superuser, 1000, clinics=4, seed=7)
    asked = "SELECT md5(string_agg(s::text, '' ORDER BY id)) FROM workflows_step s"
    with clinics(ALL):
        found, is_open = Step.objects.count(), Step.objects.open().count()
    first = superuser.execute(asked).fetchone()
    empty_tables(connection.settings_dict["NAME"])
    stock.load(superuser, 1000, clinics=4, seed=7)
    assert (found, superuser.execute(asked).fetchone()) == (1000, first)
    assert 0.05 < is_open / found < 0.25


def test_a_row_of_another_clinic_would_be_found(superuser):
    stock.load(superuser, 400, clinics=2)
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("UPDATE workflows_step SET clinic_id = 3 - clinic_id WHERE id = 1")
    assert "workflows_step_case_id_same_clinic" in stock.broken_references(superuser)


def test_statements_are_timed_and_figures_judged(superuser):
    stock.load(superuser, 4000, clinics=2)
    (case,) = superuser.execute(pages.CASE).fetchone()
    for least in limits.least(case, "lind", "0000").values():
        assert limits.milliseconds(superuser, least, repeats=1) > 0
    lines = table([Figure("(a)", "this", 2.0, "ms", 1.0), Figure("(a)", "that", 1.0, "ms", 1.0)])
    assert "MISSED" in lines[1]
    assert "met" in lines[2]
