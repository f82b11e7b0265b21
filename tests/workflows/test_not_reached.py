"""A patient who was not reached is tried again, on a day, and stands in the list until told."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import make
from tests.workflows.reminding import planned
from workflows import services
from workflows.models import Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def untold(case, doctor):
    asked = {"code": "ck", "label": "CK", "modality": "labs", "captures": ["lab:ck"]}
    at = timezone.now() - timedelta(days=40)
    made = services.add_step(case, **asked, profile="soon", days=14, by=doctor, at=at)
    services.order(made, by=doctor, at=at)
    made = make.reported(made, doctor, {"lab.ck": 900}, on=timezone.localdate(at))
    services.review(made, by=doctor, at=at + timedelta(days=1), outcome="nothing", note="known")
    services.resettle(case, at=timezone.now())
    made.refresh_from_db()
    assert made.stage == "to_tell"
    return made


def test_a_try_in_vain_rests_until_the_next_one_and_is_counted(client, untold, coordinator):
    client.force_login(coordinator)
    address, tomorrow = f"/steps/{untold.pk}/not-reached/", timezone.localdate() + timedelta(days=1)
    assert "Tried, not reached" in client.get(f"/steps/{untold.pk}/").content.decode()
    for tries, until in ((1, tomorrow), (2, tomorrow + timedelta(days=1))):
        asked = {"how": "phone", "until": until, "version": untold.version}
        assert client.post(address, asked).status_code == 302
        untold.refresh_from_db()
        assert (untold.not_reached, untold.snoozed_until) == (tries, until)
        assert (untold.stage, untold.told_at) == ("to_tell", None), "it is an open loop still"
    assert "overdue" not in {kind for kind, *_ in planned(untold)}
    assert "not reached, 2 tries; next try" in client.get("/worklist/?tab=to_tell").content.decode()
    page = client.get(f"/steps/{untold.pk}/").content.decode()
    assert "The patient was not reached, 2 tries" in page
    assert "Patient not reached by phone, next try on" in page


def test_without_a_day_nothing_rests(untold, doctor):
    owed = planned(untold)
    services.try_in_vain(untold, how="letter", by=doctor, at=timezone.now())
    untold.refresh_from_db()
    assert (untold.not_reached, untold.snoozed_until, planned(untold)) == (1, None, owed)


def test_told_at_last_and_told_again_after_a_correction_begin_anew(untold, doctor):
    until = timezone.localdate() + timedelta(days=3)
    services.try_in_vain(untold, how="phone", until=until, by=doctor, at=timezone.now())
    services.tell(untold, how="visit", by=doctor, at=timezone.now())
    untold.refresh_from_db()
    assert (untold.stage, untold.not_reached, untold.snoozed_until) == ("done", 0, None)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"how": "pigeon"}, "Choose how it was tried"),
        ({"how": "phone", "until": 0}, "Choose a day after today"),
        ({"how": "phone", "until": 31}, "rest for at most 30 days"),
    ],
)
def test_what_makes_no_sense_is_refused(untold, doctor, asked, said):
    if "until" in asked:
        asked["until"] = timezone.localdate() + timedelta(days=asked["until"])
    with pytest.raises(ValidationError, match=said):
        services.try_in_vain(untold, **asked, by=doctor, at=timezone.now())
    assert Step.objects.get(pk=untold.pk).not_reached == 0


def test_nobody_is_told_what_was_not_reviewed(case, doctor):
    step = Step.objects.filter(case=case).open().exclude(stage="to_tell").earliest("pk")
    with pytest.raises(ValidationError, match="nothing to tell"):
        services.try_in_vain(step, how="phone", by=doctor, at=timezone.now())
