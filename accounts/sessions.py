"""The engine of sessions: Django's, its one look-up of every request planned once."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.planned import columns, fetched, instance

LIVE = (
    f"SELECT {columns(Session)} FROM django_session"  # noqa: S608 - our own words only
    " WHERE session_key = %s AND expire_date > %s"
)


class SessionStore(db.SessionStore):
    def _get_session_from_db(self):
        found = fetched(LIVE, [self.session_key, timezone.now()])
        if not found:
            self._session_key = None
            return None
        return instance(Session, found[0])
