"""Write several columns of several steps in one statement.

Django's bulk_update builds a CASE for each column and row; with a case's 25 steps that took longer
than everything else that an act does.
"""

import json

from django.db import connection, models

from workflows.models import Step


def write_columns(steps, names):
    """UPDATE the fields `names` of these steps with the values they have now."""
    fields = [Step._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    columns = [quote(field.column) for field in fields]
    assignments = ", ".join(
        f"{column} = v.{column}::{field.db_type(connection)}"
        for field, column in zip(fields, columns, strict=True)
    )
    arrays = ", ".join("%s::text[]" for _ in fields)
    sql = (
        f"UPDATE {quote(Step._meta.db_table)} AS step SET {assignments} "  # noqa: S608
        f"FROM unnest(%s::bigint[], {arrays}) AS v(key, {', '.join(columns)}) WHERE step.id = v.key"
    )
    values = [[_text(field, getattr(step, field.attname)) for step in steps] for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, [[step.pk for step in steps], *values])


def _text(field, value):
    """As PostgreSQL reads it back into the column's type."""
    if isinstance(field, models.JSONField):
        return json.dumps(value)
    return None if value is None else str(value)
