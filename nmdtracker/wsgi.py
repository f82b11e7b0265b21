import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nmdtracker.settings")
application = get_wsgi_application()

from nmdtracker.guard import refuse_weakness  # noqa: E402  # needs the settings

refuse_weakness()
