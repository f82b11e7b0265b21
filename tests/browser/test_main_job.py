"""The main job, from the referral of a boy to a diagnosis that he and his parents know."""

import re
import subprocess
import sys
from datetime import date

import pytest
from django.db import connection

from accounts.rls import ALL, clinics
from nmdtracker.embedded import testing
from tests.browser.timeshift import grow_older
from tests.mailbox import Mailbox
from workflows.models import Case

BORN = f"{date.today().year - 4}-02-11"


@pytest.fixture
def mail():
    with Mailbox() as running:
        yield running


def deliver(mail):
    """What beat wakes a worker for, in a process of its own."""
    environment = testing.environment(
        connection.settings_dict["NAME"],
        EMAIL_URL=f"smtp://127.0.0.1:{mail.port}",
        NMD_REMINDER_QUIET_HOURS="no",
    )
    done = subprocess.run(
        [sys.executable, "manage.py", "deliver"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr


def open_boy(site, page, staff):
    page.get_by_role("link", name="Patients").first.click()
    page.get_by_role("link", name="New patient").click()
    page.get_by_label("Given names").fill("Tobias")
    page.get_by_label("Family name").fill("Okonkwo-Reed")
    page.get_by_label("Born").fill(BORN)
    page.get_by_label("Sex").select_option("male")
    page.get_by_label("Record number (MRN)").fill("0070-2265")
    site.picture(page, "01-new-patient")
    page.get_by_role("button", name="Save and open a case").click()
    page.get_by_text("Signs named in the referral").click()
    page.get_by_label("Waddling gait").check()
    page.get_by_label("Reason for referral").fill("Falls often, cannot climb stairs")
    page.get_by_label("Responsible clinician").select_option(str(staff["clinician"].pk))
    site.picture(page, "02-new-case")
    page.get_by_role("button", name="Open the case").click()
    page.wait_for_url(re.compile(r"/cases/\d+/$"))
    site.picture(page, "03-chart-after-referral")
    return int(page.url.rstrip("/").rsplit("/", 1)[1])


def accept(page, words):
    proposal = page.locator(".nt-proposal", has_text=words).first
    proposal.get_by_role("button", name="Accept").click()
    page.wait_for_load_state()


def open_step(page, chart, label):
    page.goto(chart)
    page.locator(".nt-path a.nt-stn, .nt-rows a", has_text=label).first.click()
    link = page.get_by_role("heading", name=label, level=1)
    link.wait_for()


def close_doors(page):
    """Review a report, tell the patient: through the step's own buttons."""
    for title, button in [("Review", "Reviewed"), ("Tell the patient", "Told")]:
        page.get_by_role("link", name=title).first.click()
        if title == "Review":
            page.get_by_label("Something was done").check()
            page.get_by_label("In words").fill("The family was called")
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_url(re.compile(r"/steps/\d+/$"))


def record_ck(site, doctor, chart):
    open_step(doctor, chart, "Core bloods")
    site.picture(doctor, "05-step-bloods")
    doctor.get_by_role("link", name="Record result").click()
    doctor.locator("[name='lab-ck-value']").fill("15000")
    for analyte in ("ast", "alt", "ggt"):
        doctor.locator(f"[name='lab-{analyte}-value']").fill("40")
    site.picture(doctor, "06-record-labs")
    save(doctor)


def save(page):
    page.get_by_role("button", name=re.compile("^Save")).first.click()
    page.wait_for_url(re.compile(r"/steps/\d+/$"))


def take_up_the_dystrophy_pathway(site, doctor, chart):
    """The pathway and its DMD test appear with the rule and its source."""
    doctor.goto(chart)
    assert doctor.locator(".nt-proposals", has_text="Birnkrant et al. 2018").count()
    site.picture(doctor, "07-chart-proposals")
    accept(doctor, "Start the pathway “Suspected muscular dystrophy")
    assert doctor.locator(".nt-proposals", has_text="dystrophin gene first").count()
    accept(doctor, "DMD deletion and duplication test is needed")
    accept(doctor, "CK (with AST, ALT, GGT)")


def order_the_gene_test(site, doctor, chart):
    open_step(doctor, chart, "DMD deletion and duplication test")
    doctor.get_by_role("link", name="Order").click()
    doctor.get_by_label("Laboratory or department").fill("Regional genomics")
    site.picture(doctor, "08-order")
    doctor.get_by_role("button", name="Order", exact=True).click()
    doctor.wait_for_url(re.compile(r"/steps/\d+/$"))
    return doctor.url


def check_mail(mail, path):
    """Somebody is reminded of this step; no letter says who the patient is."""
    texts = [letter.get_body(("plain",)).get_content() for letter in mail.messages]
    assert any(path in text for text in texts)
    for letter in mail.messages:
        assert not re.search(f"Tobias|Okonkwo|0070-2265|{BORN}", letter.as_string())


def record_the_deletion(site, doctor, step_url):
    doctor.goto(step_url)
    doctor.get_by_role("link", name="Record result").click()
    doctor.locator("[name='dmd_del_dup']").select_option("deletion")
    doctor.locator("[name='dmd_exon_start']").fill("45")
    doctor.locator("[name='dmd_exon_end']").fill("50")
    site.picture(doctor, "10-record-genetics")
    save(doctor)
    close_doors(doctor)


def name_the_illness(site, doctor, chart):
    doctor.goto(f"{chart}diagnoses/new/")
    doctor.get_by_label("Disorder").select_option("dmd")
    doctor.get_by_label("Certainty").select_option("confirmed")
    doctor.get_by_label("What it rests on").fill("Deletion of DMD exons 45–50, out of frame")
    site.picture(doctor, "12-diagnosis")
    doctor.get_by_role("button", name="Save").click()
    doctor.wait_for_url(chart)
    doctor.get_by_role("link", name="Told…").first.click()
    doctor.get_by_role("button", name="Told").click()
    doctor.wait_for_url(chart)


def close(site, doctor, chart):
    doctor.goto(f"{chart}close/")
    doctor.get_by_label("Why the case is closed").fill("Diagnosis told; muscle clinic follows")
    for box in doctor.get_by_role("checkbox").all():
        box.check()
    site.picture(doctor, "13-close")
    doctor.get_by_role("button", name="Close the case").click()
    doctor.wait_for_url(chart)
    site.picture(doctor, "14-chart-closed")


def test_the_main_job(site, staff, mail):
    desk = site.sign_in(staff["coordinator"])
    site.picture(desk, "00-my-day-coordinator")
    case_id = open_boy(site, desk, staff)
    chart = f"{site.url}/cases/{case_id}/"

    doctor = site.sign_in(staff["clinician"])
    doctor.goto(f"{site.url}/worklist/")
    site.picture(doctor, "04-worklist")
    doctor.goto(f"{site.url}/patients/?q=okonk")
    doctor.get_by_role("link", name="Tobias Okonkwo-Reed").click()
    doctor.wait_for_url(chart)
    record_ck(site, doctor, chart)
    take_up_the_dystrophy_pathway(site, doctor, chart)
    step_url = order_the_gene_test(site, doctor, chart)

    with clinics(ALL):
        case = Case.objects.get(pk=case_id)
    grow_older(case, days=45)
    deliver(mail)
    check_mail(mail, step_url.removeprefix(site.url))
    desk.goto(step_url)
    assert desk.get_by_text("overdue").first.is_visible()
    site.picture(desk, "09-step-overdue")

    record_the_deletion(site, doctor, step_url)
    doctor.goto(chart)
    site.picture(doctor, "11-chart-biopsy-not-needed")
    accept(doctor, "Muscle biopsy")
    with clinics(ALL):
        assert case.steps.get(code="md_biopsy").stage == "not_needed"
    name_the_illness(site, doctor, chart)
    open_step(doctor, chart, "Core bloods")
    close_doors(doctor)
    close(site, doctor, chart)

    desk.goto(f"{site.url}/worklist/")
    assert desk.get_by_text("Okonkwo-Reed").count() == 0
    site.picture(desk, "15-worklist-after")
    assert site.complaints == []
