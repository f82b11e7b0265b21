"""PostgreSQL, Redis and a mail sink without configuration, shared by all processes of a clone.

`database()`, `redis_url()`, `broker_url()` and `email_url()` answer from the environment where an
operator has set DATABASE_URL, REDIS_URL or EMAIL_URL; what is not set is started. The first process
that asks starts a keeper (`keeper.py`), which runs the servers; the others attach to it. Whoever
asked holds a lock while alive; when nobody has held it for NMD_IDLE_SECONDS the keeper stops all.
"""

import os
from functools import cache
from urllib.parse import quote

from .client import attach
from .paths import Home, Unavailable, secret

__all__ = [
    "Home",
    "Unavailable",
    "broker_url",
    "database",
    "email_url",
    "ensure",
    "redis_url",
    "secret",
    "secret_key",
    "var_dir",
]


@cache
def _services(home):
    return attach(home)


def ensure():
    """Start or find the services that the environment does not name; returns their addresses."""
    return _services(Home.current())


def var_dir():
    """The folder of this instance's data."""
    return Home.current().path


def secret_key():
    """Django's secret key: made at the first start, then kept."""
    return secret("django-secret-key")


def database(role=None):
    """Django's settings of the database for a role: "app" serves, "owner" changes tables.

    Without an argument NMD_DB_ROLE says which; `manage.py` sets it for the commands that migrate.
    """
    role = role or os.environ.get("NMD_DB_ROLE", "app")
    url = os.environ.get("DATABASE_URL")
    if url:
        import dj_database_url

        owner = os.environ.get("DATABASE_OWNER_URL", url)
        return dj_database_url.parse(owner if role == "owner" else url)
    found = ensure()["postgres"]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": found["name"],
        "USER": f"nmd_{role}",
        "PASSWORD": secret(f"postgres-{role}"),
        "HOST": found["host"],
        "PORT": found["port"],
    }


def redis_url():
    """Address of Redis as redis-py and Django's cache read it."""
    url = os.environ.get("REDIS_URL")
    if url:
        return url.replace("redis+socket://", "unix://", 1)
    return f"unix://{quote(ensure()['redis']['socket'])}"


def broker_url():
    """Address of Redis as Celery reads it."""
    return redis_url().replace("unix://", "redis+socket://", 1)


def email_url():
    """Address of the mail server; without one, of the sink that `outbox.messages()` reads."""
    return os.environ.get("EMAIL_URL") or f"smtp://127.0.0.1:{ensure()['mail']['port']}"
