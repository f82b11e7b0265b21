"""What was typed and not saved: kept, given back, ended; never a result."""

from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from results.drafts.models import Draft
from tests import make

TODAY = timezone.localdate().isoformat()


@pytest.fixture
def labs(case):
    return case.steps.get(code="tri_labs")


def typed(step, **fields):
    step.refresh_from_db()
    return {"performed_on": TODAY, "status": "final", "version": step.version} | fields


def keep(page, step, window="one", shown="", **fields):
    data = typed(step, **fields) | {"draft-window": window, "draft-shown": shown}
    return page.post(f"/results/draft/{step.pk}/", data)


def form_of(page, step, query=""):
    return page.get(f"/results/record/{step.pk}/{query}", follow=True).context["form"]


def test_what_was_typed_comes_back_even_where_it_is_wrong(page, labs):
    answer = keep(page, labs, **{"lab-ck-value": "12,5", "comment": "slept badly"})
    assert answer.status_code == 200
    form = form_of(page, labs)
    assert (form["lab-ck-value"].value(), form["comment"].value()) == ("12,5", "slept badly")
    assert not form.errors
    html = page.get(f"/results/record/{labs.pk}/").content.decode()
    assert "Draft saved" in html
    assert "Not saved yet" not in html


def test_a_draft_is_no_result(page, case, labs):
    keep(page, labs, **{"lab-ck-value": "15000"})
    labs.refresh_from_db()
    case.refresh_from_db()
    assert (labs.result_status, labs.facts, labs.summary) == ("", {}, "")
    assert not {path for path in case.facts if path.startswith("lab.")}
    assert page.get(f"/results/step/{labs.pk}/").status_code == 404
    for address in ("/", f"/cases/{case.pk}/", f"/steps/{labs.pk}/"):
        html = page.get(address).content.decode()
        assert "Draft" in html
        assert "15000" not in html
        assert "15\u2009000" not in html


def test_saving_the_report_ends_its_draft(page, labs):
    keep(page, labs, **{"lab-ck-value": "300"})
    page.post(f"/results/record/{labs.pk}/", typed(labs, **{"lab-ck-value": "300"}))
    assert Draft.objects.get().ended == "saved"
    assert form_of(page, labs)["comment"].value() in (None, "")
    assert b"Draft by you" not in page.get(f"/steps/{labs.pk}/").content


def test_a_refused_report_leaves_a_draft_without_any_script(page, labs):
    answer = page.post(f"/results/record/{labs.pk}/", typed(labs, **{"lab-ck-value": "12,5"}))
    assert answer.status_code == 422
    page.logout()
    page.force_login(Draft.objects.get().user)
    assert form_of(page, labs)["lab-ck-value"].value() == "12,5"


def test_discarding_takes_a_button_and_deletes_nothing(page, labs):
    keep(page, labs, comment="slept badly")
    page.post(f"/results/draft/{labs.pk}/discard/")
    assert form_of(page, labs)["comment"].value() in (None, "")
    draft = Draft.objects.get()
    assert (draft.ended, draft.data["comment"]) == ("discarded", ["slept badly"])


def test_a_draft_is_seen_by_its_author_alone(page, client, labs, clinic):
    keep(page, labs, comment="slept badly")
    client.force_login(make.user(clinic, "coordinator"))
    assert form_of(client, labs)["comment"].value() in (None, "")
    assert b"Draft by you" not in client.get(f"/steps/{labs.pk}/").content
    assert (
        client.get(f"/results/record/{labs.pk}/?draft={Draft.objects.get().pk}").status_code == 404
    )


def test_a_report_that_came_meanwhile_stands_beside_the_draft(page, labs, coordinator, client):
    keep(page, labs, **{"lab-ck-value": "900", "comment": "phoned through"})
    author = Draft.objects.get().user
    client.force_login(coordinator)
    client.post(f"/results/record/{labs.pk}/", typed(labs, **{"lab-ck-value": "300"}))
    client.force_login(author)
    answer = page.get(f"/results/record/{labs.pk}/", follow=True)
    html = answer.content.decode()
    assert "Another report was saved since your draft." in html
    assert answer.context["form"]["comment"].value() == "phoned through"
    assert (
        answer.context["form"]["version"].value() == labs.__class__.objects.get(pk=labs.pk).version
    )


def test_a_second_window_does_not_write_over_the_first(page, labs):
    keep(page, labs, comment="from one")
    assert keep(page, labs, window="two", comment="from two").status_code == 409
    assert Draft.objects.get().data["comment"] == ["from one"]
    shown = Draft.objects.get().saved_at.isoformat()
    assert keep(page, labs, window="two", shown=shown, comment="from two").status_code == 200
    assert keep(page, labs, window="one", comment="late").status_code == 409


def test_an_expired_draft_is_offered_and_not_filled_in(page, labs):
    keep(page, labs, comment="slept badly")
    ago = timezone.now() - timedelta(days=1)
    Draft.objects.update(expires_at=ago)
    html = page.get(f"/results/record/{labs.pk}/").content.decode()
    assert "expired on" in html
    assert "slept badly" not in html
    key = Draft.objects.get().pk
    assert form_of(page, labs, f"?draft={key}")["comment"].value() == "slept badly"
    keep(page, labs, comment="begun anew")
    old, new = Draft.objects.order_by("pk")
    assert (old.ended, old.data["comment"], new.ended) == ("expired", ["slept badly"], "")


def test_its_author_is_told_before_it_expires(page, labs, settings):
    keep(page, labs, comment="slept badly")
    assert "expires" not in page.get("/").content.decode()
    Draft.objects.update(expires_at=timezone.now() + timedelta(days=2))
    assert "expires" in page.get("/").content.decode()


def test_keeping_is_cheap_and_no_look(page, labs, django_assert_max_num_queries):
    keep(page, labs, comment="a")
    before = Event.objects.count()
    # session, person, clinics, step, draft; the rest is the test's own transaction and step
    with django_assert_max_num_queries(10):
        keep(page, labs, comment="b")
    assert Event.objects.count() == before


def test_nothing_that_can_be_sent_breaks_it(page, labs):
    assert keep(page, labs, comment="a\0b", version="x").status_code == 200
    assert keep(page, labs, shown="yesterday", window="w" * 99).status_code == 409
    assert Draft.objects.get().data["comment"] == ["ab"]
