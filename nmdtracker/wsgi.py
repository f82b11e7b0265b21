import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmdtracker.settings")
application = get_wsgi_application()

from nmdtracker.guard import refuse_weakness  # noqa: E402  # needs the settings

refuse_weakness()
get_resolver().url_patterns  # noqa: B018 - loads every view now, before the web server forks
gc.collect()
gc.freeze()  # what is loaded stays shared by the forked processes, and no collection walks it
