"""Static files for tests: served from where they lie, and a name without a file is an error."""

from functools import cache

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@cache
def _exists(name):
    return finders.find(name) is not None


class FoundFiles(StaticFilesStorage):
    """As strict about names as the manifest of production, without collecting."""

    def url(self, name):
        if not _exists(name):
            raise ValueError(f"There is no static file {name!r}.")
        return super().url(name)
