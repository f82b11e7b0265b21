"""What holds for a whole case on a day: who stands in for whom, and when its clock stands still.

Read in the statement that locks the case, because every act needs both.
"""

from collections import defaultdict
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from clinical import engine
from patients.models import clinics_for
from workflows.models.absence import Absence
from workflows.models.case import Case
from workflows.models.pause import Pause, Why


def with_standing(cases):
    """Cases with the absences of their clinic and their own pauses, in the same statement."""
    away = Absence.objects.filter(clinic=OuterRef("clinic_id"), cancelled_at=None)
    person = JSONObject(user="user_id", deputy="deputy_id", first="starts_on", last="ends_on")
    pauses = Pause.objects.filter(case=OuterRef("pk"))
    pause = JSONObject(start="starts_on", end="ends_on", why="why", note="note")
    return cases.annotate(
        absences=ArraySubquery(away.values_list(person)),
        stops=ArraySubquery(pauses.values_list(pause)),
    )


def _read(case):
    """A case that was made or read without `with_standing`."""
    if not hasattr(case, "stops"):
        found = with_standing(Case.objects.filter(pk=case.pk)).values("absences", "stops").get()
        case.absences, case.stops = found["absences"], found["stops"]
    return case


def covers_of(case, day):
    """{person: who owns her work on `day`}, keys of users; a deputy who is away has a deputy."""
    away = {
        row["user"]: row["deputy"]
        for row in _read(case).absences
        if row["first"] <= day.isoformat() <= row["last"]
    }
    return {person: _last_deputy(person, away) for person in away}


def _last_deputy(person, away):
    """Whoever of the chain is there. If all are away the work stays with the first deputy."""
    seen, deputy = {person}, away[person]
    while deputy in away and deputy not in seen:
        seen.add(deputy)
        deputy = away[deputy]
    return away[person] if deputy in seen else deputy


def hers(user, day):
    """What is of cases whose clinician she is, or stands in for on `day`, or that have none.

    As with what is owned: a deputy who is away has a deputy. One query, of who is away.
    """
    rows = Absence.objects.on(day).filter(clinic__in=clinics_for(user))
    away = defaultdict(dict)
    for clinic, person, deputy in rows.values_list("clinic", "user", "deputy"):
        away[clinic][person] = deputy
    found = Q(case__clinician=user) | Q(case__clinician=None)
    for clinic, there in away.items():
        covered = [person for person in there if _last_deputy(person, there) == user.pk]
        found |= Q(clinic_id=clinic, case__clinician__in=covered)
    return found


def pause_of(case, day):
    """The pause that the case is in on `day`, or None."""
    return next((each for each in pauses_of(case) if each.start <= day < each.end), None)


def pauses_of(case):
    """The pauses of a case as the engine reads them, in their order."""
    rows = sorted(_read(case).stops, key=lambda row: row["start"])
    return tuple(
        engine.Pause(
            date.fromisoformat(row["start"]),
            date.fromisoformat(row["end"]),
            Why(row["why"]).label + (f" ({row['note']})" if row["note"] else ""),
        )
        for row in rows
    )
