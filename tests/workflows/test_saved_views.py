"""Filters in the address, and worklists with a name."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make
from workflows import services, worklist
from workflows.models import SavedView, Step

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client, case, coordinator):
    client.force_login(coordinator)
    return client


def shown(page, words):
    return [row["step"] for row in page.get(f"/worklist/?{words}").context["page"].rows]


def keys(**fields):
    return {str(pk) for pk in Step.objects.open().filter(**fields).values_list("pk", flat=True)}


def text(answer):
    return answer.content.decode()


def test_each_filter_shows_what_it_says(page, case, doctor, coordinator):
    make.reported(case.steps.get(code="tri_labs"), doctor, {"lab.ck.x_uln": 9.0}, flag="abnormal")
    assert set(shown(page, "loops=1")) == keys(stage__in=["to_review", "to_tell"]) != set()
    assert set(shown(page, "flag=abnormal")) == keys(flag="abnormal") != set()
    assert set(shown(page, "pathway=undifferentiated")) == keys(pathway="undifferentiated")
    assert shown(page, "pathway=als") == []
    assert set(shown(page, f"clinician={doctor.pk}")) == keys(case__clinician=doctor)
    assert shown(page, f"clinician={coordinator.pk}") == []
    assert set(shown(page, "nobody=1")) == keys(owner=None)
    assert set(shown(page, "q=blood")) == keys(label__icontains="blood") != set()
    assert set(shown(page, "q=VÁSQUEZ")) == keys()
    assert set(shown(page, "q=0047-22")) == keys()
    assert shown(page, "q=nobody-like-this") == []
    today = timezone.localdate()
    assert set(shown(page, "week=1")) == keys(sort_on__lte=today + timedelta(days=7))


def test_words_that_mean_nothing_are_left_out(page):
    everything = shown(page, "tab=open")
    assert shown(page, "flag=purple&pathway=x&clinician=abc&modality=%00&q=%00") == everything
    assert shown(page, f"q={'x' * 3000}") == []


def test_an_address_says_the_same_again():
    chosen = worklist.Filter(tab="to_book", mine=True, pathway="als", lab="Queen Square", q="ü")
    from django.http import QueryDict

    assert worklist.Filter.from_query(QueryDict(chosen.words)) == chosen


def test_a_view_is_saved_opens_first_and_is_deleted(page, coordinator):
    page.post("/worklist/views/", {"name": "Mine, late", "query": "overdue=1", "default": "1"})
    [view] = SavedView.objects.all()
    assert view.query == "tab=open&overdue=1"
    assert page.get("/worklist/").url == "/worklist/?tab=open&overdue=1"
    assert "Mine, late" in text(page.get("/worklist/views/?overdue=1"))
    page.post(f"/worklist/views/{view.pk}/delete/")
    assert page.get("/worklist/").status_code == 200, "a deleted view opens no more"
    page.post("/worklist/views/", {"name": "Mine, late", "query": "mine=1"})
    view = SavedView.objects.get()
    assert [each.query for each in SavedView.objects.all()] == ["tab=open&mine=1"]
    page.post(f"/worklist/views/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_a_shared_view_is_seen_by_the_clinic_alone(page, client, clinic, doctor):
    page.post(
        "/worklist/views/", {"name": "Sent out", "query": "tab=awaiting_result", "share": "1"}
    )
    [view] = SavedView.objects.all()
    client.force_login(doctor)
    more = text(client.get("/worklist/views/?tab=open"))
    assert "Sent out" in more
    assert 'href="/preferences/#h-list"' in more, "columns are chosen from the list, too"
    assert client.post(f"/worklist/views/{view.pk}/delete/").status_code == 404
    client.force_login(make.user(make.clinic("south"), "clinician"))
    assert "Sent out" not in text(client.get("/worklist/views/?tab=open"))


def test_who_works_in_two_clinics_shares_a_view_with_the_one_it_shows(page, clinic, coordinator):
    south = make.clinic("south")
    since = timezone.localdate()
    coordinator.memberships.create(clinic=south, role="coordinator", starts_on=since)
    sent = {"name": "Ours", "query": "tab=to_book", "share": "1"}
    answer = page.post("/worklist/views/", sent, follow=True)
    assert "Choose one clinic in the list first" in text(answer)
    page.post("/worklist/views/", sent | {"query": "tab=to_book&clinic=south"})
    assert SavedView.objects.get().clinic == south


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": " ", "query": "mine=1"}, "Give the view a name"),
        ({"name": "x", "query": "q=vasquez", "share": "1"}, "it may be a name"),
        ({"name": "y" * 80, "query": ""}, "at most 60 characters"),
    ],
)
def test_what_cannot_be_saved(page, fields, sentence):
    assert sentence in text(page.post("/worklist/views/", fields, follow=True))
    assert not SavedView.objects.exists()


def test_open_loops_stand_on_every_page(page, case, doctor):
    make.reported(case.steps.get(code="tri_labs"), doctor, {"lab.ck.x_uln": 9.0})
    for address in ("/", "/worklist/?tab=to_book", "/patients/", f"/cases/{case.pk}/"):
        assert page.get(address).context["shell"]["loops"] == 1


def test_a_list_costs_as_many_queries_whatever_it_is_filtered_by(
    page, case, doctor, coordinator, django_assert_max_num_queries
):
    for number in range(12):
        services.add_step(
            case,
            code=f"more{number}",
            label="More",
            modality="emg",
            profile="soon",
            days=7,
            by=doctor,
            at=timezone.now(),
        )
    for words in ("tab=open", "q=more&nobody=1&loops=0", f"clinician={doctor.pk}&week=1"):
        with django_assert_max_num_queries(11):
            page.get(f"/worklist/?{words}")
