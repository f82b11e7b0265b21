"""axe-core on every page: light and dark, desk and phone, with the demo's data on it."""

from pathlib import Path

import pytest
from django.core.management import call_command

from accounts.models import User
from accounts.rls import ALL, clinics
from results.registry import MODALITIES
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from workflows.models import Case, Proposal, Step

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOSE = """() => {  // what lies under the sticky bar at this moment can be scrolled from under it
  const bar = document.querySelector(".nt-actionbar");
  if (bar) bar.style.position = "static";
  document.querySelectorAll("details").forEach((each) => (each.open = true));
}"""
LOOKS = [  # viewport, theme, rules (None: all of them); colours and sizes depend on the look
    (DESKTOP, "light", None),
    (PHONE, "dark", ["color-contrast", "target-size"]),
]


@pytest.fixture
def cohort(transactional_db):
    """Invented patients with reports of every modality, and their clinician."""
    call_command("demo_data", patients=16, seed=5, processes=1)
    clinician = User.objects.get(email="clinician@demo.example")
    clinician.set_password(make.PASSWORD)
    clinician.save()
    return clinician


def addresses(clinic):
    """Every page that has something of its own to show."""
    yield from (
        "/",
        "/worklist/",
        "/worklist/?tab=done",
        "/caseload/",
        "/contradictions/",
        "/components/",
    )
    yield from ("/patients/", "/patients/?q=a", "/patients/new/", "/nowhere/")
    steps = Step.objects.filter(clinic=clinic)
    for modality in MODALITIES:
        of_kind = steps.filter(modality=modality)
        done = of_kind.filter(result_status="final", twin_of=None).first()
        waiting = of_kind.filter(is_open=True, result_status="", twin_of=None).first()
        if waiting:
            yield f"/results/record/{waiting.pk}/"
        if done:
            yield f"/results/step/{done.pk}/"
    case = Case.objects.filter(clinic=clinic, closed_at=None).order_by("-pk").first()
    proposed = Proposal.objects.open().filter(clinic=clinic).exclude(kind="alert").first()
    for each in {case.pk, proposed.case_id if proposed else case.pk}:
        yield f"/cases/{each}/"
    for page in ("close", "pathways/new", "diagnoses/new"):
        yield f"/cases/{case.pk}/{page}/"
    yield f"/patients/{case.patient_id}/edit/"
    yield f"/patients/{case.patient_id}/relatives/new/"
    numbers = steps.filter(modality="exam", facts__has_key="ex.mrc_sum").exclude(performed_on=None)
    measured = numbers.latest("pk").patient_id
    yield f"/results/trends/{measured}/"
    yield f"/results/trends/{measured}/ex.mrc_sum/"
    yield f"/results/search/{measured}/?q=muscle"
    yield f"/results/specimens/{done.pk}/"
    yield f"/results/retract/{done.pk}/"
    yield f"/results/correct/{done.pk}/"
    open_step = steps.filter(is_open=True, stage="to_book").first() or waiting
    yield f"/steps/{open_step.pk}/"
    yield f"/steps/{open_step.pk}/book/"


def violations(page, rules):
    """["rule: what, at which element"] that axe finds on the page."""
    options = {"runOnly": {"type": "rule", "values": rules}} if rules else {"runOnly": TAGS}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{each['id']}: {each['help']}, {node['target']} {node.get('failureSummary', '')[:160]}"
        for each in found
        for node in each["nodes"][:3]
    ]


def test_no_page_keeps_anybody_out(site, cohort):
    page = site.sign_in(cohort)
    page.emulate_media(reduced_motion="reduce")  # a colour on its way is no colour of ours
    with clinics(ALL):
        walk = list(dict.fromkeys(addresses(cohort.memberships.first().clinic)))
    found = []
    script = AXE.read_text(encoding="utf-8")
    for address in walk:
        page.goto(site.url + address)
        page.evaluate(script)
        page.evaluate(LOOSE)
        for viewport, theme, rules in LOOKS:
            page.set_viewport_size(viewport)
            page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
            place = f"{address} {viewport['width']} {theme}"
            found += [f"{place} {wrong}" for wrong in violations(page, rules)]
    assert len(walk) > 25
    assert not found, "\n".join(found)
    assert site.complaints == []
