"""The main pages at a desk and on a phone: nothing sticks out, nothing is refused, keys work."""

import pytest
from playwright.sync_api import expect

from accounts.rls import ALL, clinics
from tests import make
from tests.browser.conftest import DESKTOP, PHONE


@pytest.fixture
def case(staff):
    with clinics(ALL):
        patient = make.patient(staff["clinic"], staff["clinician"], mrn="0047-2291")
        return make.case(
            patient, clinician=staff["clinician"], coordinator=staff["coordinator"], on="2026-05-04"
        )


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desk", "phone"])
def test_no_page_scrolls_sideways(site, staff, case, viewport):
    page = site.sign_in(staff["clinician"], viewport)
    with clinics(ALL):
        step = case.steps.get(code="tri_exam").pk
    addresses = [
        "/",
        "/worklist/",
        "/caseload/",
        "/patients/?q=vasquez",
        "/patients/new/",
        f"/cases/{case.pk}/",
        f"/cases/{case.pk}/close/",
        f"/steps/{step}/",
        f"/steps/{step}/book/",
        f"/results/record/{step}/",
        "/nowhere/",
    ]
    for address in addresses:
        page.goto(site.url + address)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"
        name = address.split("?")[0].strip("/").replace("/", "-") or "my-day"
        site.picture(page, f"{name}-{viewport['width']}")
    assert site.complaints == []


def test_the_worklist_by_keys(site, staff, case):
    page = site.sign_in(staff["coordinator"])
    page.goto(f"{site.url}/worklist/")
    rows = page.locator("[data-nt-list] tbody tr:not(.nt-group)")
    expect(rows.nth(0)).to_have_attribute("data-on", "")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("data-on", "")
    page.keyboard.press("Space")
    expect(page.locator("#peek")).to_be_visible()
    expect(page.locator("#peek h2")).to_have_text(rows.nth(1).locator(".nt-peek-open").inner_text())
    page.keyboard.press("Escape")
    expect(page.locator("#peek")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator(".nt-search input")).to_be_focused()
    assert site.complaints == []


def test_a_phone_shows_what_is_urgent(site, staff, case):
    with clinics(ALL):
        case.steps.filter(code="tri_exam").update(urgency="urgent")
    page = site.sign_in(staff["clinician"], PHONE)
    page.goto(f"{site.url}/worklist/")
    expect(page.locator("td .nt-prio--urgent")).to_be_visible()
    expect(page.locator("td .nt-prio--soon").first).to_be_hidden()
    page.locator("summary", has_text="More filters").click()
    fits = "all => all.every((each) => each.getBoundingClientRect().right <= innerWidth)"
    assert page.locator(".nt-views details[open] :is(select, input)").evaluate_all(fits)


def test_a_station_says_why_on_focus(site, staff, case):
    page = site.sign_in(staff["clinician"])
    page.goto(f"{site.url}/cases/{case.pk}/")
    page.get_by_role("link", name="Core bloods").first.focus()
    expect(page.locator("#why")).to_be_visible()
    expect(page.locator("#why")).to_contain_text("Waiting")


def test_the_theme_is_kept(site, staff):
    page = site.sign_in(staff["clinician"])
    before = page.locator("html").get_attribute("data-bs-theme")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.goto(f"{site.url}/worklist/")
    assert page.locator("html").get_attribute("data-bs-theme") != before
