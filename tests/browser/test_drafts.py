"""What was typed survives a signed-out session and a closed browser."""

import re

import pytest

from accounts.rls import ALL, clinics
from results.drafts.models import Draft
from tests import make


@pytest.fixture
def labs(staff):
    with clinics(ALL):
        patient = make.patient(staff["clinic"], staff["clinician"], mrn="0047-2291")
        case = make.case(patient, staff["clinician"], clinician=staff["clinician"])
        return case.steps.get(code="tri_labs")


def test_a_draft_survives_what_ends_a_page(site, staff, labs):
    page = site.sign_in(staff["clinician"])
    address = f"{site.url}/results/record/{labs.pk}/"
    page.goto(address)
    status = page.locator("[data-nt-draft-status]")
    ck = page.locator("[name=lab-ck-value]")
    ck.fill("12,5")
    status.get_by_text("Draft saved").wait_for()
    site.picture(page, "draft-saved")

    # the session ends while she types: she is told, signs in elsewhere, and goes on
    page.context.clear_cookies(name="nmd_session")
    ck.fill("1250")
    status.get_by_text("you are signed out").wait_for()
    other = page.context.new_page()
    other.goto(f"{site.url}/accounts/login/")
    other.get_by_label("E-mail").fill(staff["clinician"].email)
    other.get_by_label("Password").fill(make.PASSWORD)
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(f"{site.url}/")
    page.get_by_label("Comment", exact=True).fill("phoned through")
    status.get_by_text("Draft saved").wait_for()
    page.context.close()  # without saving

    page = site.sign_in(staff["clinician"])
    page.get_by_role("link", name=re.compile("Go on with")).click()
    page.wait_for_url(address)
    assert page.locator("[name=lab-ck-value]").input_value() == "1250"
    assert page.get_by_label("Comment", exact=True).input_value() == "phoned through"
    assert page.get_by_role("button", name="Discard the draft").is_visible()
    page.locator("[name=lab-ck-value]").fill("1260")
    page.get_by_role("button", name=re.compile("^Save")).click()
    page.wait_for_url(f"{site.url}/steps/{labs.pk}/")
    assert page.get_by_text("Draft by you").count() == 0
    with clinics(ALL):
        labs.refresh_from_db()
        assert labs.facts["lab.ck.value"] == 1260
        assert [draft.ended for draft in Draft.objects.all()] == ["saved"]
    assert site.complaints == []
