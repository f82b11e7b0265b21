"""Every address, asked by nobody, by a stranger and by each role; and both walls behind it."""

import re

import pytest
from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import Clinic
from accounts.rls import ALL, clinics
from audit.models import Event
from interop.fhir import search
from patients.models import Patient, PatientQuerySet
from results.attachments.services import attach
from results.genetics.models import GeneticResult, Variant
from results.history.models import HistoryResult
from results.services import record_result
from tests import make
from workflows import services
from workflows.models import Step

OK, GONE, LOGIN, ONLY_POST, MOVED, SIGN_IN = 200, 404, 302, 405, 302, 401
CLINICIAN, COORDINATOR, ADMIN, STRANGER = "clinician", "coordinator", "admin", "stranger"
NOBODY = "nobody"

# address: {who: answer}; nobody is sent to sign in, a stranger never finds a patient
PAGES = {
    "/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/worklist/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/contradictions/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/caseload/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/components/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/outbox/": {CLINICIAN: GONE, COORDINATOR: GONE, ADMIN: OK, STRANGER: GONE},
    "/fhir/metadata": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK, NOBODY: OK},
    "/fhir/Task": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK, NOBODY: SIGN_IN},
    "/fhir/Task/{step}": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, NOBODY: SIGN_IN},
    "/fhir/.*": {NOBODY: SIGN_IN},
    "/oauth/token": {
        CLINICIAN: ONLY_POST,
        COORDINATOR: ONLY_POST,
        ADMIN: ONLY_POST,
        STRANGER: ONLY_POST,
        NOBODY: ONLY_POST,
    },
    "/patients/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/patients/new/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/patients/{patient}/": {CLINICIAN: MOVED, COORDINATOR: MOVED, ADMIN: MOVED},
    "/patients/{patient}/edit/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/patients/{patient}/relatives/new/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/patients/{patient}/relatives/{relative}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/patients/{patient}/cases/new/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/cases/{case}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/cases/{case}/pathways/new/": {CLINICIAN: OK, COORDINATOR: GONE, ADMIN: GONE},
    "/cases/{case}/steps/new/": {CLINICIAN: OK, COORDINATOR: GONE, ADMIN: GONE},
    "/cases/{case}/diagnoses/new/": {CLINICIAN: OK, COORDINATOR: GONE, ADMIN: GONE},
    "/cases/{case}/close/": {CLINICIAN: OK, COORDINATOR: GONE, ADMIN: GONE},
    "/diagnoses/{diagnosis}/tell/": {CLINICIAN: OK, COORDINATOR: GONE, ADMIN: GONE},
    "/cases/{case}/rules/x/accept/": {
        CLINICIAN: ONLY_POST,
        COORDINATOR: ONLY_POST,
        ADMIN: ONLY_POST,
        STRANGER: ONLY_POST,
    },
    "/proposals/{proposal}/accept/": {
        CLINICIAN: ONLY_POST,
        COORDINATOR: ONLY_POST,
        ADMIN: ONLY_POST,
        STRANGER: ONLY_POST,
    },
    "/steps/{step}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/steps/{step}/peek/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/steps/{step}/order/": {CLINICIAN: OK, COORDINATOR: GONE, ADMIN: GONE},
    "/steps/{step}/book/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/steps/{step}/next/": {CLINICIAN: MOVED, COORDINATOR: MOVED, ADMIN: MOVED},
    "/steps/{step}/nonsense/": {CLINICIAN: GONE, COORDINATOR: GONE, ADMIN: GONE},
    "/results/record/{step}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: GONE},
    "/results/correct/{done}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: GONE},
    "/results/retract/{done}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: GONE},
    "/results/draft/{step}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: GONE},
    "/results/draft/{step}/discard/": {
        CLINICIAN: ONLY_POST,
        COORDINATOR: ONLY_POST,
        ADMIN: ONLY_POST,
        STRANGER: ONLY_POST,
    },
    "/results/reading/{step}/": {
        CLINICIAN: ONLY_POST,
        COORDINATOR: ONLY_POST,
        ADMIN: ONLY_POST,
        STRANGER: ONLY_POST,
    },
    "/hand-overs/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/worklist/expected/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/worklist/views/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/worklist/views/{absence}/delete/": {
        CLINICIAN: ONLY_POST,
        COORDINATOR: ONLY_POST,
        ADMIN: ONLY_POST,
        STRANGER: ONLY_POST,
    },
    "/worklist/bulk/book/": {
        CLINICIAN: MOVED,
        COORDINATOR: MOVED,
        ADMIN: MOVED,
        STRANGER: MOVED,
    },
    "/hand-overs/answer/": {
        CLINICIAN: ONLY_POST,
        COORDINATOR: ONLY_POST,
        ADMIN: ONLY_POST,
        STRANGER: ONLY_POST,
    },
    "/hand-overs/all/{clinic}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/preferences/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/messages/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/messages/again/": {
        CLINICIAN: ONLY_POST,
        COORDINATOR: ONLY_POST,
        ADMIN: ONLY_POST,
        STRANGER: ONLY_POST,
    },
    "/absences/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK, STRANGER: OK},
    "/absences/{clinic}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/absences/{absence}/cancel/": {
        CLINICIAN: ONLY_POST,
        COORDINATOR: ONLY_POST,
        ADMIN: ONLY_POST,
        STRANGER: ONLY_POST,
    },
    "/cases/{case}/pause/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/cases/{case}/go-on/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/results/reclassify/{gene}/0/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: GONE},
    "/results/step/{done}/attach/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: GONE},
    "/results/file/{file}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/results/file/{file}/withdraw/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: GONE},
    "/results/step/{done}/text/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/results/search/{patient}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/results/trends/{patient}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/results/trends/{patient}/lab.ck.value/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/results/specimens/{step}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
    "/results/specimens/{specimen}/move/": {
        CLINICIAN: ONLY_POST,
        COORDINATOR: ONLY_POST,
        ADMIN: ONLY_POST,
        STRANGER: ONLY_POST,
    },
    "/results/step/{done}/": {CLINICIAN: OK, COORDINATOR: OK, ADMIN: OK},
}
ROLES = [CLINICIAN, COORDINATOR, ADMIN, STRANGER]


