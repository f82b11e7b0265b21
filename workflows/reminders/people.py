"""Who is told: whoever owns the step, and a second person when it stays late."""

from accounts.models import Preferences, Role
from clinical.pathways import profiles
from workflows.models.reminder import Kind


class Staff:
    """Who works in a clinic on a day: active people and their roles."""

    def __init__(self, roles, wishes=None):
        """roles: pairs of user key and role; wishes: Preferences by user key, where there are."""
        self.wishes = wishes or {}
        self.of_role = {role: set() for role in Role.values}
        for user, role in roles:
            self.of_role[role].add(user)
        self.everybody = set().union(*self.of_role.values())

    def wishes_of(self, user_id):
        return self.wishes.get(user_id) or Preferences()

    def recipients(self, step, moment):
        """Keys of the people who get this message; empty if nobody works there."""
        first = self.first(step)
        if moment.kind == Kind.CRITICAL:  # the clinician in charge, too, before it is final
            first = first | ({step.case.clinician_id} & self.everybody)
            return first | self.further(step, first, moment.further)
        if moment.kind == Kind.ESCALATION:
            return self.further(step, first, moment.further)
        return first

    def further(self, step, told, count):
        """A second person, and with `count` 2 a third one, who is an admin where there is one."""
        found = self.second(step, told) if count else set()
        if count > 1:
            pools = [self.of_role[role] for role in (Role.ADMIN, *_others(Role.ADMIN))]
            found = found | next(filter(None, (pool - told - found for pool in pools)), set())
        return found

    def first(self, step):
        """The owner; if it has none, or one who left, everybody of the role it belongs to."""
        if step.owner_id in self.everybody:
            return {step.owner_id}
        pools = (self.of_role[role] for role in (step.owner_role, *_others(step.owner_role)))
        return next(filter(None, pools), set())

    def second(self, step, first):
        """Of the role that the profile names the person in charge, else whoever else is there."""
        role = profiles()[step.urgency].escalate_to
        roles = [role, *_others(role)]
        named = {Role.CLINICIAN: step.case.clinician_id, Role.COORDINATOR: step.case.coordinator_id}
        in_charge = [{named[role]} & self.everybody for role in roles if role in named]
        pools = [self.of_role[role] for role in roles]
        return next(filter(None, (people - first for people in [*in_charge, *pools])), set())


def _others(role):
    return [other for other in (Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN) if other != role]
