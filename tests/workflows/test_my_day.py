"""A person's day: what waits for her hand, whatever her role, and nothing that does not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from workflows import look, services
from workflows.day import my_day
from workflows.models import Step

TODAY = timezone.localdate()
NOW = timezone.now()


def day_of(user):
    user.current_memberships = list(user.memberships.active(TODAY))
    return my_day(user, TODAY)


def labels(section):
    return [step.label for step in section["rows"]]


@pytest.fixture
def bloods(case, doctor):
    def make_step(code, label, days):
        fields = {"code": code, "label": label, "modality": "labs", "profile": "soon"}
        step = services.add_step(case, **fields, days=days, by=doctor, at=NOW)
        return services.order(step, by=doctor, at=NOW)

    return make_step


def test_results_come_critical_first_and_a_preliminary_one_is_not_hidden(
    case, doctor, coordinator, bloods
):
    for code, label, flag in (("a", "Normal", "normal"), ("b", "Critical", "critical")):
        make.reported(bloods(code, label, 7), doctor, {}, flag=flag)
    make.reported(bloods("c", "Not final", 7), doctor, {}, flag="critical", status="preliminary")
    day = day_of(doctor)
    assert labels(day["to_review"])[0] == "Critical"
    assert labels(day["unread"]) == ["Not final"]
    assert labels(day_of(coordinator)["unread"]) == [], "nothing that she could decide"


def test_a_report_says_its_own_date_where_it_was_entered_later(client, doctor, bloods):
    make.reported(bloods("a", "Bloods", 7), doctor, {})
    client.force_login(doctor)
    assert "report of" not in client.get("/").content.decode()
    own = TODAY - timedelta(days=3)
    Step.objects.filter(code="a").update(reported_on=own, performed_on=own)
    assert f"report of {look.day_text(own, TODAY)}" in client.get("/").content.decode()


def test_what_i_asked_others_for_and_is_late(case, doctor, bloods):
    step = bloods("late", "Late bloods", 7)
    assert labels(day_of(doctor)["asked_late"]) == []
    step.performed_on = TODAY - timedelta(days=300)
    services.perform(step, performed_on=step.performed_on, by=doctor, at=NOW)
    assert labels(day_of(doctor)["asked_late"]) == ["Late bloods"]
    stranger = make.user(make.clinic("south"), "clinician")
    assert labels(day_of(stranger)["asked_late"]) == []


@pytest.mark.parametrize(
    ("kind", "section"), [("alert", "proposals"), ("contradiction", "contradictions")]
)
def test_a_deputy_decides_for_who_is_away(case, clinic, doctor, coordinator, kind, section):
    deputy, other, elsewhere = (make.user(clinic, "clinician") for _ in range(3))
    days = {"starts_on": TODAY, "ends_on": TODAY}
    services.set_absence(doctor, deputy, clinic=clinic, **days, by=doctor, at=NOW)
    south = make.clinic("south")
    for person in (doctor, elsewhere):
        person.memberships.create(clinic=south, role="clinician", starts_on=TODAY)
    services.set_absence(doctor, elsewhere, clinic=south, **days, by=doctor, at=NOW)
    fields = {"clinic": clinic, "patient": case.patient, "key": "x:y:z", "kind": kind}
    case.proposals.create(**fields, rule="x", text="Act", raised_at=NOW)
    people = (doctor, deputy, other, elsewhere, coordinator)
    assert [day_of(person)[section]["n"] for person in people] == [1, 1, 0, 0, 0]
    deputy.absences.create(clinic=clinic, deputy=other, set_by=deputy, **days)  # nothing settles
    assert [day_of(person)[section]["n"] for person in people] == [1, 0, 1, 0, 0]
    doctor.absences.filter(clinic=clinic).update(cancelled_at=NOW)
    assert [day_of(person)[section]["n"] for person in people] == [1, 0, 0, 0, 0]


def test_who_is_away_and_who_stands_in_are_told_so(client, case, clinic, doctor):
    deputy = make.user(clinic, "clinician", given_name="Jonas", family_name="Lindqvist")
    days = {"starts_on": TODAY, "ends_on": TODAY}
    services.set_absence(doctor, deputy, clinic=clinic, **days, by=doctor, at=NOW)
    for person, said in ((doctor, "is with Jonas Lindqvist"), (deputy, "stand in for Dr Miriam")):
        client.force_login(person)
        assert said in client.get("/").content.decode()
    client.force_login(make.user(clinic, "clinician"))
    assert "stand in for" not in client.get("/").content.decode()


def test_an_admin_sees_what_is_in_nobodys_hands(client, case, clinic, doctor, coordinator):
    admin = make.user(clinic, "admin")
    coordinator.memberships.update(ends_on=TODAY - timedelta(days=1))
    assert [each.user for each in day_of(admin)["left"]] == [coordinator]
    assert "nobodys" not in day_of(doctor)
    pooled = make.case(case.patient, doctor, on=TODAY - timedelta(days=400), clinician=doctor)
    late = Step.objects.overdue(TODAY).filter(case=pooled, owner=None)
    assert late
    assert {step.pk for step in day_of(admin)["nobodys"]["rows"]} == {step.pk for step in late}
    client.force_login(admin)
    page = client.get("/").content.decode()
    assert "Late, and in nobody’s hands" in page
    assert coordinator.get_full_name() in page
