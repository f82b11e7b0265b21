"""From the first symptom to now: milestones with their days, and every door of every step."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.utils import timezone

from clinical.workdays import WorkCalendar
from patients.partial import UNKNOWN, of_day, parse
from tests import make
from workflows import services
from workflows.clocks import Stop, between
from workflows.look import partial_text
from workflows.span import line_of, milestones_of

TODAY = timezone.localdate()


def words(page, of):
    """The text of one section of a page, its lines of a list apart."""
    part = page.content.decode().partition(f'id="{of}"')[2].partition("</section>")[0]
    lines = re.findall(r"<li[^>]*>(.*?)</li>", part, re.S)
    return [re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", each))).strip() for each in lines]


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2025-03-01", "2025-03-13", (12, 12)),
        ("2025", "2025-12-31", (0, 364)),
        ("2024", "2025-03-05", (64, 429)),
        ("2025-02", "2025-02-10", (0, 9)),
        ("2025-02", "2025-03-01", (1, 28)),
        ("2024-02", "2024-03-01", (1, 29)),
    ],
)
def test_days_from_a_partial_date_are_a_range_never_a_first_of_january(start, end, days):
    assert days_between(parse(start), parse(end)) == days


def days_between(start, end):
    return tuple(each.calendar for each in between(start, end, WorkCalendar()))


def test_a_partial_date_shows_no_more_than_is_known():
    today = date(2026, 11, 25)
    shown = [partial_text(parse(text), today) for text in ("2024", "2026-03", "2026-11-24", "")]
    assert shown == ["2024", "Mar 2026", "yesterday", "not known"]
    assert partial_text(UNKNOWN, today) == "not known"


def test_the_line_leaves_open_when_in_its_year_the_symptom_came():
    stops = [
        Stop("First symptom", parse("2024")),
        Stop("Referral", of_day(date(2025, 6, 29))),
        Stop("First seen", of_day(date(2025, 6, 29))),
        Stop("Today", of_day(date(2026, 1, 1))),
    ]
    line = line_of(stops)
    assert [each.kind for each in line] == ["unsure", "before", "care"]
    assert sum(each.width for each in line) == 1000
    assert line[0].width == round(1000 * 365 / 731)
    assert line_of(stops[:1]) == []


def test_an_unknown_onset_leads_and_says_so(case):
    case.onset_text = "since school"
    first, second = milestones_of(case, [], [], {})[:2]
    assert (first.label, first.said, first.gap.days) == (
        "First symptom",
        "since school",
        "time not known",
    )
    assert second.label == "Referral"


@pytest.fixture
def odyssey(patient, doctor):
    """A case with an onset known to the year, and a test that has passed its doors."""
    referral = TODAY - timedelta(days=30)
    onset = parse(str(referral.year - 1))
    told = f"spring {referral.year - 1}"
    case = make.case(patient, doctor, on=referral, onset=onset, onset_text=told, clinician=doctor)
    for code in ("tri_history", "tri_exam"):
        make.reported(case.steps.get(code=code), doctor, {}, on=referral + timedelta(days=10))
    labs = case.steps.get(code="tri_labs")
    services.order(labs, by=doctor, at=make.at(referral + timedelta(days=11)))
    make.reported(labs, doctor, {"lab.ck.value": 120}, on=referral + timedelta(days=14))
    labs.refresh_from_db()
    services.review(labs, by=doctor, at=make.at(referral + timedelta(days=15)))
    services.tell(labs, how="phone", by=doctor, at=make.at(referral + timedelta(days=15), 10))
    return case


def test_the_chart_tells_the_way_from_the_first_symptom_to_today(client, doctor, odyssey):
    diagnosis = services.set_diagnosis(
        odyssey, code="als_sporadic", certainty="probable", by=doctor, at=timezone.now()
    )
    client.force_login(doctor)
    page = client.get(f"/cases/{odyssey.pk}/")
    year = odyssey.onset_on.year
    low, high = days_between(odyssey.onset, of_day(odyssey.referral_on))
    stops = words(page, "h-span")
    assert [stop.split()[0] for stop in stops] == [
        "First",
        "Referral",
        "First",
        "Diagnosis",
        "Today",
    ]
    assert stops[0].startswith(f"First symptom {year} “spring {year}” then {low}–{high} d (")
    assert "then 10 d" in stops[1]
    assert "then 20 d" in stops[2]
    lines = words(page, "h-time")
    assert lines[0].startswith(f"today Diagnosis: {diagnosis.label}, probable")
    assert any("Core bloods : reviewed, told" in line for line in lines)
    assert any("Core bloods : done, reported" in line for line in lines)
    assert any("Core bloods : ordered" in line for line in lines)
    assert lines[-1] == f"{year} First symptom: “spring {year}”"
    assert lines[-2].endswith("Referral received")
    assert f'<time datetime="{year}">{year}</time>' in page.content.decode()


def test_what_is_booked_and_what_is_late_stand_on_the_timeline(client, doctor, odyssey):
    emg = services.add_step(
        odyssey,
        code="soon",
        label="EMG",
        modality="emg",
        profile="soon",
        days=40,
        by=doctor,
        at=timezone.now(),
    )
    services.order(emg, by=doctor, at=timezone.now())
    services.book(emg, booked_for=timezone.now() + timedelta(days=3), by=doctor, at=timezone.now())
    client.force_login(doctor)
    page = client.get(f"/cases/{odyssey.pk}/").content.decode()
    assert re.search(r'class="is-next"><time[^>]*>[^<]*</time><a[^>]*>EMG</a>: booked', page)
    late = odyssey.steps.overdue(TODAY).count()
    assert late
    assert len(re.findall(r'class="is-late"><time', page)) == late


def test_a_correction_and_what_rules_did_are_told_once(client, doctor, odyssey):
    labs = odyssey.steps.get(code="tri_labs")
    make.reported(labs, doctor, {"lab.ck.value": 140}, on=labs.performed_on, status="corrected")
    client.force_login(doctor)
    lines = words(client.get(f"/cases/{odyssey.pk}/"), "h-time")
    corrected = [line for line in lines if "corrected report" in line]
    assert len(corrected) == 1
    assert "reported, reported" not in corrected[0]


def test_more_acts_of_more_people_cost_no_more_queries(
    client, doctor, clinic, odyssey, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(doctor)
    url = f"/cases/{odyssey.pk}/"
    client.get(url)
    with django_assert_max_num_queries(24) as few:
        client.get(url)
    before = len(few)
    for step in odyssey.steps.filter(result_status="", twin_of=None)[:4]:
        make.reported(step, make.user(clinic), {}, status="preliminary")
    services.set_diagnosis(odyssey, label="X", certainty="suspected", by=doctor, at=timezone.now())
    with django_assert_num_queries(before):
        client.get(url)
