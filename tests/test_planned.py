"""Statements of our own answer as the queries of the ORM that they stand for."""

from datetime import date, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as Plain
from django.db import connection, transaction

from accounts.models import Preferences
from accounts.planned import fetched
from accounts.rls import clinics, clinics_of
from accounts.sessions import SessionStore
from accounts.who import Backend, held_by
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
        held = held_by(doctor, ON)
    assert held == list(doctor.memberships.active(ON))
    assert [each.clinic.code for each in held] == ["south"] * holds


def test_reading_who_asks_opens_the_wall_for_her_clinics_alone(clinic, doctor, patient):
    stranger = make.user(make.clinic("south"), "clinician")
    with clinics([]):
        pass
    with clinics_of(lambda: held_by(stranger, ON)):
        assert not Patient.objects.exists()
    with clinics_of(lambda: held_by(doctor, ON)):
        assert Patient.objects.exists()
    with clinics_of(lambda: held_by(doctor, date(1999, 1, 1))):
        assert not Patient.objects.exists(), "nobody's clinics are no clinics"


def test_wishes_come_with_the_memberships(doctor, django_assert_num_queries):
    with transaction.atomic():
        held_by(doctor, ON)
    with django_assert_num_queries(0):
        assert doctor.wishes.pk is None
    made = Preferences.objects.create(user=doctor, columns=["owner", "days"])
    with transaction.atomic():
        held_by(doctor, ON)
    with django_assert_num_queries(0):
        assert (doctor.wishes, doctor.wishes.columns) == (made, ["owner", "days"])


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
