"""What was typed survives a signed-out session and a closed browser."""

import re

import pytest

from accounts.rls import ALL, clinics
from results.drafts.models import Draft
from tests import make

SESSION = "nmd_session"


@pytest.fixture
def labs(staff):
    with clinics(ALL):
        patient = make.patient(staff["clinic"], staff["clinician"], mrn="0047-2291")
        case = make.case(patient, staff["clinician"], clinician=staff["clinician"])
        return case.steps.get(code="tri_labs")


def sign_in(page, person):
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def ck(page):
    return page.locator("[name=lab-ck-value]")


def status(page, words):
    page.locator("[data-nt-draft-status]").get_by_text(words).wait_for()


def comment(page):
    return page.get_by_label("Comment", exact=True)


def lose_session_while_typing(site, page, person):
    """She is told, signs in in another tab, and goes on where she was."""
    page.context.clear_cookies(name=SESSION)
    ck(page).fill("1250")
    status(page, "you are signed out")
    other = page.context.new_page()
    other.goto(f"{site.url}/accounts/login/")
    sign_in(other, person)
    other.wait_for_url(f"{site.url}/")
    comment(page).fill("phoned through")
    status(page, "Draft saved")


def lose_session_unnoticed(page, person, address):
    """Saving asks her to sign in and brings her back to the draft."""
    with page.expect_response(re.compile("/results/draft/")):
        ck(page).fill("1260")
    page.context.clear_cookies(name=SESSION)
    page.get_by_role("button", name=re.compile("^Save")).click()
    page.wait_for_url(re.compile("/accounts/login/"))
    sign_in(page, person)
    page.wait_for_url(address)
    assert ck(page).input_value() == "1260"


def test_a_draft_survives_what_ends_a_page(site, staff, labs):
    doctor, address = staff["clinician"], f"{site.url}/results/record/{labs.pk}/"
    page = site.sign_in(doctor)
    page.goto(address)
    ck(page).fill("12,5")
    status(page, "Draft saved")
    site.picture(page, "draft-saved")
    lose_session_while_typing(site, page, doctor)
    page.context.close()  # without saving

    page = site.sign_in(doctor)
    page.get_by_role("link", name=re.compile("Go on with")).click()
    page.wait_for_url(address)
    assert (ck(page).input_value(), comment(page).input_value()) == ("1250", "phoned through")
    assert page.get_by_role("button", name="Discard the draft").is_visible()
    lose_session_unnoticed(page, doctor, address)
    page.get_by_role("button", name=re.compile("^Save")).click()
    page.wait_for_url(f"{site.url}/steps/{labs.pk}/")
    assert page.get_by_text("Draft by you").count() == 0
    with clinics(ALL):
        labs.refresh_from_db()
        assert labs.facts["lab.ck.value"] == 1260
        assert [draft.ended for draft in Draft.objects.all()] == ["saved"]
    assert site.complaints == []
