"""The statements of a page: `python -m bench.queries URL EMAIL ...` prints them as JSON."""

import json
import os
import sys

import django


def statements(url, email):
    """SQL of the second request for `url`, with its values; savepoints left out."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from accounts.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(email=email))
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}")
    return [each["sql"] for each in captured if each["sql"].split()[0] not in LEFT_OUT]


LEFT_OUT = {"BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmdtracker.settings")
    django.setup()
    asked = zip(sys.argv[1::2], sys.argv[2::2], strict=True)
    json.dump([statements(url, email) for url, email in asked], sys.stdout)
