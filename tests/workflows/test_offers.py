"""Hand-over: nothing moves until it is accepted; what is refused or forgotten comes back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import Event
from tests import make
from workflows import services
from workflows.models import Offer, Reminder

NOW = timezone.now


@pytest.fixture
def colleague(clinic):
    return make.user(clinic, "clinician", given_name="Jonas", family_name="Lindqvist")


@pytest.fixture
def step(case):
    return case.steps.get(code="tri_history")


def offered(step, colleague, doctor, **more):
    return services.offer(step, to=colleague, by=doctor, at=NOW(), **more)


def mails(kind):
    return set(
        Reminder.objects.filter(kind=kind, state="planned").values_list("recipient_id", flat=True)
    )


def test_an_offered_step_stays_with_its_owner_until_it_is_accepted(step, doctor, colleague):
    owner = step.owner_id
    made = offered(step, colleague, doctor, note="I am away")
    step.refresh_from_db()
    assert step.owner_id == owner
    assert mails("offered") == {colleague.pk}
    services.accept_offer(made, by=colleague, at=NOW())
    step.refresh_from_db()
    assert (step.owner, step.assigned_to) == (colleague, colleague)
    assert mails("offered") == set()
    verbs = Event.objects.filter(step_id=step.pk, verb__startswith="offer.")
    assert sorted(verbs.values_list("verb", flat=True)) == ["offer.accept", "offer.ask"]


def test_a_declined_offer_comes_back_with_why(step, doctor, colleague):
    made = offered(step, colleague, doctor)
    with pytest.raises(ValidationError, match="Say why"):
        services.decline_offer(made, by=colleague, at=NOW(), reason=" ")
    services.decline_offer(made, by=colleague, at=NOW(), reason="on leave myself")
    owner = step.owner_id
    step.refresh_from_db()
    assert step.owner_id == owner
    assert mails("returned") == {owner}
    assert [each.answer for each in Offer.objects.returned()] == ["on leave myself"]
    services.notice_return(made, by=doctor, at=NOW())
    assert not Offer.objects.returned().exists()


def test_an_unanswered_offer_lapses_and_a_second_person_is_told(step, clinic, doctor, colleague):
    made = offered(step, colleague, doctor)
    late = make.at(made.until + timedelta(days=1))
    assert services.lapse_offers(clinic, make.at(made.until)) == 0
    assert services.lapse_offers(clinic, late) == 1
    assert services.lapse_offers(clinic, late) == 0
    made.refresh_from_db()
    assert made.state == "lapsed"
    told = mails("returned")
    assert step.owner_id in told
    assert len(told) > 1, "somebody beside the owner hears of it"
    services.resettle(step.case, at=late)
    assert mails("returned") == told, "planning by due dates leaves notices alone"


def test_nobody_need_answer_for_a_step_that_has_ended(step, clinic, doctor, colleague):
    made = offered(step, colleague, doctor)
    services.cancel(step, reason="done elsewhere", by=doctor, at=NOW())
    with pytest.raises(ValidationError, match="This step has ended"):
        services.accept_offer(made, by=colleague, at=NOW())
    assert services.lapse_offers(clinic, NOW()) == 1
    made.refresh_from_db()
    assert (made.state, mails("returned")) == ("withdrawn", set())


def test_only_who_was_asked_can_answer(step, doctor, coordinator, colleague):
    made = offered(step, colleague, doctor)
    with pytest.raises(ValidationError, match="Only J Lindqvist was asked"):
        services.accept_offer(made, by=coordinator, at=NOW())
    services.accept_offer(made, by=colleague, at=NOW())
    with pytest.raises(ValidationError, match="accepted already"):
        services.decline_offer(made, by=colleague, at=NOW(), reason="too late")


def test_what_cannot_be_offered(step, clinic, doctor, coordinator, colleague):
    stranger = make.user(make.clinic("south"), "clinician")
    owner = step.owner
    for to, sentence in [
        (owner, "has this step already"),
        (stranger, "no role in this clinic"),
    ]:
        with pytest.raises(ValidationError, match=sentence):
            offered(step, to, doctor)
    review = make.reported(
        step.case.steps.get(code="tri_labs"), doctor, {"lab.ck.x_uln": 2.0, "lab.ck.value": 400.0}
    )
    with pytest.raises(ValidationError, match="is no clinician"):
        offered(review, coordinator, doctor)
    offered(step, colleague, doctor)
    with pytest.raises(ValidationError, match="has been asked and not answered"):
        offered(step, colleague, doctor)


def test_a_colleague_leaves_with_all_her_cases(case, clinic, doctor, colleague, coordinator):
    other = make.case(make.patient(clinic, doctor, mrn="9"), doctor, clinician=colleague)
    by_name = other.steps.filter(is_open=True, owner_role="clinician").first()
    services.assign(by_name, to=doctor, by=doctor, at=NOW())
    made, refused = services.offer_everything(
        doctor, colleague, clinic=clinic, by=coordinator, at=NOW(), note="leaves in May"
    )
    assert refused == []
    asked = Reminder.objects.filter(kind="offered", recipient=colleague)
    assert sorted(asked.values_list("in_digest", flat=True)) == [False, True], "one mail, not many"
    assert {(each.case_id, each.step_id) for each in made} == {
        (case.pk, None),
        (other.pk, by_name.pk),
    }
    for each in made:
        services.accept_offer(each, by=colleague, at=NOW())
    case.refresh_from_db()
    assert (case.clinician, case.coordinator) == (colleague, coordinator)
    assert not case.steps.filter(is_open=True, owner=doctor).exists()
    assert not other.steps.filter(is_open=True, owner=doctor).exists()
