"""What a claimed row brings along: all that its message needs, for many rows as for one.

Flat records: instances of the models cost more than all else in a claim. Clinics and people are
the models, once for all rows, with what is named here; anything else of them is read when asked.
"""

from collections import defaultdict
from dataclasses import MISSING, dataclass, field, fields
from datetime import date

from django.db import connection

from accounts.models import Clinic, Preferences, User
from workflows.reminders.store import WISHES


@dataclass(slots=True)
class Awaited:
    """The step that a message is about, as it was when the row was claimed."""

    case_id: int
    patient_id: int
    is_open: bool
    door: str
    twin_of_id: int | None
    urgency: str
    due_on: date | None
    door_open_since: date | None
    owner_role: str
    owner_id: int | None
    seen_by_id: int | None
    owner: User | None = None
    seen_by: User | None = None


@dataclass(slots=True)
class Loaded:
    """A reminder; `lines` is what it has to say: itself, or the lines of a daily message.

    `terms`: from when until when its recipient is a member of its clinic.
    """

    id: int
    kind: str
    door: str
    clinic_id: int
    step_id: int | None
    recipient_id: int
    digest_id: int | None
    attempts: int
    last_error: str
    message_id: str
    tried_for_s: float  # since the first try
    step: Awaited | None = None  # none of a daily message
    clinic: Clinic | None = None
    recipient: User | None = None
    lines: list["Loaded"] = field(default_factory=list)
    terms: list[tuple[date, date | None]] = field(default_factory=list)

    @property
    def pk(self):
        return self.id


def _columns(kind):
    """Fields of a record that come from the database: those without a default."""
    plain = (each for each in fields(kind) if each.default is each.default_factory is MISSING)
    return [each.name for each in plain]


def _listed(table, names):
    return ", ".join(COMPUTED.get(name, f"{table}.{name}") for name in names)


# a number is read ten times as fast as an instant
COMPUTED = {
    "tried_for_s": "extract(epoch FROM statement_timestamp() - reminder.first_attempt_at)::float8"
}


PREFERENCES = User._meta.get_field("preferences")
# in the order of their models
OF_CLINIC = ("id", "name", "country", "time_zone")
OF_PERSON = ("id", "email", "title", "given_name", "family_name", "is_active")
OF_WISHES = (*WISHES, "reach", "service_url")
OF_ROW, OF_STEP = _columns(Loaded), _columns(Awaited)

SELECTED = f"""
SELECT {_listed("reminder", OF_ROW)}, {_listed("step", OF_STEP)}, {_listed("clinic", OF_CLINIC)}
"""
JOINED = """
JOIN accounts_clinic AS clinic ON clinic.id = reminder.clinic_id
LEFT JOIN workflows_step AS step ON step.id = reminder.step_id
"""
LINES = f"""
{SELECTED} FROM workflows_reminder AS reminder {JOINED}
WHERE reminder.digest_id = ANY(%s) AND reminder.state = 'planned' ORDER BY reminder.id
"""
PEOPLE = f"""
SELECT role.clinic_id, role.starts_on, role.ends_on, {_listed("person", OF_PERSON)},
  wishes.user_id, {_listed("wishes", OF_WISHES)}
FROM accounts_user AS person
  LEFT JOIN accounts_preferences AS wishes ON wishes.user_id = person.id
  LEFT JOIN accounts_membership AS role
    ON role.user_id = person.id AND role.clinic_id = ANY(%s)
WHERE person.id = ANY(%s)
"""  # noqa: S608 - our own words only


def loaded(found):
    """The reminders of `found`, rows of SELECTED and JOINED in a transaction for all clinics."""
    places = {}
    rows = [_row(values, places) for values in found]
    lines = _with_lines(rows, places)
    everybody = {row.recipient_id for row in rows}
    everybody.update(key for line in lines for key in (line.step.owner_id, line.step.seen_by_id))
    people, terms = _people(everybody - {None}, places)
    for row in rows:
        row.recipient = people[row.recipient_id]
    for line in lines:
        line.terms = terms[line.recipient_id, line.clinic_id]
        line.step.owner = people.get(line.step.owner_id)
        line.step.seen_by = people.get(line.step.seen_by_id)
    return rows


def _row(values, places):
    """`places`: clinics by key, of all rows; a new one is added."""
    row = Loaded(*values[: len(OF_ROW)])
    if row.step_id:
        row.step = Awaited(*values[len(OF_ROW) : -len(OF_CLINIC)])
    row.clinic = places.get(row.clinic_id)
    if row.clinic is None:
        of_clinic = values[-len(OF_CLINIC) :]
        row.clinic = places[row.clinic_id] = Clinic.from_db(None, OF_CLINIC, of_clinic)
    return row


def _with_lines(rows, places):
    """Give each row its lines; returns all of them."""
    digests = {row.id: row for row in rows if row.step is None}
    for row in rows:
        row.lines = [] if row.id in digests else [row]
    if digests:
        for values in _read(LINES, list(digests)):
            line = _row(values, places)
            digests[line.digest_id].lines.append(line)
    return [line for row in rows for line in row.lines]


def _people(keys, places):
    """({key: User}, {(user key, clinic key): [(first, last day)]})."""
    people, terms = {}, defaultdict(list)
    for clinic, starts_on, ends_on, *values in _read(PEOPLE, list(places), list(keys)):
        key, of_person, (has_wishes, *wishes) = values[0], values[:6], values[6:]
        terms[key, clinic].append((starts_on, ends_on))
        if key not in people:
            people[key] = User.from_db(None, OF_PERSON, of_person)
            told = Preferences.from_db(None, OF_WISHES, wishes) if has_wishes else None
            PREFERENCES.set_cached_value(people[key], told)
    return people, terms


def _read(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()
