"""The coordinator's worklist by keys alone, and another browser that sees what she does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.rls import ALL, clinics
from tests import make
from workflows import services
from workflows.models import SavedView, Step

MANY, HANDED = 20, 10


@pytest.fixture
def people(transactional_db):
    clinic = make.clinic()
    doctor = make.user(clinic, "clinician", given_name="Miriam", family_name="Castell")
    noor = make.user(clinic, "coordinator", given_name="Noor", family_name="Hendriks")
    ada = make.user(clinic, "coordinator", given_name="Ada", family_name="Brandt")
    return clinic, doctor, noor, ada


@pytest.fixture
def outstanding(people):
    """Twenty nerve studies to book, ordered today."""
    clinic, doctor, noor, _ = people
    with clinics(ALL):
        patient = make.patient(clinic, doctor, mrn="0047-2291")
        case = make.case(patient, doctor, clinician=doctor, coordinator=noor)
        for number in range(MANY):
            step = services.add_step(
                case,
                code=f"ncs{number}",
                label=f"Nerve study {number + 1}",
                modality="emg",
                profile="soon",
                days=7,
                by=doctor,
                at=timezone.now(),
            )
            services.order(step, by=doctor, at=timezone.now())


def count(**fields):
    with clinics(ALL):
        return Step.objects.filter(**fields).count()


def test_a_coordinators_morning_by_keys(site, people, outstanding):
    _, _, noor, ada = people
    page, other = site.sign_in(noor), site.sign_in(ada)
    other.clock.install()
    opened(other, f"{site.url}/worklist/?tab=to_book&modality=emg")
    filter_and_save(page, site.url)
    book_all(page)
    sees(other, rows=0)
    undo_one(page)
    sees(other, rows=1)
    book_in_the_list(other)
    hand_over_some(page, site.url)
    accept_all(other, site.url)
    assert count(owner=ada) == HANDED
    assert site.complaints == []


def opened(page, address):
    page.goto(address)
    page.wait_for_load_state("networkidle")  # the script listens


def settled(page):
    """htmx knows what it has just put there: sooner than anybody could press a key."""
    page.wait_for_function("() => !document.querySelector('.htmx-added, .htmx-settling')")


def tick(page, many):
    """The first rows, as a range."""
    page.keyboard.press("x")
    for _ in range(many - 1):
        page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    page.get_by_text(f"{many} ticked").wait_for()


def filter_and_save(page, url):
    opened(page, f"{url}/worklist/?tab=open")
    page.get_by_label("Kind of test").focus()
    page.keyboard.type("EMG")
    page.wait_for_url("**modality=emg**")
    page.wait_for_load_state("networkidle")
    page.locator("summary", has_text="Save this view").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Nerve studies")
    page.keyboard.press("Enter")
    page.get_by_text("View “Nerve studies” saved.").wait_for()
    with clinics(ALL):
        assert SavedView.objects.get().query == "tab=open&modality=emg"


def book_all(page):
    """Twenty rows for one day; nothing is done before it was shown."""
    page.wait_for_load_state("networkidle")
    page.keyboard.press("3")
    page.wait_for_url("**tab=to_book**")
    page.wait_for_load_state("networkidle")
    tick(page, MANY)
    page.keyboard.press("b")
    page.get_by_role("heading", name=f"Book: {MANY} steps").wait_for()
    assert count(booked_for__isnull=False) == 0
    assert page.evaluate("document.activeElement.name") == "day"
    day = timezone.localdate() + timedelta(days=30)
    page.locator("#id_day").fill(day.isoformat())  # what typing a date leaves there
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name=f"Book: {MANY} of {MANY} done").wait_for()
    assert count(booked_for__isnull=False) == MANY


def undo_one(page):
    page.get_by_role("button", name="Undo").first.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Appointment taken back").wait_for()
    assert count(booked_for__isnull=False) == MANY - 1


def sees(other, rows):
    """What a reader sees after half a minute in which she did nothing, without reloading."""
    other.clock.fast_forward(30_000)
    other.wait_for_function(
        "rows => document.querySelectorAll('tr[data-key]').length === rows", arg=rows
    )


def book_in_the_list(other):
    """One row is booked beside the list, taken back by one key, and stays where it was."""
    other.keyboard.press("h")
    other.wait_for_function("() => document.activeElement.name === 'until'")
    other.keyboard.press("Escape")
    other.wait_for_function("() => document.activeElement.matches('tr[data-on]')")
    other.keyboard.press("e")
    other.wait_for_function("() => document.activeElement.name === 'day'")
    other.keyboard.press("Control+Enter")
    other.locator("#peek").get_by_text("Say on which day").wait_for()
    settled(other)
    day = timezone.localdate() + timedelta(days=31)
    other.locator("#id_day").fill(day.isoformat())
    other.keyboard.press("Control+Enter")
    other.locator("#said").get_by_text("Booked for").wait_for()
    other.keyboard.press("u")
    other.locator("#said").get_by_text("Appointment taken back").wait_for()
    other.wait_for_function("() => document.activeElement.matches('tr[data-on]')")
    assert other.url.endswith("tab=to_book&modality=emg")


def hand_over_some(page, url):
    """One of the ticked is changed by somebody else meanwhile: she sees it, and it is refused."""
    opened(page, f"{url}/worklist/?tab=booked&modality=emg")
    tick(page, HANDED + 1)
    with clinics(ALL):
        first = Step.objects.filter(booked_for__isnull=False).order_by("sort_on", "pk").first()
        services.assign(first, to=first.ordered_by, by=first.ordered_by, at=timezone.now())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.locator("tr[data-key]", has_text="M Castell").wait_for()
    page.get_by_text(f"{HANDED + 1} ticked").wait_for()
    page.keyboard.press("o")
    page.get_by_role("heading", name=f"Hand over: {HANDED} of {HANDED + 1} steps").wait_for()
    page.locator("#id_to").focus()
    page.keyboard.type("Ada")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name=f"Hand over: {HANDED} of {HANDED + 1} done").wait_for()


def accept_all(other, url):
    other.goto(f"{url}/hand-overs/")
    other.get_by_label("tick all").focus()
    other.keyboard.press("Space")
    other.get_by_role("button", name="Accept the ticked").focus()
    other.keyboard.press("Enter")
    other.get_by_text(f"{HANDED} × accepted").wait_for()
