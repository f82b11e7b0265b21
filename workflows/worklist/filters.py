"""What the address of a worklist asks for, and of which clinics."""

from dataclasses import dataclass, fields
from datetime import date
from urllib.parse import parse_qsl, urlencode

from accounts.models import Role
from clinical.pathways import pathways
from patients.models import clinics_for
from workflows import look

OPEN_LOOPS = ["to_review", "to_tell"]  # reported and not reviewed; reviewed and not told
TABS = [
    "open",
    "to_order",
    "to_book",
    "booked",
    "awaiting_result",
    "to_review",
    "to_tell",
    "on_hold",
    "waiting",
    "done",
]
SPARSE = ["mine", "team", "nobody", "loops", "urgency", "flag", "pathway", "clinician", "lab", "q"]


@dataclass(frozen=True)
class Filter:
    """What the address of a worklist says: it can be kept, sent and opened by somebody else."""

    tab: str = "open"
    mine: bool = False
    team: bool = False
    overdue: bool = False
    nobody: bool = False
    week: bool = False
    loops: bool = False
    modality: str = ""
    urgency: str = ""
    flag: str = ""
    pathway: str = ""
    clinician: int = 0
    clinic: str = ""
    lab: str = ""
    q: str = ""
    after: tuple[date, int] | None = None

    @classmethod
    def from_query(cls, query):
        """Words that mean nothing are left out, so that an old bookmark still opens."""
        return cls(
            tab=query.get("tab") if query.get("tab") in TABS else "open",
            mine=query.get("mine") == "1",
            team=query.get("team") == "1",
            overdue=query.get("overdue") == "1",
            nobody=query.get("nobody") == "1",
            week=query.get("week") == "1",
            loops=query.get("loops") == "1",
            modality=_one_of(look.MODALITIES, query.get("modality")),
            urgency=_one_of(look.URGENCIES, query.get("urgency")),
            flag=_one_of(look.FLAGS, query.get("flag")),
            pathway=_one_of(pathways(), query.get("pathway")),
            clinician=_key(query.get("clinician")),
            clinic=_words(query.get("clinic")),
            lab=_words(query.get("lab")),
            q=_words(query.get("q")),
            after=_parse_after(query.get("after", "")),
        )

    @property
    def words(self):
        """The same as words of an address, without the place in the list; the tab comes first."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        said.pop("after")
        told = {name: "1" if value is True else value for name, value in said.items() if value}
        return urlencode(told)

    @property
    def is_sparse(self):
        """Whether rows are read and left out, because no index has what is asked for in order."""
        return any(getattr(self, name) for name in SPARSE)

    def kept_but(self, *asked):
        """Pairs of all other words, for the hidden fields of a form that asks for these."""
        return [(name, value) for name, value in parse_qsl(self.words) if name not in asked]


def team_of(user):
    """The roles in which steps wait for her and her colleagues: she shares their pool."""
    held = getattr(user, "current_memberships", [])
    return sorted({each.role for each in held} & {Role.CLINICIAN, Role.COORDINATOR})


def clinics_of(user):
    """{code: clinic} of those that she sees; they come with her memberships, without a query."""
    held = getattr(user, "current_memberships", [])
    return {each.clinic.code: each.clinic for each in held}


def clinics_shown(user, chosen):
    """Keys of the clinics of a list: the chosen one, or all of hers."""
    one = clinics_of(user).get(chosen.clinic) if chosen.clinic else None
    return [key for key in clinics_for(user) if one is None or key == one.pk]


def _one_of(known, word):
    return word if word in known else ""


def _key(text):
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def _words(text):
    return (text or "").replace("\0", "").strip()[:60]


def _parse_after(text):
    day, _, key = text.partition("_")
    try:
        return date.fromisoformat(day), int(key)
    except ValueError:
        return None
