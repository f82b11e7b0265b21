"""axe-core on every page, light and dark, desk and phone, and what a thumb needs on a phone."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from accounts.rls import ALL, clinics
from results.registry import MODALITIES
from tests import make
from tests.browser.conftest import DESKTOP, PHONE
from workflows import services
from workflows.models import Case, Proposal, Step

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
THUMB = (Path(__file__).parent / "phone.js").read_text(encoding="utf-8")
PATIENTS = 9
OF_ADMINS = ("/messages/", "/messages/?tab=planned", "/hand-overs/")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FORM = re.compile(r"/results/(record|correct)/")
LOOSE = """() => {  // what lies under the sticky bar at this moment can be scrolled from under it
  const bar = document.querySelector(".nt-actionbar");
  if (bar) bar.style.position = "static";
  document.querySelectorAll("details").forEach((each) => (each.open = true));
}"""
SIDEWAYS = """() => {  // what sticks out of a phone; a grid may scroll inside its own box
  const page = document.documentElement, wide = page.scrollWidth - page.clientWidth;
  if (wide <= 1) return [];
  const inside = (each) => each.closest(".table-responsive, .nt-scroll, [data-nt-scroll]");
  const out = [...document.body.querySelectorAll("*")].filter(
    (each) => each.getBoundingClientRect().right > page.clientWidth + 1 && !inside(each));
  const which = out.slice(0, 3).map((each) => each.outerHTML.slice(0, 90));
  return [`${wide} px too wide: ${which.join(" ")}`];
}"""
LOOKS = [  # viewport, theme, rules (None: all of them); colours and sizes depend on the look
    (DESKTOP, "light", None),
    (PHONE, "dark", ["color-contrast", "target-size"]),
]


@pytest.fixture
def cohort(transactional_db):
    """Invented patients with reports of every modality, their clinician and an admin."""
    call_command("demo_data", patients=PATIENTS, seed=5, processes=1)
    people = {}
    for role in ("clinician", "admin"):
        people[role] = User.objects.get(email=f"{role}@demo.example")
        people[role].set_password(make.PASSWORD)
        people[role].save()
    return people


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
    yield from ("/hand-overs/", "/absences/", f"/hand-overs/all/{clinic.code}/")
    yield from ("/worklist/views/", "/worklist/?loops=1&q=a", "/preferences/")
    steps = Step.objects.filter(clinic=clinic)
    case = Case.objects.filter(clinic=clinic, closed_at=None).order_by("-pk").first()
    for modality in MODALITIES:
        of_kind = steps.filter(modality=modality)
        done = of_kind.filter(result_status="final", twin_of=None).first()
        waiting = of_kind.filter(is_open=True, result_status="", twin_of=None).first()
        yield f"/results/record/{(waiting or _asked_for(case, modality)).pk}/"
        if done:
            yield f"/results/step/{done.pk}/"
    proposed = Proposal.objects.open().filter(clinic=clinic).exclude(kind="alert").first()
    for each in {case.pk, proposed.case_id if proposed else case.pk}:
        yield f"/cases/{each}/"
    for page in ("close", "pause", "pathways/new", "diagnoses/new"):
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


def _asked_for(case, modality):
    """A step of this modality, so that the form of each is looked at."""
    like = Step.objects.filter(modality=modality).first()
    return services.add_step(
        case,
        code=f"walk_{modality}",
        label="A test",
        modality=modality,
        captures=like.captures if like else (),
        profile="soon",
        days=7,
        by=case.clinician,
        at=timezone.now(),
    )


def violations(page, rules):
    """["rule: what, at which element"] that axe finds on the page."""
    options = {"runOnly": {"type": "rule", "values": rules} if rules else TAGS}
    options["resultTypes"] = ["violations"]  # what passed is not described node by node
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{each['id']}: {each['help']}, {node['target']} {node.get('failureSummary', '')[:160]}"
        for each in found
        for node in each["nodes"][:3]
    ]


def signed_in(site, user):
    page = site.sign_in(user)
    page.emulate_media(reduced_motion="reduce")  # a colour on its way is no colour of ours
    return page


def seen_wrong(page, address):
    """What is wrong with a page in each of LOOKS; it is loaded once."""
    found = []
    page.evaluate(LOOSE)
    for viewport, theme, rules in LOOKS:
        page.set_viewport_size(viewport)
        page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
        wrong = violations(page, rules)
        if viewport == PHONE:
            wrong += page.evaluate(SIDEWAYS) + page.evaluate(THUMB)
        found += [f"{address} {viewport['width']} {theme} {each}" for each in wrong]
    return found


def test_no_page_keeps_anybody_out(site, cohort):
    with clinics(ALL):
        walk = list(dict.fromkeys(addresses(cohort["clinician"].memberships.first().clinic)))
    found = []
    script = AXE.read_text(encoding="utf-8")
    for role, path in (("clinician", walk), ("admin", OF_ADMINS)):
        page = signed_in(site, cohort[role])
        for address in path:
            page.goto(site.url + address)
            page.evaluate(script)
            found += seen_wrong(page, address)
    assert len([each for each in walk if FORM.match(each)]) >= len(MODALITIES)
    assert len(walk) > 25
    assert not found, "\n".join(found)
    assert site.complaints == []
