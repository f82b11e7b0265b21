"""Who asks and where she works: what every page begins with, each in one planned statement."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Clinic, Membership, Preferences, User
from accounts.planned import columns, fetched, instance
from accounts.rls import SETTING

PERSON = f"SELECT {columns(User)} FROM accounts_user WHERE id = %s"  # noqa: S608 - our own words
# the rows of `user.memberships.active(on)`; reading them opens the transaction for their clinics
HELD = f"""
SELECT {columns(Membership, "held")}, {columns(Clinic, "clinic")}, {columns(Preferences, "wishes")},
  set_config('{SETTING}', string_agg(held.clinic_id::text, ',') OVER (), true)
FROM accounts_membership AS held
JOIN accounts_clinic AS clinic ON clinic.id = held.clinic_id
LEFT JOIN accounts_preferences AS wishes ON wishes.user_id = held.user_id
WHERE held.user_id = %(user)s AND held.starts_on <= %(on)s
  AND (held.ends_on IS NULL OR held.ends_on >= %(on)s)
ORDER BY held.clinic_id
"""  # noqa: S608
OF_CLINIC = len(Membership._meta.concrete_fields)
OF_WISHES = OF_CLINIC + len(Clinic._meta.concrete_fields)


class Backend(AuthenticationBackend):
    """Signs in by e-mail and password."""

    def get_user(self, user_id):
        found = fetched(PERSON, [User._meta.pk.to_python(user_id)])
        user = instance(User, found[0]) if found else None
        return user if self.user_can_authenticate(user) else None


def held_by(user, on) -> list[Membership]:
    """Her memberships of a day, each with its clinic; her preferences come along.

    Inside a transaction: what follows in it sees the rows of these clinics and no others.
    """
    held = []
    for row in fetched(HELD, {"user": user.pk, "on": on}):
        membership = instance(Membership, row[:OF_CLINIC])
        membership.user, membership.clinic = user, instance(Clinic, row[OF_CLINIC:OF_WISHES])
        wishes = instance(Preferences, row[OF_WISHES:-1]) if row[OF_WISHES] else None
        User._meta.get_field("preferences").set_cached_value(user, wishes)
        held.append(membership)
    return held
