"""A site that could look past its second wall does not start."""

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

TOO_STRONG = "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
UNGUARDED = """
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND a.attname = 'clinic_id' AND NOT a.attisdropped
      AND c.relname <> 'accounts_membership' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
    ORDER BY 1
"""


def weakness():
    """What is wrong with the database as this process sees it, in a sentence, or ""."""
    with connection.cursor() as cursor:
        cursor.execute(TOO_STRONG)
        if cursor.fetchone()[0]:
            return "The database role bypasses row-level security; serve as nmd_app."
        cursor.execute(UNGUARDED)
        open_tables = [name for (name,) in cursor.fetchall()]
    return f"No row-level security on {', '.join(open_tables)}." if open_tables else ""


def refuse_weakness():
    """Raise ImproperlyConfigured before the first request is answered.

    Leaves no connection behind: the web server forks its workers after this, and two processes
    must not speak over one.
    """
    try:
        found = weakness()
    finally:
        connection.close()
    if found:
        raise ImproperlyConfigured(found)
