"""Who is told: whoever owns the step, and a second person when it stays late."""

from accounts.models import Role
from clinical.pathways import profiles
from workflows.models.reminder import Kind


class Staff:
    """Who works in a clinic on a day: active people and their roles."""

    def __init__(self, roles):
        """roles: pairs of user key and role."""
        self.of_role = {role: set() for role in Role.values}
        for user, role in roles:
            self.of_role[role].add(user)
        self.everybody = set().union(*self.of_role.values())

    def recipients(self, step, kind):
        """Keys of the people who get a message of this kind; empty if nobody works there."""
        first = self.first(step)
        if kind == Kind.CRITICAL:  # the clinician in charge, too, while a report is preliminary
            return first | ({step.case.clinician_id} & self.everybody)
        return first if kind != Kind.ESCALATION else self.second(step, first)

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
