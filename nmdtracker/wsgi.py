import ctypes
import gc
import os
from contextlib import suppress
from importlib import import_module

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

M_MMAP_THRESHOLD = -3  # malloc.h

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmdtracker.settings")
application = get_wsgi_application()

from nmdtracker.guard import refuse_weakness  # noqa: E402  # needs the settings

refuse_weakness()
# what first requests would load is loaded now, before the web server forks: once for all processes
get_resolver().url_patterns  # noqa: B018 - every view
for name in ("accounts.hashers", "django.conf.locale.en_GB.formats", "holidays.countries", "redis"):
    import_module(name)
with suppress(AttributeError):  # glibc alone: the 19 MiB of a password go back, and are not kept
    ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 1024 * 1024)
gc.collect()
gc.freeze()  # what is loaded stays shared by the forked processes, and no collection walks it
