"""The chart in a browser: trends open as a picture with its table; one key finds in the patient."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from accounts.rls import ALL, clinics
from tests import make
from tests.browser.conftest import PHONE
from workflows import services

PAINTED = """canvas => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(new Uint32Array(data.buffer)).size;
}"""

TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


def measured(staff):
    today = timezone.localdate()
    doctor = staff["clinician"]
    patient = make.patient(staff["clinic"], doctor)
    case = make.case(patient, doctor, on=today - timedelta(days=90), clinician=doctor)
    for days_ago, ck, status in ((80, 4200, "final"), (2, 2900, "preliminary")):
        step = services.add_step(
            case,
            code=f"ck_{days_ago}",
            label="CK",
            modality="labs",
            profile="soon",
            days=7,
            by=doctor,
            at=timezone.now(),
        )
        day = today - timedelta(days=days_ago)
        make.reported(step, doctor, {"lab.ck.value": ck}, on=day, status=status)
    return case


def test_a_trend_opens_from_the_chart_as_a_picture_and_a_table(site, staff):
    with clinics(ALL):
        case = measured(staff)
    page = site.sign_in(staff["clinician"])
    page.goto(f"{site.url}/cases/{case.pk}/")
    trends = page.get_by_role("region", name="Trends")
    expect(trends).to_contain_text("−1 300 since")
    trends.get_by_role("link", name="CK").click()
    picture = page.get_by_role("img", name="CK: 2 values, from 4 200")
    expect(picture).to_be_visible()
    canvas = picture.locator("canvas")
    assert canvas.evaluate(PAINTED) > 3
    light = canvas.evaluate("canvas => canvas.toDataURL()")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for_function(
        "before => document.querySelector('canvas').toDataURL() !== before", arg=light
    )
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("2 900")
    expect(rows.nth(1)).to_contain_text("Preliminary")
    expect(rows.nth(2)).to_contain_text("4 200")
    page.set_viewport_size(PHONE)
    assert page.evaluate(TOO_WIDE) <= 0
    site.picture(page, "trend-390-dark")
    page.goto(f"{site.url}/cases/{case.pk}/")
    expect(page.get_by_role("list").filter(has_text="First symptom")).to_be_visible()
    assert page.evaluate(TOO_WIDE) <= 0
    page.keyboard.press("/")
    page.keyboard.type("creatine kin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("also looked for: ck")
    assert page.evaluate(TOO_WIDE) <= 0
    assert site.complaints == []
