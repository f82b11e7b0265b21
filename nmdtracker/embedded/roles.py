"""The database roles, the same in the embedded cluster and in one that an operator runs.

`nmd_owner` owns the tables and runs migrations; `nmd_app` serves: it reads and writes rows and can
change no table, policy or trigger. Neither is a superuser, so row-level security holds for both.
"""

from contextlib import suppress
from urllib.parse import unquote, urlsplit

import psycopg

OWNER, APP, DATABASE = "nmd_owner", "nmd_app", "nmd"


def quoted(text):
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def passwords(owner, app):
    """Statements that set both passwords."""
    return [
        f"ALTER ROLE {OWNER} PASSWORD {quoted(owner)}",
        f"ALTER ROLE {APP} PASSWORD {quoted(app)}",
    ]


def statements(owner, app):
    """Statements for `template1` that make both roles and the database.

    Default privileges live in the template, so that every database made later (a test's, a
    restore's) has them, too. The owner may make databases: tests and restore drills do.
    """
    common = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOREPLICATION"
    grant = f"ALTER DEFAULT PRIVILEGES FOR ROLE {OWNER} GRANT"
    return [
        f"CREATE ROLE {OWNER} {common} CREATEDB",
        f"CREATE ROLE {APP} {common} NOCREATEDB",
        f"ALTER ROLE {OWNER} SET nmd.clinics = 'all'",  # a migration checks rows of every clinic
        *passwords(owner, app),
        f"{grant} SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP}",
        f"{grant} USAGE, SELECT ON SEQUENCES TO {APP}",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER}",
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {APP}",
    ]


def prepare(admin_url, owner_url, app_url):
    """Make roles and database on an operator's server, as its administrator; may run again."""
    words = [unquote(urlsplit(url).password or "") for url in (owner_url, app_url)]
    with psycopg.connect(admin_url, dbname="template1", autocommit=True) as link:
        for statement in statements(*words):
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.DuplicateDatabase):
                link.execute(statement)
