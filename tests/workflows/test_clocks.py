"""How long it took: each day leads to its act, what was entered later says so, pauses count."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from tests import make
from workflows import services
from workflows.models import Pause

TODAY = timezone.localdate()


def day(n):
    return TODAY - timedelta(days=n)


def rows(page, of="h-clock"):
    """{stop: [day, days, working days]} and the section, as a step shows them."""
    part = page.content.decode().partition(f'id="{of}"')[2].partition("</section>")[0]
    lines = re.findall(r"<tr>(.*?)</tr>", part.partition("<tbody>")[2], re.S)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.S) for line in lines]
    plain = [[" ".join(re.sub(r"<[^>]+>", " ", unescape(c)).split()) for c in row] for row in cells]
    return {stop: rest for stop, *rest in plain}, part


def report(step, by, on, at, **more):
    """A final report of a test that was done before it was entered."""
    result = {"facts": {}, "captures": step.captures, "summary": "a result", "flag": "normal"}
    services.report(step, status="final", performed_on=on, by=by, at=at, **result, **more)


@pytest.fixture
def labs(patient, doctor, coordinator):
    """Bloods of a case that rested for five days, and then were taken, read and told."""
    case = make.case(patient, doctor, on=day(60), clinician=doctor, coordinator=coordinator)
    for code, n in (("tri_history", 50), ("tri_exam", 48)):
        make.reported(case.steps.get(code=code), doctor, {}, on=day(n))
    step = case.steps.get(code="tri_labs")
    services.order(step, by=doctor, at=make.at(day(40)))
    Pause.objects.create(
        clinic_id=case.clinic_id,
        case=case,
        why="consent",
        starts_on=day(35),
        ends_on=day(30),
        paused_by=doctor,
    )
    services.perform(step, performed_on=day(26), by=coordinator, at=make.at(day(23)))
    report(step, doctor, day(26), at=make.at(day(20)))
    step.refresh_from_db()
    services.review(step, by=doctor, at=make.at(day(19)))
    return step


def test_a_step_says_how_long_each_part_took_and_where_that_comes_from(client, doctor, labs):
    client.force_login(doctor)
    page = client.get(f"/steps/{labs.pk}/")
    found, part = rows(page)
    assert list(found) == [
        *("First symptom", "Referral", "First seen", "Ordered", "Performed"),
        *("Reported", "Reviewed", "Today"),
    ]
    assert found["First symptom"][0] == "not known"
    assert found["Referral"][1] == "time not known"
    spent = {stop: cells[1].split()[0] for stop, cells in found.items()}
    assert list(spent.values())[2:] == ["10", "10", "14", "6", "1", "19"]
    assert "5 d paused" in found["Performed"][1]
    assert "recorded 3 d later by Noor Hendriks" in found["Performed"][0]
    assert int(found["Performed"][2]) <= 9 - 2, "a weekend and five days of rest are no work"
    assert "(awaiting consent)" in part
    event = page.context["happened"][-2]
    assert event.verb == "step.perform"
    assert f'href="#act-{event.pk}">Performed' in part
    assert f'id="act-{event.pk}"' in page.content.decode()
    assert f'href="/steps/{labs.case.steps.get(code="tri_history").pk}/">First seen' in part


def test_an_order_that_came_with_the_report_has_no_day(client, doctor, case):
    step = case.steps.get(code="tri_labs")
    report(step, doctor, day(4), at=timezone.now())
    client.force_login(doctor)
    found, part = rows(client.get(f"/steps/{step.pk}/"))
    assert "Ordered" not in found
    assert "When the test was ordered is not known" in part
    assert "recorded 4 d later" in found["Performed"][0]
    assert found["Reported"][1].startswith("0 d")


def test_a_pause_does_not_stop_the_time_of_what_was_done(client, doctor, labs):
    Pause.objects.filter(case=labs.case).update(starts_on=day(26), ends_on=day(20))
    client.force_login(doctor)
    found, _ = rows(client.get(f"/steps/{labs.pk}/"))
    assert "paused" in found["Performed"][1], "the day on which it was done is still of the rest"
    assert "paused" not in found["Reported"][1]


def test_the_chart_says_it_too(client, doctor, labs, django_assert_max_num_queries):
    client.force_login(doctor)
    with django_assert_max_num_queries(20):
        page = client.get(f"/cases/{labs.case_id}/").content.decode()
    span = page.partition('id="h-span"')[2].partition("</section>")[0]
    assert f'href="/cases/{labs.case_id}/#h-ref">Referral' in span
    assert "working, 5 d paused" in " ".join(span.split())


def test_the_caseload_says_how_long_it_takes_with_and_without_pauses(client, doctor, labs):
    services.tell(labs, how="phone", by=doctor, at=timezone.now())
    for number in (2, 3):  # an order that came with its report counts from the test on
        case = make.case(make.patient(labs.clinic, doctor), doctor, on=day(9), clinician=doctor)
        make.reported(case.steps.get(code="tri_labs"), doctor, {}, on=day(number))
    client.force_login(doctor)
    page = client.get("/caseload/")
    parts = {part.words: part for part in page.context["durations"]}
    assert parts["Referral to first seen"].calendar.n == 1
    waited = parts["Ordered to performed"]
    assert (waited.calendar.n, waited.calendar.median) == (1, 14)
    assert waited.working.median <= 7
    assert parts["Reviewed to told"].calendar.median == 19
    assert "9 of 10" in page.content.decode()


def test_the_reports_own_date_counts_and_its_entry_is_said(client, patient, doctor, coordinator):
    case = make.case(patient, doctor, on=day(30), clinician=doctor)
    for code in ("tri_history", "tri_exam"):
        make.reported(case.steps.get(code=code), doctor, {}, on=day(25))
    step = case.steps.get(code="tri_labs")
    services.order(step, by=doctor, at=make.at(day(20)))
    report(step, coordinator, day(18), at=make.at(day(5)), reported_on=day(12))
    step.refresh_from_db()
    due = step.due_on
    services.review(step, by=doctor, at=make.at(day(2)), on=day(10))
    services.tell(step, how="phone", by=doctor, at=make.at(day(1)))
    assert due >= day(5), "nobody can review before it is entered"
    client.force_login(doctor)
    page = client.get(f"/steps/{step.pk}/")
    found, _ = rows(page)
    spent = [found[stop][1].split()[0] for stop in ("Performed", "Reported", "Reviewed", "Told")]
    assert spent == ["2", "6", "2", "9"]
    assert "recorded 7 d later by Noor Hendriks" in found["Reported"][0]
    assert f"recorded 8 d later by {doctor.get_full_name()}" in found["Reviewed"][0]
    said = " ".join(event["what"] for event in page.context["events"])
    assert said.count("entered later") == 2
    parts = {part.words: part for part in client.get("/caseload/").context["durations"]}
    assert parts["Performed to reported"].calendar.median == 6
    assert parts["Reported to reviewed"].calendar.median == 2
    story = [(each.when.on, each.what) for each in _story(client, case) if each.step == step]
    assert {(day(12), "reported"), (day(10), "reviewed")} <= set(story)


def _story(client, case):
    return client.get(f"/cases/{case.pk}/").context["timeline"]
