"""Fills an empty, migrated database with a stock of any size in a few statements.

The generator connects as the cluster's superuser: row history and append-only triggers are for
what people do, and would double the load. What the triggers and foreign keys would have refused is
looked for afterwards (`broken_references`).
"""

from pathlib import Path

import psycopg
from argon2 import PasswordHasher
from psycopg import sql
from psycopg.types.json import Jsonb

from bench import names

PASSWORD = "long enough for a bench"
ONE_SITE, THREE_SITES, TEN_SITES = (f"{name}@bench.example" for name in ("user-1", "three", "ten"))
SQL = Path(__file__).parent / "sql"
TEMPORARY = {
    "names": "kind text, n int, name text, folded text",
    "tails": "name text, tail text",
    "kinds": "line int, position int, pathway text, code text, modality text, label text, "
    "captures jsonb, by_order boolean",
}
TABLES = (
    *("accounts_clinic", "accounts_user", "accounts_membership", "audit_event"),
    *("patients_patient", "patients_identifier", "patients_nametail", "patients_relative"),
    *("workflows_case", "workflows_casepathway", "workflows_step", "workflows_tally"),
    *("workflows_stepname", "workflows_proposal", "workflows_diagnosis"),
)


def clinics_for(steps):
    """Sites in a stock: 20 up to 200,000 steps, 50 at a million, 200 at ten million."""
    return next((n for most, n in ((200_000, 20), (1_000_000, 50)) if steps <= most), 200)


SITES = {  # whose clinics a person sees
    ONE_SITE: "1",
    THREE_SITES: "1,2,3",
    TEN_SITES: ",".join(map(str, range(1, 11))),
}
MIXED, BUSY = (30, 40), (100, 80)  # per cent of cases under way; of the steps of those open


def load(link, steps, *, seed=1, clinics=None, shares=MIXED):
    """Make `steps` steps (a multiple of 20) in the empty database of `link`, a superuser's.

    Raises ValueError when a row points at nothing or at another clinic's row.
    """
    with link.transaction():
        link.execute("SET LOCAL session_replication_role = replica")  # neither triggers nor keys
        link.execute("SET LOCAL work_mem = '256MB'")
        under_way, is_open = shares
        wishes = {"seed": seed, "under_way": under_way, "open": is_open}
        _prepare(
            link, wishes | {"steps": steps - steps % 20, "clinics": clinics or clinics_for(steps)}
        )
        for name in ("people.sql", "steps.sql"):
            link.execute((SQL / name).read_text())
        for table in TABLES:
            link.execute(
                sql.SQL(
                    "SELECT setval(pg_get_serial_sequence({}, 'id'), coalesce(max(id), 1)) FROM {}"
                ).format(table, sql.Identifier(table))
            )
        link.execute("DISCARD TEMP")
        if broken := broken_references(link):
            raise ValueError(f"The stock breaks {broken}")


def _prepare(link, wishes):
    password = "argon2" + PasswordHasher(2, 19 * 1024, 1).hash(PASSWORD)
    for name, value in {**wishes, "password": password}.items():
        link.execute("SELECT set_config(%s, %s, true)", [f"bench.{name}", str(value)])
    for table, columns in TEMPORARY.items():
        link.execute(f"CREATE TEMP TABLE {table} ({columns})")
        with link.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in getattr(names, table)():
                copy.write_row([Jsonb(v) if isinstance(v, list) else v for v in row])
        link.execute(f"ANALYZE {table}")


KEYS = """
SELECT conname, conrelid::regclass::text, confrelid::regclass::text,
       (SELECT array_agg(attname::text ORDER BY at) FROM unnest(conkey) WITH ORDINALITY u (n, at)
        JOIN pg_attribute ON attrelid = conrelid AND attnum = n),
       (SELECT array_agg(attname::text ORDER BY at) FROM unnest(confkey) WITH ORDINALITY u (n, at)
        JOIN pg_attribute ON attrelid = confrelid AND attnum = n)
FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)
"""


def broken_references(link):
    """Names of the foreign keys of the stock's tables that a row does not keep."""
    broken = []
    for name, table, parent, columns, keys in link.execute(KEYS, [list(TABLES)]).fetchall():
        pairs = [f"p.{key} = c.{column}" for key, column in zip(keys, columns, strict=True)]
        given = [f"c.{column} IS NOT NULL" for column in columns]
        missing = f"NOT EXISTS (SELECT FROM {parent} p WHERE {' AND '.join(pairs)})"
        found = f"SELECT EXISTS (SELECT FROM {table} c WHERE {' AND '.join([*given, missing])})"
        if link.execute(found).fetchone()[0]:
            broken.append(name)
    return broken


def tidy(link):
    """Statistics, visibility map and a checkpoint, so that no background work disturbs a round.

    `link` is in autocommit mode.
    """
    link.execute("VACUUM (ANALYZE)")
    link.execute("CHECKPOINT")


def count(link):
    """Steps in the database; 0 when there is no table yet."""
    try:
        return link.execute("SELECT count(*) FROM workflows_step").fetchone()[0]
    except psycopg.errors.UndefinedTable:
        return 0
