"""The second wall: PostgreSQL shows a session only the rows of the clinics it was opened for.

`clinics(...)` opens a transaction for some clinics; the policies that migrations add with
`row_security(...)` compare each row's `clinic_id` with it. A transaction that named no clinic is
refused with an error, because an empty list would read as "nothing is outstanding".
"""

from contextlib import contextmanager

from django.db import connection, migrations, transaction

ALL, NONE = "all", "none"
SETTING = "nmd.clinics"

CREATE_FUNCTION = """
CREATE FUNCTION nmd_clinics() RETURNS bigint[] LANGUAGE plpgsql STABLE AS $$
DECLARE scope text := current_setting('nmd.clinics', true);
BEGIN
  IF scope IS NULL OR scope = '' THEN
    RAISE EXCEPTION 'No clinic is set for this transaction' USING ERRCODE = '42501';
  ELSIF scope = 'none' THEN
    RETURN '{}';
  ELSIF scope = 'all' THEN
    RETURN ARRAY(SELECT id FROM accounts_clinic);
  END IF;
  RETURN string_to_array(scope, ',')::bigint[];
END $$;
"""
DROP_FUNCTION = "DROP FUNCTION nmd_clinics();"


@contextmanager
def clinics(ids):
    """One transaction that sees the clinics `ids` (an iterable of keys, or ALL) and no other."""
    scope = ids if ids == ALL else ",".join(str(int(pk)) for pk in sorted(ids)) or NONE
    with _restored() as cursor:
        _set(cursor, scope)
        yield


@contextmanager
def clinics_of(read):
    """The same for what `read` reads: its statement sets the scope itself; yields its rows."""
    with _restored() as cursor:
        found = read()
        if not found:
            _set(cursor, NONE)
        yield found


@contextmanager
def _restored():
    """A transaction with a cursor; inside another one, the scope of before comes back."""
    nested = connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        before = _current(cursor) if nested else ""
        yield cursor
        if nested and not connection.needs_rollback:
            _set(cursor, before)


def _set(cursor, scope):
    cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, scope])


def _current(cursor):
    cursor.execute("SELECT current_setting(%s, true)", [SETTING])
    return cursor.fetchone()[0] or ""


def row_security(table, *, nullable=False):
    """Migration operation: only rows of the session's clinics are seen, changed or added.

    nullable: rows without a clinic (a sign-in, say) are everybody's to write and nobody's to hide.
    """
    test = "clinic_id = ANY((SELECT nmd_clinics())::bigint[])"
    test = f"(clinic_id IS NULL OR {test})" if nullable else test
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY;"
        f"CREATE POLICY of_my_clinics ON {table} USING ({test}) WITH CHECK ({test});",
        f"DROP POLICY of_my_clinics ON {table};"
        f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def parent(table):
    """Migration operation: rows of `table` can be pointed at together with their clinic."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_of_clinic UNIQUE (id, clinic_id);",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_of_clinic;",
    )


def same_clinic(table, column, parent_table):
    """Migration operation: `column` may only point at a row of the same clinic.

    Foreign keys look past row-level security, so the clinic has to be part of the key.
    """
    name = f"{table}_{column}_same_clinic"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, clinic_id) "
        f"REFERENCES {parent_table} (id, clinic_id) DEFERRABLE INITIALLY DEFERRED;",
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )
