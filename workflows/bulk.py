"""Many rows in one statement, at a fraction of the time of `bulk_update`.

Django's `bulk_update` writes a CASE for each column and resolves an expression for each value: for
the steps of a case that took longer than all other work of settling it.
"""

from django.db import connection


def update_rows(rows, names):
    """Write the fields `names` of saved rows of one model as they now stand in memory."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [meta.pk, *(meta.get_field(name) for name in names)]
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in fields]
    casts = ", ".join(f"%s::{field.db_type(connection)}" for field in _plain(fields))
    more = ", ".join(["%s"] * len(fields))
    lines = ", ".join([f"({casts})", *[f"({more})"] * (len(rows) - 1)])
    changes = ", ".join(f"{column} = new.{column}" for column in columns[1:])
    table = quote(meta.db_table)
    sql = (
        f"UPDATE {table} SET {changes} "  # noqa: S608 - names of our own models only
        f"FROM (VALUES {lines}) AS new ({', '.join(columns)}) "
        f"WHERE {table}.{columns[0]} = new.{columns[0]}"
    )
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _plain(fields):
    """A foreign key has the type of what it points at."""
    return [field.target_field if field.is_relation else field for field in fields]
