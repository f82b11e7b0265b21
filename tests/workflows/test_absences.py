"""While a person is away her work is her deputy's, and hers again on the day after."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import make
from workflows import services

DAY = timedelta(days=1)


@pytest.fixture
def deputy(clinic):
    return make.user(clinic, "clinician", given_name="Jonas", family_name="Lindqvist")


def away(user, deputy, clinic, by, first=0, last=7):
    today = timezone.localdate()
    return services.set_absence(
        user,
        deputy,
        clinic=clinic,
        starts_on=today + first * DAY,
        ends_on=today + last * DAY,
        by=by,
        at=timezone.now(),
    )


def owners(case, role="clinician"):
    rows = case.steps.filter(is_open=True, owner_role=role)
    return set(rows.values_list("owner", flat=True))


def test_the_deputy_owns_for_these_days_and_no_longer(case, clinic, doctor, deputy):
    assert owners(case) == {doctor.pk}
    away(doctor, deputy, clinic, doctor, first=0, last=7)
    assert owners(case) == {deputy.pk}
    case.refresh_from_db()
    assert case.clinician == doctor, "responsibility is derived, never copied"
    now = timezone.now()
    assert services.move_covered(clinic, now + 7 * DAY) >= 0
    assert owners(case) == {deputy.pk}
    services.move_covered(clinic, now + 8 * DAY)
    assert owners(case) == {doctor.pk}
    assert services.move_covered(clinic, now + 8 * DAY) == 0, "nothing is left to move"


def test_an_absence_to_come_moves_on_its_first_day(case, clinic, doctor, deputy):
    away(doctor, deputy, clinic, doctor, first=3, last=5)
    assert owners(case) == {doctor.pk}
    services.move_covered(clinic, timezone.now() + 3 * DAY)
    assert owners(case) == {deputy.pk}


def test_a_result_that_comes_meanwhile_is_the_deputys_to_review(case, clinic, doctor, deputy):
    away(doctor, deputy, clinic, doctor)
    step = make.reported(case.steps.get(code="tri_labs"), doctor, {"lab.ck.x_uln": 1.0})
    step.refresh_from_db()
    assert (step.stage, step.owner) == ("to_review", deputy)


def test_a_cancelled_absence_gives_everything_back(case, clinic, doctor, deputy):
    absence = away(doctor, deputy, clinic, doctor)
    services.cancel_absence(absence, by=doctor, at=timezone.now())
    assert owners(case) == {doctor.pk}


def test_deputies_of_deputies(case, clinic, doctor, deputy):
    third = make.user(clinic, "clinician")
    away(deputy, third, clinic, doctor, first=2, last=9)
    away(doctor, deputy, clinic, doctor, first=0, last=1)
    with pytest.raises(ValidationError, match="is away on some of these days"):
        away(doctor, deputy, clinic, doctor, first=2, last=3)


def test_what_is_refused(case, clinic, doctor, coordinator, deputy):
    for who, stand_in, first, last, sentence in [
        (doctor, doctor, 0, 2, "Somebody else"),
        (doctor, coordinator, 0, 2, "not the same role"),
        (doctor, deputy, 3, 2, "cannot be before"),
        (doctor, deputy, -3, -2, "days are over"),
    ]:
        with pytest.raises(ValidationError, match=sentence):
            away(who, stand_in, clinic, doctor, first, last)
    doctor.memberships.create(clinic=clinic, role="coordinator", starts_on=timezone.localdate())
    with pytest.raises(ValidationError, match="not the same role"):
        away(doctor, coordinator, clinic, doctor, 0, 2)  # who could review her reports?
    away(doctor, deputy, clinic, doctor)
    with pytest.raises(ValidationError, match="overlap"):
        away(doctor, deputy, clinic, doctor, first=5, last=9)
