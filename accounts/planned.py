"""Statements of our own that PostgreSQL plans once a session, and not at every request again.

The ORM writes a statement anew each time and PostgreSQL plans it anew: for what every page asks
first, and for the long lists, both cost more than the answer does.
"""

from functools import cache

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.types.datetime import TimestamptzLoader


def fetched(statement, values=None) -> list[tuple]:
    """All rows of `statement`. Values are sent beside it: where nothing says their type, cast."""
    with _cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _cursor():
    if connection.queries_logged:  # whoever reads the log wants the values in the statement
        return connection.cursor()
    connection.ensure_connection()
    cursor = ServerBindingCursor(connection.connection)
    # instants by psycopg's own reader: Django's, in Python, takes five times as long
    cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
    return connection.make_cursor(cursor)


def columns(model, table="") -> str:
    """What `instance` takes, as a statement selects it: "held.id, held.role"."""
    table = table or model._meta.db_table
    return ", ".join(f"{table}.{field.column}" for field in model._meta.concrete_fields)


def instance(model, values):
    """An instance of `model` from the columns of a row."""
    names, converted = _fields(model)
    values = list(values)
    for n, convert in converted:
        values[n] = convert(values[n], None, connection)
    return model.from_db(connection.alias, names, values)


@cache
def _fields(model):
    fields = model._meta.concrete_fields
    converted = [(n, each.from_db_value) for n, each in enumerate(fields) if _converts(each)]
    return [field.attname for field in fields], converted


def _converts(field):
    return hasattr(field, "from_db_value")
