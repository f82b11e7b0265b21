"""What the frame of every page shows: where one is, what is late, who one is."""

from functools import cache
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from workflows.worklist import standing_counts

NAV = [
    ("workflows:my_day", "My day", "sun"),
    ("workflows:worklist", "Worklist", "list-check"),
    ("patients:search", "Patients", "person-vcard"),
    ("workflows:caseload", "Caseload", "bar-chart"),
]
NOTHING = {"late": 0, "loops": 0}


def shell(request):
    """Template variable `shell`; nothing for a partial or for somebody not signed in."""
    user = getattr(request, "user", None)
    memberships = getattr(user, "current_memberships", None)
    if memberships is None or getattr(request, "htmx", False):
        return {}
    standing = getattr(request, "standing", None)  # where the page has counted already
    if standing is None:
        standing = standing_counts(user, timezone.localdate()) if memberships else NOTHING
    late = standing["late"]
    names = sorted({each.clinic.name for each in memberships})
    return {
        "shell": {
            "nav": tuple(_item(request, *each, late) for each in NAV),
            "loops": standing["loops"],
            "clinic": names[0] if len(names) == 1 else f"{len(names)} clinics",
            "role": ", ".join(sorted({each.get_role_display() for each in memberships})),
            "is_admin": any(each.role == "admin" for each in memberships),
        }
    }


class Item(NamedTuple):
    url: str
    label: str
    icon: str
    current: bool
    late: int


def _item(request, name, label, icon, late):
    url = _address(name)
    here = request.path == url or (url != "/" and request.path.startswith(url))
    return Item(url, label, icon, here, late if label == "Worklist" else 0)


@cache
def _address(name):
    return reverse(name)
