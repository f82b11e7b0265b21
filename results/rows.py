"""The rows of a result, whatever their number and tables, in one statement."""

from django.db import connection
from django.db.models.sql import InsertQuery


def insert_rows(tables, beside=()):
    """Insert unsaved rows (of a result, and its events); `tables` holds a list for each model.

    An exam has five tables: as data-modifying CTEs they cost one way to the database, not five.
    Keys are given by the database and not read back. beside: pairs of SQL and parameters that go
    the same way.
    """
    statements = [*beside, *(_insert(rows) for rows in tables if rows)]
    if not statements:
        return
    *others, (last, _) = statements
    named = ", ".join(f"t{at} AS ({sql})" for at, (sql, _) in enumerate(others))
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH {named} {last}" if named else last,
            [value for _, values in statements for value in values],
        )


def _insert(rows):
    """(SQL, parameters) as Django's bulk_create writes them."""
    model = type(rows[0])
    query = InsertQuery(model)
    query.insert_values(
        [each for each in model._meta.concrete_fields if not each.primary_key], rows
    )
    [statement] = query.get_compiler(connection=connection).as_sql()
    return statement
