"""Pytest plugin: each test session, each worker of one too, has its own PostgreSQL and Redis.

The addresses are fixed before Django reads its settings; the servers start once it is known that a
test will need them, in a folder of their own, and end with the session, also when it is killed.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from . import browser, roles
from .paths import ROOT, Home, read_json, secret, write_private
from .processes import spawn
from .template import MIGRATED, Templates, copy_secrets

START_S = 60
NEED_NONE = ("clinical", "embedded")  # rooms whose tests use no database, or their own
MADE_BY_MIGRATIONS = {"django_migrations", "django_content_type", "auth_permission"}
LEFT_OUT = pytest.StashKey[int]()
KEEPER = pytest.StashKey[subprocess.Popen]()


def temporary_folder():
    """A private folder with a short name, because sockets have short names only."""
    base = tempfile.gettempdir()
    path = Path(tempfile.mkdtemp(prefix="nmd-test-", dir=base if len(base) < 40 else "/tmp"))  # noqa: S108
    if os.geteuid() == 0:
        path.chmod(0o711)  # the server's user passes through to what is its own
    return path


def database_url(role, name="nmd"):
    """Address of a database of the test cluster for "owner" or "app"."""
    home = Home.current()
    host = quote(str(home.postgres() / "run"), safe="")
    return f"postgres://nmd_{role}:{secret(f'postgres-{role}', home)}@{host}/{name}"


def environment(name, **more):
    """Variables for a process of the site (a worker, say) on the test database called `name`.

    It sees what was committed: use it in tests with `transaction=True`.
    """
    urls = {
        "DATABASE_URL": database_url("app", name),
        "DATABASE_OWNER_URL": database_url("owner", name),
    }
    return {**os.environ, **urls, "NMD_DB_ROLE": "app", **more}


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    """Come before pytest-django, which reads the settings in the same hook."""
    # a worker of pytest-xdist is a session with servers of its own; all share the kept clusters
    cache = os.environ.setdefault("NMD_TEST_CACHE", str(Home.current().path / "cache"))
    home = Home(temporary_folder())
    atexit.register(shutil.rmtree, home.path, ignore_errors=True)
    os.environ["NMD_VAR_DIR"] = str(home.path)
    os.environ["NMD_DB_ROLE"] = "owner"  # makes the test database; see `as_application`
    _choose_template(Templates(cache), home)
    os.environ["DATABASE_URL"] = database_url("app")
    os.environ["DATABASE_OWNER_URL"] = database_url("owner")
    os.environ["REDIS_URL"] = f"unix://{quote(str(home.run / 'redis.sock'))}"
    os.environ["EMAIL_URL"] = "smtp://127.0.0.1:9"  # the discard port: Django's tests keep mail
    return (yield)


def _choose_template(templates, home):
    """Tell the keeper what to copy and where to keep what it had to make."""
    best = templates.best()
    os.environ["NMD_TEST_TEMPLATE"] = str(best or "")
    os.environ["NMD_TEST_EMPTY"] = str(templates.empty)
    os.environ["NMD_TEST_MIGRATED"] = str(templates.migrated)
    if best:
        copy_secrets(best, home)


def pytest_collection_modifyitems(config, items):
    """Without a Chromium the browser tests are left out, said in the summary; in CI they fail."""
    wanted = [item for item in items if item.get_closest_marker("browser")]
    if wanted and not os.environ.get("CI") and not browser.find():
        items[:] = [item for item in items if item not in wanted]
        config.hook.pytest_deselected(items=wanted)
        config.stash[LEFT_OUT] = len(wanted)


def pytest_terminal_summary(terminalreporter, config):
    if count := config.stash.get(LEFT_OUT, 0):
        terminalreporter.write_line(f"No Chromium: {count} browser tests are left out.")


def pytest_collection_finish(session):
    config = session.config
    if config.option.collectonly or not any(map(_needs_services, session.items)):
        return
    home = Home.current()
    command = [sys.executable, "-m", "nmdtracker.embedded.keeper", "--fast", "--temporary"]
    keeper = spawn([*command, "postgres", "redis"], log=home.logs / "keeper.log")
    config.stash[KEEPER] = keeper
    deadline = time.monotonic() + START_S
    while not read_json(home.state):
        if keeper.poll() is not None or time.monotonic() > deadline:
            logs = "".join(path.read_text() for path in home.logs.glob("*.log"))
            pytest.exit(f"The test services did not start:\n{logs}", returncode=3)
        time.sleep(0.02)

    if _is_migrated():
        from django.db import connections

        connections["default"].settings_dict["TEST"]["TEMPLATE"] = MIGRATED


def _is_migrated():
    return os.environ["NMD_TEST_TEMPLATE"] == os.environ["NMD_TEST_MIGRATED"]


def _needs_services(item):
    return not any(item.path.is_relative_to(ROOT / "tests" / room) for room in NEED_NONE)


def pytest_unconfigure(config):
    keeper = config.stash.get(KEEPER, None)
    if keeper:
        keeper.send_signal(signal.SIGTERM)
        keeper.wait()


@contextmanager
def as_application(connection):
    """Let Django speak to its test database as the role that serves, and as the owner at the end.

    The owner makes and drops the database; what happens between must work without its rights.
    """
    from django.test import TransactionTestCase

    settings = connection.settings_dict
    owner = settings["USER"], settings["PASSWORD"]
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _: empty_tables(settings["NAME"])
    _change_user(connection, roles.APP, secret("postgres-app"))
    if not _is_migrated():
        _keep_migrated(settings["NAME"])
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = flush
        _change_user(connection, *owner)


def _keep_migrated(name):
    """Set the fresh test database aside for the sessions to come: migrating takes seconds."""
    with psycopg.connect(database_url("owner", name)) as link:
        done = link.execute("SELECT to_regclass('django_migrations')").fetchone()[0]
    if done:  # not with --nomigrations
        with psycopg.connect(database_url("owner"), autocommit=True) as link:
            names = sql.Identifier(MIGRATED), sql.Identifier(name)
            link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        write_private(Home.current().run / "keep", os.environ["NMD_TEST_MIGRATED"])


def _change_user(connection, user, password):
    connection.close()
    if connection.settings_dict.get("OPTIONS", {}).get("pool"):
        connection.close_pool()
    connection.settings_dict.update(USER=user, PASSWORD=password)


def empty_tables(name):
    """Empty the tables of the database `name` after a test that committed.

    Append-only tables refuse that from the roles of the site, so the cluster's superuser does it.
    """
    home = Home.current()
    login = {"user": "postgres", "password": secret("postgres-superuser", home)}
    address = {"host": str(home.postgres() / "run"), "dbname": name, "autocommit": True}
    with psycopg.connect(**login, **address) as link:
        link.execute("SET session_replication_role = replica")  # no triggers
        found = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted({table for (table,) in found} - MADE_BY_MIGRATIONS)
        if tables:
            names = sql.SQL(", ").join(map(sql.Identifier, tables))
            link.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
