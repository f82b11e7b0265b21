"""A whole history by keyboard alone: found by typing, answered by a key, stored as it was told."""

import pytest
from playwright.sync_api import expect

from accounts.rls import ALL, clinics
from results.services import current_result
from tests import make

NO = ["n"] * 7  # the red flags
KEYS = {"Enter", "Tab", "ArrowDown", "ArrowUp", "Control+Enter"}  # all else is text


@pytest.fixture
def history(site, staff):
    """The page of a fresh history, marked: a reload would lose the mark."""
    with clinics(ALL):
        patient = make.patient(staff["clinic"], staff["clinician"])
        case = make.case(patient, staff["clinician"], clinician=staff["clinician"])
        step = case.steps.get(code="tri_history")
    page = site.sign_in(staff["clinician"])
    page.goto(f"{site.url}/results/record/{step.pk}/")
    page.evaluate("window.sameDocument = true")
    return page, step


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key) if key in KEYS else page.keyboard.type(key)


def here(page):
    return page.evaluate("document.activeElement.name || document.activeElement.id")


def walk_to(page, name):
    """By Tab, as somebody without a mouse gets to a later part of the page."""
    for _ in range(60):
        if here(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}")


def test_a_whole_history_by_keyboard_alone(site, history):
    page, step = history
    press(page, "trips and chokes", "Tab", "2023-05", "Enter", "l", "Enter")
    assert here(page) == "progression"
    for _ in range(3):
        press(page, "Enter")
    press(page, *NO)
    assert here(page) == "find-symptom"
    press(page, "droopy")
    expect(page.locator("#find-symptom-list li")).to_have_count(1)
    press(page, "Enter", "y", "d", "b", "Tab", "2024", "Enter")
    assert here(page) == "find-symptom"  # back for the next one
    press(page, "pins and need", "Enter", "n", "Enter")
    press(page, "dyspn", "ArrowDown", "ArrowUp", "Enter")
    assert here(page) == "ph-dyspnoea-status"  # where it stands, British or American
    press(page, "u", "Enter", "Enter")
    site.picture(page, "22-history-by-keys")
    first = here(page)
    press(page, "y", "d")
    assert here(page) == first.replace("status", "side")
    press(page, "r", "Tab", "Tab", "worse in the evening", "Enter")
    walk_to(page, "family_history_nmd")
    press(page, "y")
    expect(page.get_by_text("Somebody in the family is affected: who?")).to_be_visible()
    walk_to(page, "rel-new1-relation")
    press(page, "mother", "Enter", "y", "wheelchair at 50", "Enter", "61", "Enter", " ", "Enter")
    expect(page.get_by_text("Somebody in the family is affected: who?")).to_be_hidden()
    walk_to(page, "earlier-new1-what")
    press(page, "EMG", "Enter", "2024-02", "Enter", "St Elsewhere", "Enter", "normal", "Enter", "r")
    press(page, "Control+Enter")
    page.wait_for_url(f"**/steps/{step.pk}/")
    assert page.evaluate("window.sameDocument")
    with clinics(ALL):
        told(current_result(step), first.split("-")[1])
    assert site.complaints == []


def told(result, first):
    lines = {
        row.code: (row.status, row.side, str(row.onset), row.note)
        for row in result.rows("symptoms")
    }
    assert (result.complaint, str(result.onset), result.onset_site) == (
        *("trips and chokes", "2023-05"),
        "leg",
    )
    assert lines.pop("ptosis") == ("present", "bilateral", "2024", "")
    assert lines.pop("tingling") == ("absent", "", "", "")
    assert lines.pop("dyspnoea") == ("unknown", "", "", "")
    assert lines.pop(first) == ("present", "right", "", "worse in the evening")
    assert len(lines) == len(NO)
    assert {line[0] for line in lines.values()} == {"absent"}
    mother = result.step.patient.relatives.get()
    assert (mother.relation, mother.affected, mother.age_years, mother.deceased) == (
        *("mother", "yes"),
        *(61, True),
    )
    test = result.earlier_tests.get()
    assert (test.what, str(test.done), test.outcome, test.seen) == (
        *("EMG", "2024-02"),
        *("normal", "report"),
    )
