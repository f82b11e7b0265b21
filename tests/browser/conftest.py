"""A real Chromium against the running site; every page it sees is kept as a picture."""

import os
from pathlib import Path

import pytest

from accounts.rls import ALL, clinics
from nmdtracker.embedded import browser as chromium
from tests import make

ARTEFACTS = Path(__file__).resolve().parents[2] / "test-artefacts"
DESKTOP, PHONE = {"width": 1440, "height": 1000}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items):
    missing = chromium.find() is None
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            if missing and not os.environ.get("CI"):
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
def launched():
    """One browser for the session; Playwright's own loop makes Django believe it is async."""
    from playwright.sync_api import sync_playwright

    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    ARTEFACTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.flags())
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(launched, live_server, transactional_db):
    return Site(launched, live_server.url)


class Site:
    """People with a browser each. A refused script or style, or a script error, fails the test."""

    def __init__(self, launched, url):
        self.launched, self.url, self.complaints = launched, url, []

    def sign_in(self, user, viewport=DESKTOP):
        page = self.launched.new_context(viewport=viewport, locale="en-GB").new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._console)
        page.goto(f"{self.url}/accounts/login/")
        page.get_by_label("E-mail").fill(user.email)
        page.get_by_label("Password").fill(make.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.url}/")
        return page

    def _console(self, message):
        if message.type == "error" and "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def picture(self, page, name):
        page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


@pytest.fixture
def staff(transactional_db):
    """One clinic with its three people."""
    with clinics(ALL):
        clinic = make.clinic("north")
        names = {
            "clinician": ("Miriam", "Castell"),
            "coordinator": ("Noor", "Hendriks"),
            "admin": ("Yuki", "Brandvold"),
        }
        return {"clinic": clinic} | {
            role: make.user(clinic, role, given_name=given, family_name=family)
            for role, (given, family) in names.items()
        }
