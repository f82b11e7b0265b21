"""By when a report can be expected, from the laboratory's own history."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clinical.expected import PRIOR, expected
from tests import make
from workflows import services
from workflows.expected import outlook_of
from workflows.models import Step

DAY = timedelta(days=1)
ENTERED_LATER = 40 * DAY  # after the report's own date, which alone counts


def test_without_a_report_the_usual_turnaround_speaks():
    found = expected([], 10)
    assert (found.median, found.p90, found.n) == (10, 20, 0)


def test_own_reports_outweigh_the_prior():
    found = expected([3] * 45 + [9] * 50, 10)
    assert (found.median, found.p90, found.n) == (9, 9, 95)
    with pytest.raises(ValueError, match="Nothing is known"):
        expected([], 0)


@given(st.lists(st.integers(0, 200), max_size=60), st.integers(1, 90))
def test_half_and_nine_of_ten_are_what_they_say(days, usual):
    found = expected(days, usual)
    known = days + [-int(-usual * factor // 1) for factor in PRIOR]
    assert sum(day <= found.p90 for day in known) >= 0.9 * len(known)
    assert sum(day < found.p90 for day in known) < 0.9 * len(known)
    assert sum(day <= found.median for day in known) >= 0.5 * len(known)


@pytest.fixture
def awaited(case, doctor):
    captures = case.steps.get(code="tri_labs").captures
    step = services.add_step(
        case,
        code="bloods",
        label="Bloods",
        modality="labs",
        captures=captures,
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )
    services.order(step, by=doctor, at=timezone.now(), sent_to="Queen Square")
    today = timezone.localdate()
    services.perform(step, performed_on=today - 6 * DAY, by=doctor, at=timezone.now())
    step.refresh_from_db()
    return step


def earlier_reports(step, days, lab="Queen Square", n=30):
    """Reports of the same test in other cases, as the history keeps them."""
    now = timezone.now()
    for position in range(n):
        Step.objects.create(
            clinic=step.clinic,
            case=step.case,
            patient=step.patient,
            code=f"old{lab[:1]}{position}",
            modality=step.modality,
            label="earlier",
            capture_key=step.capture_key,
            sent_to=lab,
            ordered_at=now,
            performed_on=now.date() - ENTERED_LATER - days * DAY,
            reported_at=now,
            reported_on=now.date() - ENTERED_LATER,
            result_status="final",
            stage="done",
        )


def test_a_laboratory_that_is_quick_makes_six_days_late(awaited):
    today = timezone.localdate()
    assert not outlook_of([awaited], awaited.performed_on + DAY)[awaited.pk].late
    earlier_reports(awaited, days=2)
    found = outlook_of([awaited], today)[awaited.pk]
    assert (found.late, found.rests_on.n) == (True, 30)
    assert found.half_by == awaited.performed_on + 2 * DAY


def test_another_laboratory_has_another_history(awaited):
    earlier_reports(awaited, days=60, lab="Slow Lab")
    assert outlook_of([awaited], timezone.localdate())[awaited.pk].rests_on.n == 0


def test_many_steps_cost_one_query_and_the_page_says_it(awaited, client, doctor):
    earlier_reports(awaited, days=2)
    with CaptureQueriesContext(connection) as caught:
        outlook_of([awaited] * 50, timezone.localdate())
    assert len(caught) == 1
    client.force_login(doctor)
    page = client.get(f"/steps/{awaited.pk}/").content.decode()
    assert "Later than 9 of 10 such reports." in page
    assert "From 30 reports of Queen Square" in page


def test_a_list_asks_for_all_its_rows_at_once(awaited, client, doctor, django_assert_num_queries):
    earlier_reports(awaited, days=2)
    client.force_login(doctor)
    page = client.get("/worklist/?tab=awaiting_result").content.decode()
    assert f'hx-get="/worklist/expected/?step={awaited.pk}"' in page
    url = f"/worklist/expected/?step={awaited.pk}"
    with CaptureQueriesContext(connection) as caught:
        marks = client.get(url).content.decode()
    assert f'id="expected-{awaited.pk}"' in marks
    assert "later than 9 of 10" in marks
    more = "".join(f"&step={key}" for key in Step.objects.values_list("pk", flat=True))
    with django_assert_num_queries(len(caught)):
        client.get(url + more + "&step=x")
    client.force_login(make.user(make.clinic("south"), "coordinator"))
    assert "expected-" not in client.get(url).content.decode()