def gene_report(case, doctor):
    """A genetic report with one variant."""
    step = services.add_step(
        case,
        code="gene",
        label="A gene",
        modality="genetics",
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )
    draft = GeneticResult(performed_on=timezone.localdate(), status="final")
    draft.with_rows(variants=[Variant(gene_symbol="CAPN3")])
    record_result(step, draft, by=doctor, at=timezone.now(), version=step.version)
    return step


@pytest.fixture
def world(case, doctor, clinic, media):
    """Rows of one clinic, and people of it and of another one."""
    other = make.clinic("south")
    people = {CLINICIAN: doctor, STRANGER: make.user(other, "clinician")}
    people |= {role: make.user(clinic, role) for role in (COORDINATOR, ADMIN)}
    done = case.steps.get(code="tri_history")
    draft = HistoryResult(performed_on=timezone.localdate(), status="final")
    record_result(done, draft.with_rows(), by=doctor, at=timezone.now(), version=done.version)
    make.reported(case.steps.get(code="tri_labs"), doctor, {"lab.ck.value": 120})
    gene = gene_report(case, doctor)
    [file] = attach(done, [make.pdf()], by=doctor, at=timezone.now())
    relative = case.patient.relatives.create(clinic=clinic, relation="mother")
    diagnosis = services.set_diagnosis(
        case, code="als_sporadic", certainty="suspected", by=doctor, at=timezone.now()
    )
    proposal = case.proposals.create(
        clinic=clinic,
        patient=case.patient,
        key="x:alert:y",
        kind="alert",
        rule="x",
        text="x",
        raised_at=timezone.now(),
    )
    keys = {
        "patient": case.patient_id,
        "case": case.pk,
        "step": case.steps.get(code="tri_resp").pk,
        "done": done.pk,
        "gene": gene.pk,
        "file": file.pk,
        "specimen": 1,
        "clinic": clinic.code,
        "absence": 1,
        "relative": relative.pk,
        "diagnosis": diagnosis.pk,
        "proposal": proposal.pk,
    }
    return people, keys


@pytest.mark.parametrize("address", PAGES)
def test_each_role_gets_its_pages_and_no_other(client, world, address):
    people, keys = world
    url = address.format(**keys)
    assert client.get(url).status_code == PAGES[address].get(NOBODY, LOGIN)
    for role in ROLES:
        client.force_login(people[role])
        expected = PAGES[address].get(role, GONE)
        assert client.get(url).status_code == expected, f"{url} as {role}"


def test_every_address_of_the_site_stands_in_the_table():
    known = {route.split("{")[0].split("/")[1] for route in PAGES}
    routes = set()

    def walk(patterns, prefix=""):
        for each in patterns:
            if isinstance(each, URLResolver):
                walk(each.url_patterns, prefix + str(each.pattern))
            elif isinstance(each, URLPattern):
                routes.add(prefix + str(each.pattern))

    walk(get_resolver().url_patterns)
    ours = {route for route in routes if not route.startswith("accounts/")}
    ours -= {"livez", "readyz"}
    assert {route.split("/")[0] for route in ours} <= known
    shapes = {_shape(route) for route in PAGES}
    missing = {route for route in ours if _shape("/" + route) not in shapes}
    assert missing == set()


def _shape(route):
    """A route with every variable part as *, so that table and URLconf can be compared."""
    parts = route.strip("/").split("/")
    verbs = {"order", "book", "nonsense", "accept", "x", "0", "lab.ck.value"}
    return tuple("*" if part[:1] in "{<" or part in verbs else part for part in parts)


