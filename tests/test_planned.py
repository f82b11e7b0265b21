"""Statements of our own answer as the queries of the ORM that they stand for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.db import SessionStore as Plain
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.models import Preferences
from accounts.planned import fetched
from accounts.rls import clinics_of
from accounts.sessions import SessionStore
from accounts.who import Backend, at_work
from nmdtracker.middleware import ClinicScope
from patients.models import Patient
from tests import make

ON = date(2026, 3, 2)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "holds"),
    [
        (ON, None, True),
        (ON, ON, True),
        (ON - DAY, ON - DAY, False),
        (ON + DAY, None, False),
        (ON - DAY, ON + DAY, True),
    ],
)
def test_a_membership_holds_on_its_days(doctor, starts, ends, holds):
    doctor.memberships.all().delete()
    doctor.memberships.create(
        clinic=make.clinic("south"), role="clinician", starts_on=starts, ends_on=ends
    )
    with transaction.atomic():
        held = at_work(doctor.pk, ON).current_memberships
    assert held == list(doctor.memberships.active(ON))
    assert [each.clinic.code for each in held] == ["south"] * holds


def test_reading_who_asks_opens_the_wall_for_her_clinics_alone(clinic, doctor, patient):
    stranger = make.user(make.clinic("south"), "clinician")

    def seen_by(user, on=ON):
        with clinics_of(lambda: at_work(user.pk, on).current_memberships):
            return Patient.objects.exists()

    assert not seen_by(stranger)
    assert seen_by(doctor)
    assert not seen_by(doctor, date(1999, 1, 1)), "nobody's clinics are no clinics"


def test_who_is_known_and_refused_sees_no_clinic(client, doctor, patient):
    """Her statement has opened them by then: a session that no longer holds closes them again."""
    seen = []

    def look(request):
        seen.append((request.user.is_authenticated, Patient.objects.exists()))
        return HttpResponse()

    def visit():
        request = RequestFactory().get("/")
        request.session = client.session
        scope = AuthenticationMiddleware(ClinicScope(look))
        scope(request)

    client.force_login(doctor)
    visit()
    doctor.set_password("another one, and long")  # ends her sessions
    doctor.save()
    visit()
    doctor.is_active = False
    doctor.save()
    client.force_login(doctor)
    visit()
    assert seen == [(True, True), (False, False), (False, False)]


def test_wishes_come_with_the_memberships(doctor, django_assert_num_queries):
    def wishes():
        with django_assert_num_queries(1):
            return at_work(doctor.pk, ON).wishes

    assert wishes().pk is None
    made = Preferences.objects.create(user=doctor, columns=["owner", "days"])
    assert (wishes(), wishes().columns) == (made, ["owner", "days"])
    doctor.memberships.all().delete()
    assert wishes() == made, "they are hers, wherever she works"


def test_who_may_not_sign_in_is_nobody(doctor):
    assert Backend().get_user(str(doctor.pk)).email == doctor.email
    doctor.is_active = False
    doctor.save()
    assert Backend().get_user(doctor.pk) is None
    assert Backend().get_user(10**9) is None


def test_sessions_are_those_of_django(db):
    session = SessionStore()
    session["word"] = "kept"
    session.save()
    assert Plain(session.session_key)["word"] == "kept"
    assert SessionStore(session.session_key)["word"] == "kept"
    session.set_expiry(-1)
    session.save()
    over = SessionStore(session.session_key)
    assert over.get("word") is None
    assert over.session_key is None


def test_a_statement_is_planned_once_for_all_values(db):
    for number in (1, 2):
        assert fetched("SELECT %(number)s::int + 1 AS planned_once", {"number": number}) == [
            (number + 1,)
        ]
    found = fetched(
        "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
        " WHERE statement LIKE '%%AS planned_once'"
    )
    assert found == [(2, 0)]
    assert connection.settings_dict["OPTIONS"]["prepare_threshold"] == 0


def test_instants_are_read_as_django_reads_them(db):
    """In UTC, to the microsecond, before and after the summer's change of the clock."""
    for text in ("2026-03-29T00:59:59.000001", "2026-07-01T23:30:00", "1968-10-27T00:00:00"):
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
        assert fetched("SELECT %s::timestamptz", [at]) == [(at,)]
        assert fetched("SELECT %s::timestamptz", [at])[0][0].tzinfo is UTC
