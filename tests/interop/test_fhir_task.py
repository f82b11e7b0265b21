"""FHIR: outstanding work as Task, read only; each answer is held against FHIR's own definitions."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.models import Event
from clinical.engine import Stage
from interop.fhir.parameters import PARAMETERS
from interop.fhir.task import STATUS, TOGETHER
from patients.models import Patient
from tests import make
from tests.interop.asking import all_keys, ask, is_overdue, keys
from workflows import services
from workflows.models import Step

TODAY = timezone.localdate


@pytest.fixture
def cases(clinic, doctor, coordinator):
    """Some are late."""
    return [
        make.case(
            make.patient(clinic, doctor, mrn=f"00{n}", family_name=f"Nr{n}"),
            doctor,
            on=TODAY() - timedelta(days=9 * n),
            clinician=doctor,
            coordinator=coordinator,
        )
        for n in range(4)
    ]


@pytest.fixture
def page(client, doctor):
    """A browser in which a clinician is signed in."""
    client.force_login(doctor)
    return client


def test_every_stage_has_a_status():
    assert set(STATUS) == {stage.value for stage in Stage} | {TOGETHER}


def test_a_step_is_a_task_of_codes_and_references(page, case, doctor, coordinator):
    step = case.steps.get(code="tri_exam")
    found = ask(page, f"Task/{step.pk}")
    assert found["for"] == {"reference": f"Patient/{case.patient_id}", "type": "Patient"}
    assert found["owner"]["reference"] == f"Practitioner/{coordinator.pk}"
    assert found["performerType"][0]["coding"][0]["code"] == "coordinator"
    assert found["restriction"]["period"]["end"] == step.due_on.isoformat()
    assert (found["status"], found["intent"]) == ("ready", "order")
    assert found["businessStatus"]["coding"][0]["code"] == step.stage == "to_book"
    assert found["code"]["coding"][0]["code"] == "tri_exam"
    assert found["priority"] == "routine"
    assert found["authoredOn"] == step.activated_on.isoformat()
    assert found["lastModified"] == found["meta"]["lastUpdated"]
    assert is_overdue(found) is False


def test_what_people_wrote_and_who_is_ill_stay_inside(page, case, doctor):
    secret = "Vasquez-Holm"
    step = case.steps.get(code="tri_labs")
    until = TODAY() + timedelta(days=3)
    services.hold(step, until=until, reason=f"{secret} asks", by=doctor, at=timezone.now())
    Step.objects.filter(pk=step.pk).update(note=secret, summary=secret)
    task = ask(page, f"Task/{step.pk}")
    assert task["status"] == "on-hold"
    bundle = ask(page, f"Task?patient={case.patient_id}")
    assert step.pk in keys(bundle)
    for private in (secret, "Ingrid", "0047-2291", "1968"):
        assert private not in json.dumps([task, bundle])


def test_one_laboratory_test_has_its_loinc_code(page, case, doctor):
    more = {"modality": "labs", "profile": "soon", "days": 7, "by": doctor, "at": timezone.now()}
    one = services.add_step(case, code="ck", label="CK", captures=["lab:ck"], **more)
    codings = ask(page, f"Task/{one.pk}")["code"]["coding"]
    assert {"system": "http://loinc.org", "code": "2157-6"} in codings
    twin = services.add_step(case, code="ck_too", label="CK again", captures=["lab:ck"], **more)
    found = ask(page, f"Task/{twin.pk}")
    assert found["partOf"][0]["reference"] == f"Task/{one.pk}"
    assert found["status"] == "draft", "the same test must not be asked for twice"
    assert "owner" not in found
    assert "restriction" not in found
    late = TODAY() - timedelta(days=1)
    Step.objects.filter(pk__in=[one.pk, twin.pk]).update(due_on=late)
    assert all_keys(page, "overdue=true") == [one.pk]
    assert twin.pk in all_keys(page, "status=draft")
    assert all_keys(page, f"business-status=together&due={late}") == []


def test_what_nothing_has_asked_for_is_no_task(page, case):
    idle = case.steps.filter(stage="inactive", activated_on=None).values_list("pk", flat=True)
    assert idle
    ask(page, f"Task/{idle[0]}", 404)
    served = case.steps.exclude(pk__in=idle).order_by("pk").values_list("pk", flat=True)
    assert all_keys(page, "_count=3") == list(served)


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("status=requested,ready", {"stage__in": ["to_order", "to_book", "booked"]}),
        ("status=http://hl7.org/fhir/task-status|requested", {"stage": "to_order"}),
        ("status=draft&modality=labs", {"stage": "waiting", "modality": "labs"}),
        ("business-status=to_book", {"stage": "to_book"}),
        ("business-status=to_book&modality=labs,exam", {"stage": "to_book", "modality": "exam"}),
        ("performer=clinician", {"owner_role": "clinician"}),
        ("owner=Practitioner/{doctor}", {"owner": "{doctor}"}),
        ("owner:missing=true&status=ready", {"owner": None, "stage": "to_book"}),
        ("owner:missing=false", {"owner__isnull": False}),
        ("patient=Patient/{patient}&overdue=true", {"patient": "{patient}", "sort_on__lt": TODAY}),
        ("due=lt{today}", {"due_on__lt": TODAY}),
        ("due={today}", {"due_on": TODAY}),
        ("due=ge{today}&overdue=false", {"due_on__gte": TODAY}),
        ("due=gt{today}&due=le{year}", {"due_on__gt": TODAY, "due_on__year__lte": "{year}"}),
        ("overdue=true", {"sort_on__lt": TODAY}),
        ("overdue=true,false&status=ready", {"stage__in": ["to_book", "booked"]}),
    ],
)
def test_a_search_finds_what_it_says(page, cases, doctor, query, where):
    today = TODAY()
    Step.objects.filter(case=cases[1], is_open=True).update(due_on=today)
    Step.objects.filter(case=cases[2], is_open=True).update(owner=None)
    words = {
        "doctor": doctor.pk,
        "patient": cases[3].patient_id,
        "today": today,
        "year": (today + timedelta(days=60)).year,
    }
    values = {name: today if value is TODAY else value for name, value in where.items()}
    values = {n: v.format(**words) if isinstance(v, str) else v for n, v in values.items()}
    expected = set(Step.objects.open().filter(**values).values_list("pk", flat=True))
    found = all_keys(page, query.format(**words) + "&_count=4")
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert expected or "exam" in query


def test_outstanding_work_comes_in_the_order_of_the_worklist(page, cases, doctor):
    other = make.clinic("south")
    make.case(make.patient(other, doctor), doctor, on="2026-01-05")
    doctor.memberships.create(clinic=other, role="clinician", starts_on="2020-01-01")
    open_ = Step.objects.open().order_by("sort_on", "id").values_list("pk", flat=True)
    stages = "to_order,to_book,booked,awaiting_result,to_review,to_tell,on_hold,waiting"
    assert all_keys(page, f"business-status={stages}&_count=7") == list(open_)


def test_a_page_is_never_larger_than_a_hundred(page, case):
    of_case = {"clinic": case.clinic, "case": case, "patient": case.patient, "label": "x"}
    Step.objects.bulk_create(
        Step(**of_case, code=f"x{n}", modality="labs", stage="done") for n in range(100)
    )
    bundle = ask(page, "Task?_count=5000&status=completed")
    assert len(bundle["entry"]) == 100
    assert [link["relation"] for link in bundle["link"]] == ["self"]
    assert len(ask(page, "Task?status=completed")["entry"]) == 50
    assert len(all_keys(page, "")) > 100


def test_a_total_is_given_where_it_is_cheap(page, cases):
    late = Step.objects.overdue(TODAY()).count()
    assert ask(page, "Task?overdue=true&_total=accurate&_count=1")["total"] == late > 1
    assert "total" not in ask(page, "Task?_total=accurate")
    assert "total" not in ask(page, "Task?overdue=true")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("Task?colour=red", 400, "colour: there is no such search parameter"),
        ("Task?owner:missing=1", 400, "owner:missing: one of false, true"),
        ("Task?due:missing=true", 400, "due:missing: there is no such search parameter"),
        ("Task?status=late", 400, "status: one of cancelled, completed, draft"),
        ("Task?status=http://loinc.org|ready", 400, "status: codes are of the system"),
        ("Task?status=", 400, "status: one of"),
        ("Task?due=ne2026-03-29", 400, "due: the prefix ne is not supported"),
        ("Task?due=2026-02-30", 400, "due: there is no such day"),
        ("Task?due=0000", 400, "due: there is no such day"),
        ("Task?due=29.03.2026", 400, "due: give a day as 2026-03-29"),
        ("Task?due=\u0662026-03-29", 400, "due: give a day"),
        ("Task?overdue=yes", 400, "overdue: one of false, true"),
        ("Task?owner=Patient/1", 400, "owner: give the key of a Practitioner"),
        ("Task?patient=Holm", 400, "patient: give the key of a Patient"),
        ("Task?patient=1%00", 400, "patient: give the key of a Patient"),
        ("Task?_count=0", 400, "_count: a number from 1"),
        ("Task?_total=all", 400, "_total: one of"),
        ("Task?_after=2026-03-29_1", 400, "_after: take it from the next link"),
        ("Task?overdue=true&_after=1", 400, "_after: take it from the next link"),
        ("Task?overdue=true&_after=2026-13-01_1", 400, "_after: take it from the next link"),
        ("Task?" + "&".join(f"a{n}=1" for n in range(1100)), 400, "cannot be read"),
        ("Task?_format=xml", 406, "Only application/fhir+json"),
        ("Task/99999999", 404, "no such Task"),
        ("Task/99999999999999999999999", 404, "no such Task"),
        ("Task/x", 404, "Nothing is served here"),
        ("Task/", 404, "Nothing is served here"),
        ("Patient/1", 404, "Nothing is served here"),
        ("", 404, "Nothing is served here"),
    ],
)
def test_what_cannot_be_answered_is_said_in_plain_words(page, path, status, words):
    [issue] = ask(page, path, status)["issue"]
    assert words in issue["diagnostics"]


def test_a_lenient_search_leaves_out_what_is_not_known(page, case):
    bundle = ask(page, "Task?colour=red&overdue=false", Prefer="handling=lenient")
    assert keys(bundle)
    assert bundle["link"][0]["url"].endswith("/fhir/Task?overdue=false")
    ask(page, "Task?overdue=perhaps", 400, Prefer="handling=lenient")


def test_it_only_reads(page, case):
    for send in (page.post, page.put, page.patch, page.delete):
        answer = send("/fhir/Task/1")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
        assert answer.json()["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/fhir+json; fhirVersion=4.0", 200),
        ("application/fhir+json;charset=utf-8", 200),
        ("text/html, application/json;q=0.9", 200),
        ("*/*", 200),
        ("application/fhir+json; fhirVersion=5.0", 406),
        ("application/fhir+xml", 406),
        ("text/html", 406),
        ("\xff;;=,", 406),
    ],
)
def test_what_is_wanted_is_json(page, case, accept, status):
    ask(page, "Task?_count=1", status, Accept=accept)
    ask(page, "Task?_count=1&_format=application/fhir%2Bjson", Accept=accept)


@pytest.mark.django_db
def test_nobody_is_told_to_sign_in_as_fhir_does(client):
    for path in ("Task", "Task/1", "Patient"):
        ask(client, path, 401)
        assert client.get(f"/fhir/{path}")["WWW-Authenticate"].startswith("Bearer ")


def test_somebody_elses_task_is_not_there(client, case, rows):
    client.force_login(make.user(make.clinic("south"), "clinician"))
    step = case.steps.get(code="tri_labs")
    foreign, unknown = (ask(client, f"Task/{key}", 404) for key in (step.pk, 99999999))
    assert foreign == unknown
    assert all_keys(client, f"patient={case.patient_id}") == all_keys(client, "") == []


def test_every_read_leaves_its_event(page, case, doctor):
    step = case.steps.get(code="tri_labs")
    ask(page, f"Task/{step.pk}")
    shown = len(keys(ask(page, f"Task?patient={case.patient_id}")))
    ask(page, "Task/99999999", 404)
    look, searched, refused = Event.objects.filter(actor=doctor).order_by("-id")[:3][::-1]
    assert (look.verb, look.patient_id, look.step_id) == ("step.view", case.patient_id, step.pk)
    assert (searched.verb, searched.patient_id) == ("worklist.view", case.patient_id)
    assert searched.detail == {"shown": shown, "asked": ["patient"], "way": "fhir"}
    assert refused.verb == "refused"


@pytest.mark.parametrize("path", ["Task?overdue=true", "Task", "Task?status=ready&_total=accurate"])
def test_a_page_costs_the_same_number_of_queries_with_more_rows(
    page, cases, doctor, path, django_assert_max_num_queries, django_assert_num_queries
):
    ask(page, path)
    with django_assert_max_num_queries(10) as few:
        assert ask(page, path)["entry"]
    make.case(make.patient(cases[0].clinic, doctor, family_name="Nrx"), doctor, on="2026-03-02")
    with django_assert_num_queries(len(few)):
        ask(page, path)


def test_what_is_declared_is_what_is_there(client, page, cases):
    statement = ask(page, "metadata")
    page.logout()
    assert ask(client, "metadata") == statement, "it holds nothing of anybody"
    [task] = statement["rest"][0]["resource"]
    assert {each["code"] for each in task["interaction"]} == {"read", "search-type"}
    declared = {each["name"]: each["type"] for each in task["searchParam"]}
    samples = {"token": "1", "reference": "1", "date": "2026"}
    samples_by_name = {
        "status": "ready",
        "business-status": "to_book",
        "performer": "clinician",
        "overdue": "true",
        "modality": "labs",
    }
    page.force_login(Patient.objects.first().clinic.memberships.first().user)
    for name, kind in declared.items():
        ask(page, f"Task?{name}={samples_by_name.get(name, samples[kind])}")
    assert set(declared) == set(PARAMETERS)