def test_a_stranger_posts_into_nothing(client, world):
    people, keys = world
    client.force_login(people[STRANGER])
    for url in [
        f"/proposals/{keys['proposal']}/accept/",
        f"/steps/{keys['step']}/order/",
        f"/patients/{keys['patient']}/edit/",
        f"/results/record/{keys['step']}/",
        f"/results/draft/{keys['step']}/",
        f"/results/draft/{keys['step']}/discard/",
        f"/results/reading/{keys['step']}/",
        f"/results/step/{keys['done']}/attach/",
        f"/results/file/{keys['file']}/withdraw/",
    ]:
        assert client.post(url, {"how": "visit"}).status_code == GONE


def test_unknown_and_foreign_look_the_same(client, world):
    people, keys = world
    client.force_login(people[STRANGER])
    foreign = client.get(f"/cases/{keys['case']}/")
    unknown = client.get("/cases/99999999/")
    assert _without_tokens(foreign) == _without_tokens(unknown)


def _without_tokens(answer):
    return re.sub(r"[A-Za-z0-9]{64}", "token", answer.content.decode())


def test_each_attempt_at_a_foreign_row_is_logged(client, world):
    people, keys = world
    client.force_login(people[STRANGER])
    client.get(f"/cases/{keys['case']}/")
    client.post(f"/steps/{keys['step']}/order/")
    client.get("/no/such/page/")
    found = Event.objects.filter(verb="refused", actor=people[STRANGER]).order_by("id")
    assert [(each.detail["route"], each.detail["keys"]["pk"]) for each in found] == [
        ("workflows:case", keys["case"]),
        ("workflows:act", keys["step"]),
    ]


def test_a_role_that_has_ended_opens_nothing(client, case, clinic):
    gone = make.user(clinic, "clinician")
    gone.memberships.update(ends_on="2026-01-01")
    client.force_login(gone)
    assert client.get(f"/cases/{case.pk}/").status_code == GONE


def test_the_second_wall_stands_when_the_first_is_forgotten(client, world, monkeypatch):
    people, keys = world
    monkeypatch.setattr(PatientQuerySet, "for_user", lambda self, user, may="see": self.all())
    client.force_login(people[STRANGER])
    monkeypatch.setattr(
        search, "clinics_for", lambda user: Clinic.objects.values_list("pk", flat=True)
    )
    assert client.get(f"/cases/{keys['case']}/").status_code == GONE
    assert client.get(f"/fhir/Task/{keys['step']}").status_code == GONE
    assert "entry" not in client.get("/fhir/Task").json()


def test_without_a_clinic_a_query_is_an_error_not_an_empty_list(db):
    with clinics(ALL):
        make.patient(make.clinic())
    with (
        pytest.raises(Exception, match="No clinic is set"),
        transaction.atomic(),
    ):
        list(Patient.objects.all())


def test_a_row_of_another_clinic_cannot_be_written(clinic, rows):
    other = make.clinic("south")
    with (
        pytest.raises(Exception, match="row-level security"),
        transaction.atomic(),
        clinics([other.pk]),
    ):
        make.patient(clinic)


def test_a_step_cannot_point_at_a_patient_of_another_clinic(case, rows):
    stranger = make.patient(make.clinic("south"))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Exception, match="same_clinic"), transaction.atomic():
        Step.objects.filter(case=case).update(patient_id=stranger.pk)


def test_a_clinical_row_is_never_deleted(case):
    with pytest.raises(Exception, match="delete"), transaction.atomic():
        Step.objects.filter(case=case).delete()


@pytest.mark.django_db
def test_every_clinical_table_forces_row_security():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relkind = 'r' AND a.attname = 'clinic_id' AND NOT a.attisdropped "
            "AND c.relname <> 'accounts_membership' "
            "AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"
        )
        assert cursor.fetchall() == []


def test_looking_is_logged(client, world):
    people, keys = world
    client.force_login(people[CLINICIAN])
    client.get(f"/cases/{keys['case']}/")
    client.get("/patients/?q=vasquez")
    verbs = list(Event.objects.order_by("-id").values_list("verb", flat=True)[:2])
    assert verbs == ["patient.search", "chart.view"]


def test_every_page_is_strict(client, world):
    people, keys = world
    client.force_login(people[CLINICIAN])
    for url in ("/", f"/cases/{keys['case']}/", "/nowhere/"):
        answer = client.get(url)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer["Cache-Control"].startswith(("no-store", "max-age=0"))
        assert answer["X-Content-Type-Options"] == "nosniff"
        page = answer.content.decode()
        assert " style=" not in page
        assert "<script>" not in page


def test_signing_in_ignores_an_address_outside(client, doctor):
    answer = client.post(
        "/accounts/login/?next=//evil.example/",
        {"login": doctor.email, "password": make.PASSWORD, "next": "//evil.example/"},
    )
    assert answer["Location"] == "/"
