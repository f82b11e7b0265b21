"""Who asks and where she works: what every page begins with, in one planned statement."""

from allauth.account.auth_backends import AuthenticationBackend
from django.utils import timezone

from accounts.models import Clinic, Membership, Preferences, User
from accounts.planned import columns, fetched, instance
from accounts.rls import NONE, SETTING

# a person, beside her the rows of `memberships.active(on)`, else one row without any; reading
# them opens the transaction for their clinics
AT_WORK = f"""
SELECT {columns(User, "person")}, {columns(Membership, "held")}, {columns(Clinic, "clinic")},
  {columns(Preferences, "wishes")},
  set_config('{SETTING}', coalesce(string_agg(held.clinic_id::text, ',') OVER (), '{NONE}'), true)
FROM accounts_user AS person
LEFT JOIN accounts_membership AS held ON held.user_id = person.id AND held.starts_on <= %(on)s
  AND (held.ends_on IS NULL OR held.ends_on >= %(on)s)
LEFT JOIN accounts_clinic AS clinic ON clinic.id = held.clinic_id
LEFT JOIN accounts_preferences AS wishes ON wishes.user_id = person.id
WHERE person.id = %(person)s ORDER BY held.clinic_id
"""  # noqa: S608 - our own words only
PARTS = (User, Membership, Clinic, Preferences)


class Backend(AuthenticationBackend):
    """Signs in by e-mail and password."""

    def get_user(self, user_id):
        user = at_work(user_id)
        return user if self.user_can_authenticate(user) else None


def at_work(user_id, on=None) -> User | None:
    """A person with her preferences and, as `current_memberships`, her roles of a day (today).

    Inside a transaction: what follows in it sees the rows of their clinics and no others.
    """
    values = {"person": User._meta.pk.to_python(user_id), "on": on or timezone.localdate()}
    found = [list(_parts(row)) for row in fetched(AT_WORK, values)]
    if not found:
        return None
    user, _, _, wishes = found[0]
    User._meta.get_field("preferences").set_cached_value(user, wishes)
    user.current_memberships = []
    for _, membership, clinic, _ in found:
        if membership:
            membership.user, membership.clinic = user, clinic
            user.current_memberships.append(membership)
    return user


def _parts(row):
    """An instance of each of PARTS, or None where a row has none."""
    for model in PARTS:
        size = len(model._meta.concrete_fields)
        values, row = row[:size], row[size:]
        yield None if values[0] is None else instance(model, values)
