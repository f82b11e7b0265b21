"""Bulk work: asked first, each row by itself, and each says what became of it."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import Event
from tests import make
from workflows import services
from workflows.models import Offer, Reminder, Step

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def steps(case, doctor):
    """Three steps to book, each in a case of its own."""
    made = []
    for number in range(3):
        again = case if not number else make.case(case.patient, doctor, clinician=doctor)
        step = services.add_step(
            again,
            code=f"extra{number}",
            label=f"Nerve study {number}",
            modality="emg",
            profile="soon",
            days=7,
            by=doctor,
            at=timezone.now(),
        )
        services.order(step, by=doctor, at=timezone.now())
        step.refresh_from_db()
        made.append(step)
    return made


@pytest.fixture
def page(client, coordinator):
    client.force_login(coordinator)
    return client


def sent(page, verb, steps, **fields):
    ticked = [f"{step.pk}:{step.version}" for step in steps]
    return page.post(f"/worklist/bulk/{verb}/", {"step": ticked, "back": "tab=to_book", **fields})


def text(answer):
    return answer.content.decode()


def test_the_preview_says_what_it_would_replace_and_how_many_can_be_done(page, steps, doctor):
    booked, held, ended = steps
    at = timezone.now()
    services.book(booked, booked_for=make.at(TODAY + timedelta(days=9), hour=9), by=doctor, at=at)
    services.hold(held, until=TODAY + timedelta(days=8), reason="Abroad", by=doctor, at=at)
    services.cancel(ended, reason="Not wanted", by=doctor, at=at)
    for step in steps:
        step.refresh_from_db()
    shown = text(sent(page, "book", steps))
    assert "Book: 2 of 3 steps" in shown or "Book: 1 of 3 steps" in shown
    assert "moves the appointment of" in shown
    shown = text(sent(page, "hold", steps))
    assert "Hold: 2 of 3 steps" in shown
    assert re.search(r"on hold until [^:]+ already: Abroad", shown)


def test_the_address_opened_again_leads_to_the_list(page):
    assert page.get("/worklist/bulk/book/").url == "/worklist/"


def test_the_first_time_only_asks(page, steps):
    answer = sent(page, "book", steps)
    assert "Book: 3 steps" in text(answer)
    assert "Nothing has been done yet" in text(answer)
    looked = Event.objects.get(verb="worklist.bulk")
    assert looked.detail == {"shown": 3, "act": "book"}, "a look at patients is on record"
    assert not Step.objects.exclude(booked_for=None).exists()


def test_what_will_change_and_what_cannot_is_said_before_it_is_done(page, client, steps, doctor):
    booked, done, new = steps
    services.book(booked, booked_for=timezone.now(), by=doctor, at=timezone.now())
    make.reported(done, doctor, {}, flag="abnormal")
    services.unorder(new, by=doctor, at=timezone.now())
    asked = text(sent(page, "book", Step.objects.filter(pk__in=[each.pk for each in steps])))
    assert '<span class="fs-xs text-3">today' in asked, "the appointment that is moved"
    assert asked.count("This test has been done already") == 1
    assert asked.count("Order this test before you book it") == 1
    services.review(Step.objects.get(pk=done.pk), by=doctor, at=timezone.now())
    client.force_login(doctor)
    asked = text(sent(client, "letter", Step.objects.filter(pk=done.pk)))
    assert "This result is not normal" in asked


def test_all_are_booked_and_one_is_undone(page, steps):
    day = TODAY + timedelta(days=10)
    answer = sent(page, "book", steps, go="1", day=day)
    assert "Book: 3 of 3 done" in text(answer)
    assert Step.objects.exclude(booked_for=None).count() == 3
    steps[1].refresh_from_db()
    page.post(f"/steps/{steps[1].pk}/unbook/", {"version": steps[1].version})
    steps[1].refresh_from_db()
    assert (steps[1].booked_for, steps[1].stage) == (None, "to_book")


def undone(client, page, step):
    """The undo of one row of an outcome page, sent as that page sends it."""
    form = rf'id="(undo-{step.pk})".*?<form method="post" action="([^"]+)"(.*?)</form>'
    [(target, url, fields)] = re.findall(form, page, re.DOTALL)
    values = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', fields))
    return client.post(url, values, headers={"HX-Request": "true", "HX-Target": target})


def test_an_undo_brings_back_what_was_there_and_is_an_act_of_its_own(page, steps, coordinator):
    day, ada = TODAY + timedelta(days=10), make.user(steps[0].clinic, "coordinator")
    services.assign(steps[0], to=ada, by=ada, at=timezone.now())
    services.book(steps[1], booked_for=timezone.now(), by=ada, at=timezone.now())
    steps = list(Step.objects.filter(pk__in=[each.pk for each in steps]).order_by("pk"))
    first, second, _ = steps
    answer = undone(page, text(sent(page, "assign", steps, go="1", to=coordinator.pk)), first)
    assert "Assigned" in text(answer)
    first.refresh_from_db()
    assert first.assigned_to == ada
    before = second.booked_for.date()
    answer = text(sent(page, "book", Step.objects.filter(pk=second.pk), go="1", day=day))
    undone(page, answer, second)
    second.refresh_from_db()
    assert second.booked_for.date() == before, "an appointment that was moved moves back"
    assert "changed this step" in text(undone(page, answer, second)), "once"
    assert Event.objects.filter(step_id=second.pk, verb="step.book").count() == 3
    assert "There is no undo" in text(sent(page, "chase", steps, go="1"))


def test_an_order_is_taken_back_until_something_came_of_it(client, steps, doctor):
    client.force_login(doctor)
    case = steps[0].case
    fields = {"code": "new", "label": "New", "modality": "emg", "profile": "soon", "days": 7}
    new = services.add_step(case, **fields, by=doctor, at=timezone.now())
    answer = text(sent(client, "order", [new], go="1", sent_to="Inwood"))
    assert "Order taken back" in text(undone(client, answer, new))
    new.refresh_from_db()
    assert (new.stage, new.ordered_at, new.sent_to) == ("to_order", None, "")
    assert Event.objects.filter(step_id=new.pk, verb="step.unorder").exists()
    booked = services.book(steps[1], booked_for=timezone.now(), by=doctor, at=timezone.now())
    with pytest.raises(ValidationError, match="Something has come of this order"):
        services.unorder(booked, by=doctor, at=timezone.now())


def test_what_moved_meanwhile_says_so_and_the_rest_is_done(page, steps, doctor):
    shown = list(steps)
    services.hold(
        Step.objects.get(pk=steps[0].pk),
        until=TODAY + timedelta(days=5),
        reason="abroad",
        by=doctor,
        at=timezone.now(),
    )
    answer = sent(page, "book", shown, go="1", day=TODAY + timedelta(days=10))
    assert "Book: 2 of 3 done" in text(answer)
    assert "Somebody changed this step meanwhile" in text(answer)


@pytest.mark.parametrize(
    ("verb", "fields", "sentence"),
    [
        ("book", {"day": TODAY - timedelta(days=1)}, "This day is over"),
        ("hold", {"until": TODAY + timedelta(days=5)}, "Say why this step is held"),
        ("hold", {"reason": "abroad"}, "A hold needs a day on which it ends"),
        ("hold", {"until": TODAY, "reason": "abroad"}, "Choose a day after today"),
        ("hold", {"until": TODAY + timedelta(days=4000), "reason": "x"}, "within a year"),
        ("book", {"day": TODAY + timedelta(days=7300)}, "is the year right"),
        ("book", {"day": "soon"}, "Enter a valid date"),
    ],
)
def test_bad_input_is_refused_in_words(page, steps, verb, fields, sentence):
    before = list(Step.objects.order_by("pk").values_list("version", flat=True))
    assert sentence in text(sent(page, verb, steps, go="1", **fields))
    assert list(Step.objects.order_by("pk").values_list("version", flat=True)) == before


def test_where_nothing_could_be_done_what_was_typed_and_ticked_is_still_there(page, steps):
    gone = TODAY - timedelta(days=1)
    answer = text(sent(page, "book", steps, go="1", day=gone, hour="09:30"))
    assert answer.count("This day is over") == 3
    assert f'value="{gone.isoformat()}"' in answer
    assert 'value="09:30"' in answer
    for step in steps:
        assert f'name="step" value="{step.pk}:{step.version}"' in answer


def test_what_could_not_be_done_is_one_button_away_as_it_stands_now(page, steps, doctor):
    moved = Step.objects.get(pk=steps[0].pk)
    services.write_note(moved, text="rang twice", by=doctor, at=timezone.now())
    answer = text(sent(page, "book", steps, go="1", day=TODAY + timedelta(days=10)))
    moved.refresh_from_db()
    again = re.findall(r'name="step" value="([^"]+)"', answer)
    assert again == [f"{moved.pk}:{moved.version}"]
    asked = text(page.post("/worklist/bulk/book/", {"step": again, "back": "tab=to_book"}))
    assert "Book: 1 step" in asked
    assert "meanwhile" not in asked


def test_somebody_without_a_role_here_is_no_choice(page, steps):
    stranger = make.user(make.clinic("south"), "coordinator")
    answer = sent(page, "assign", steps, go="1", to=stranger.pk)
    assert "Choose somebody who works in this clinic today" in text(answer)


def test_handed_over_and_reminded(page, steps, doctor, coordinator):
    colleague = make.user(steps[0].clinic, "coordinator")
    assert "3 of 3 done" in text(sent(page, "offer", steps, go="1", to=colleague.pk))
    assert Offer.objects.asked().count() == 3
    assert "3 of 3 done" in text(sent(page, "chase", steps, go="1"))
    assert Reminder.objects.filter(kind="chased", state="planned").count() >= 3
    assert "has been reminded today" in text(sent(page, "chase", steps, go="1"))
    for step in steps:
        services.resettle(step.case, at=timezone.now())
    assert Reminder.objects.filter(kind="chased", state="planned").count() >= 3


def test_only_normal_results_are_told_by_letter(client, doctor, case, coordinator):
    flags = {"tri_labs": "normal", "tri_resp": "abnormal"}
    steps = [make.reported(case.steps.get(code=c), doctor, {}, flag=f) for c, f in flags.items()]
    for step in steps:
        services.review(Step.objects.get(pk=step.pk), by=doctor, at=timezone.now())
    steps = list(Step.objects.filter(pk__in=[step.pk for step in steps]))
    client.force_login(coordinator)
    assert "Your role does not allow this" in text(sent(client, "letter", steps))
    client.force_login(doctor)
    answer = text(sent(client, "letter", steps, go="1", how="letter"))
    assert "1 of 2 done" in answer
    assert "not normal: tell the patient in person" in answer


def test_foreign_rows_and_nonsense_are_nothing(client, steps):
    client.force_login(make.user(make.clinic("south"), "coordinator"))
    answer = sent(client, "book", steps, go="1", day=TODAY + timedelta(days=3))
    assert "Nothing is ticked" in text(answer)
    nonsense = client.post("/worklist/bulk/book/", {"step": ["x", "1", "1:2:3", "9" * 40 + ":1"]})
    assert "Nothing is ticked" in text(nonsense)
    assert client.post("/worklist/bulk/burn/", {}).status_code == 404


def test_the_list_prints(page, steps):
    printed = text(sent(page, "print", steps))
    assert printed.count("Nerve study") >= 3
