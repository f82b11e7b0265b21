"""Lists: exact, paged by key, and with a number of queries that does not grow with rows."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Q
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patients.models import Identifier, Patient
from tests import make
from workflows import services, worklist
from workflows.models import Step, StepName
from workflows.worklist.cells import GROUPS, group_of
from workflows.worklist.free_text import FEW_PATIENTS

NESTED = ("SAVEPOINT", "RELEASE", "SELECT current_setting", "SELECT set_config")  # in tests alone
SINCE = {"starts_on": "2020-01-01"}


@pytest.fixture
def cases(clinic, doctor, coordinator):
    today = timezone.localdate()
    return [
        make.case(
            make.patient(clinic, doctor, mrn=f"00{n}", family_name=f"Nr{n}"),
            doctor,
            on=today - timedelta(days=7 * n),
            clinician=doctor,
            coordinator=coordinator,
        )
        for n in range(6)
    ]


@pytest.fixture
def reader(doctor):
    doctor.current_memberships = list(doctor.memberships.all())
    return doctor


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("holm VÁSQUEZ", [0]),  # any part of each word, in any order, blind to case and accents
        ("asq", [0]),
        ("vasquez nobody", []),
        ("ab-7", [0]),  # the beginning of a record number
        ("b-7", []),
        ("%", []),
        ("–", []),  # nothing that a name could hold
    ],
)
def test_free_text_finds_patients_as_their_search_does(clinic, doctor, reader, text, numbers):
    for mrn, name in (("AB-70", "Vasquez-Holm"), ("C-1", "Nr1")):
        make.case(make.patient(clinic, doctor, mrn=mrn, family_name=name), doctor)
    keys = list(Patient.objects.order_by("pk").values_list("pk", flat=True))
    found = Step.objects.filter(pk__in=[row["id"] for row in all_pages(reader, {"q": text}, 50)])
    expected = Step.objects.open().filter(patient__in=[keys[n] for n in numbers])
    assert set(found) == set(expected)
    assert len(expected) or not numbers


def test_free_text_finds_a_step_by_part_of_its_name(cases, reader):
    label = Step.objects.open().earliest("pk").label
    rows = all_pages(reader, {"q": label[2:7].upper()}, 50)
    assert {row["label"] for row in rows} >= {label}


def test_free_text_finds_what_somebody_wrote_to_a_step(cases, reader):
    step = Step.objects.open().earliest("pk")
    services.write_note(step, text="The LIFT is broken", by=reader, at=timezone.now())
    for text in ("lift is", "Lift"):
        assert [row["id"] for row in all_pages(reader, {"q": text}, 50)] == [step.pk]
    listing = worklist.Listing(reader, worklist.Filter(q="lift"), timezone.localdate())
    assert listing.counts()[0]["open"][0] == 1


@pytest.mark.parametrize("text", ["qq-", "e", "00", "exam"])
def test_free_text_that_names_many_finds_what_few_at_a_time_would(cases, reader, text):
    """More than are looked up each: the list is read in order instead."""
    many = [Identifier(system="old", value=f"QQ-{n}") for n in range(FEW_PATIENTS + 1)]
    for identifier in many:
        identifier.patient, identifier.clinic = cases[0].patient, cases[0].clinic
    Identifier.objects.bulk_create(many)
    step = Step.objects.open().filter(case=cases[1]).earliest("pk")
    services.write_note(step, text="QQ- e 00 exam", by=reader, at=timezone.now())
    begins = Identifier.objects.filter(value__istartswith=text).values("patient")
    in_name = Q(patient__search_key__icontains=text) | Q(patient__in=begins)
    expected = Step.objects.open().filter(in_name | Q(label__icontains=text) | Q(pk=step.pk))
    rows = all_pages(reader, {"q": text}, size=7)
    in_order = expected.order_by("sort_on", "id").values_list("pk", flat=True)
    assert [row["id"] for row in rows] == list(in_order)
    listing = worklist.Listing(reader, worklist.Filter(q=text), timezone.localdate())
    assert listing.counts()[0]["open"][0] == len(rows)


def test_every_name_that_a_step_gets_is_found(cases, reader):
    step = Step.objects.open().earliest("pk")
    Step.objects.filter(pk=step.pk).update(label="Unheard-of test")
    assert [row["id"] for row in all_pages(reader, {"q": "HEARD-OF"}, 50)] == [step.pk]
    step.label = "Other unknown test"
    step.save()
    assert [row["id"] for row in all_pages(reader, {"q": "other unk"}, 50)] == [step.pk]
    assert not all_pages(reader, {"q": "heard-of"}, 50)
    names = list(StepName.objects.values_list("clinic", "name"))
    assert len(names) == len(set(names))


def test_a_name_that_is_missing_is_said_and_added(cases, reader):
    label = Step.objects.open().earliest("pk").label
    StepName.objects.filter(name=label).delete()
    with pytest.raises(CommandError, match="not found by free text"):
        call_command("check_loops")
    call_command("check_loops", "--recount")
    assert label in {row["label"] for row in all_pages(reader, {"q": label}, 50)}


def test_a_booked_row_says_when(cases, reader):
    step = Step.objects.open().filter(stage="to_book").earliest("pk")
    at = timezone.localtime().replace(hour=9, minute=30) + timedelta(days=3)
    services.book(step, at=timezone.now(), by=reader, booked_for=at)
    [row] = all_pages(reader, {"tab": "booked"}, 50)
    assert row["attention"].endswith("at 09:30")


def all_pages(reader, chosen, size):
    today, rows, after = timezone.localdate(), [], None
    while True:
        page = worklist.Listing(reader, worklist.Filter(**chosen, after=after), today).page(size)
        rows += page.rows
        if not page.next_after:
            return rows
        after = worklist.Filter.from_query({"after": page.next_after}).after


def test_pages_by_key_give_every_open_step_once_overdue_first(cases, reader):
    rows = all_pages(reader, {}, size=7)
    expected = Step.objects.open().order_by("sort_on", "id").values_list("pk", flat=True)
    assert [row["id"] for row in rows] == list(expected)
    late = [row["due_kind"] == "late" for row in rows]
    assert late == sorted(late, reverse=True)
    assert any(late)


@pytest.mark.parametrize(
    ("chosen", "where"),
    [
        ({"tab": "to_book"}, {"stage": "to_book"}),
        ({"modality": "exam"}, {"modality": "exam"}),
        ({"urgency": "soon", "tab": "waiting"}, {"urgency": "soon", "stage": "waiting"}),
    ],
)
def test_filters_narrow_to_what_they_say(cases, reader, chosen, where):
    rows = all_pages(reader, chosen, size=50)
    assert {row["id"] for row in rows} == set(
        Step.objects.open().filter(**where).values_list("pk", flat=True)
    )
    assert rows


@pytest.mark.parametrize("tab", ["open", "to_tell"])
def test_open_loops_of_both_stages_are_one_ordered_list(cases, reader, tab):
    keys = list(Step.objects.open().exclude(due_on=None).values_list("pk", flat=True)[:9])
    for stage, some in (("to_review", keys[:5]), ("to_tell", keys[5:])):
        Step.objects.filter(pk__in=some).update(stage=stage)
    expected = Step.objects.filter(pk__in=keys if tab == "open" else keys[5:])
    rows = all_pages(reader, {"loops": True, "tab": tab}, size=2)
    in_order = expected.order_by("sort_on", "id").values_list("pk", flat=True)
    assert [row["id"] for row in rows] == list(in_order)


def test_several_clinics_are_one_ordered_list(cases, reader):
    other = make.clinic("south")
    reader.memberships.create(clinic=other, role="clinician", starts_on="2020-01-01")
    reader.current_memberships = list(reader.memberships.all())
    make.case(make.patient(other, reader), reader, on="2026-01-05", clinician=reader)
    rows = all_pages(reader, {}, size=7)
    expected = Step.objects.open().order_by("sort_on", "id").values_list("pk", flat=True)
    assert [row["id"] for row in rows] == list(expected)


def test_a_team_is_the_role_and_a_clinic_is_one_of_several(cases, reader, coordinator):
    other = make.clinic("south")
    make.case(make.patient(other, reader), reader, on="2026-01-05", clinician=reader)
    for person in (reader, coordinator):
        person.memberships.create(clinic=other, role=person.memberships.get().role, **SINCE)
        person.current_memberships = list(person.memberships.all())
    steps, today = Step.objects.open(), timezone.localdate()
    for person, role in ((reader, "clinician"), (coordinator, "coordinator")):
        keys = {row["id"] for row in all_pages(person, {"team": True}, size=50)}
        assert keys == set(steps.filter(owner_role=role).values_list("pk", flat=True))
    there = worklist.Filter(clinic="south", team=True)
    rows = all_pages(reader, {"clinic": "south", "team": True}, size=3)
    assert rows
    assert {row["id"] for row in rows} < set(
        steps.filter(clinic=other).values_list("pk", flat=True)
    )
    counts, standing = worklist.Listing(reader, there, today).counts()
    assert counts["open"][0] == len(rows)
    assert standing == worklist.standing_counts(reader, today)
    assert worklist.Filter.from_query(QueryDict(there.words)) == there, "it can be saved"
    gone = all_pages(reader, {"clinic": "nowhere"}, size=50)
    assert len(gone) == steps.count(), "a clinic that is not hers is no filter"


def test_counts_are_those_of_the_list(cases, reader):
    today = timezone.localdate()
    counts, standing = worklist.Listing(reader, worklist.Filter(), today).counts()
    for tab in worklist.TABS[1:-1]:
        assert counts[tab][0] == Step.objects.open().filter(stage=tab).count()
    assert counts["open"][1] == Step.objects.overdue(today).count()
    assert worklist.standing_counts(reader, today) == standing
    assert counts["open"][1] == standing["late"]
    days = Step.objects.open().values_list("sort_on", flat=True)
    there = Counter(group_of(day, today) for day in days)
    assert counts["open"].of_groups() == {group: there[group] for group in GROUPS}
    assert all(there[group] for group in GROUPS)
    assert standing["loops"] == counts["to_review"][0] + counts["to_tell"][0]
    narrow, again = worklist.Listing(reader, worklist.Filter(modality="labs"), today).counts()
    assert narrow["open"][1] < again["late"]
    assert again == standing, "what stands on every page knows no filter"


def test_a_row_says_the_last_thing_known(case, doctor, reader):
    """Where it is, why it rests, what it waits for: nobody opens forty charts for that."""
    services.start_pathway(case, "als", by=doctor, at=timezone.now())

    def said():
        return {row["id"]: row["note"] for row in all_pages(reader, {}, 50)}

    waiting = case.steps.filter(stage="waiting").first()
    before = case.steps.get(code=waiting.waits_for[0].partition(".")[0])
    assert said()[waiting.pk] == f"Waits for {before.label}"
    bloods = case.steps.filter(stage="to_order", modality="labs").first()
    assert said()[bloods.pk] == ""
    now = {"by": doctor, "at": timezone.now()}
    services.order(bloods, sent_to="Queen Square", **now)
    services.perform(bloods, performed_on=timezone.localdate(), **now)
    assert said()[bloods.pk] == "Sent to Queen Square"
    services.write_note(bloods, text="courier called", **now)
    assert said()[bloods.pk] == "courier called · Sent to Queen Square"
    make.reported(bloods, doctor, {}, status="preliminary")
    assert said()[bloods.pk] == "courier called · Preliminary: a result"


def test_a_day_of_a_list_is_the_clinics_own(clinic, doctor, reader):
    """Half past midnight in a London summer is still yesterday in UTC."""
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    case = make.case(make.patient(clinic, doctor), doctor, on="2026-06-30")
    step = case.steps.filter(stage="to_order").first()
    services.order(step, by=doctor, at=at)
    rows = {row["id"]: row for row in all_pages(reader, {}, 50)}
    assert rows[step.pk]["ordered"].startswith("2 Jul")


@pytest.mark.parametrize("url", ["/worklist/", "/", "/caseload/", "/patients/?q=nr"])
def test_a_page_costs_the_same_number_of_queries_with_more_rows(
    client, cases, doctor, url, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(doctor)
    client.get(url)
    with django_assert_max_num_queries(24) as few:
        client.get(url)
    for n in range(4):
        patient = make.patient(cases[0].clinic, doctor, mrn=f"9{n}", family_name=f"Nrx{n}")
        make.case(patient, doctor, on="2026-03-02", clinician=doctor)
    with django_assert_num_queries(len(few)):
        client.get(url)


@pytest.mark.parametrize(
    "words",
    ["", "q=nr", "q=00", "q=e", "q=zzz", "tab=done", "loops=1", "mine=1&modality=labs&q=nr"],
)
def test_a_list_asks_six_times_at_most_whatever_it_holds(client, cases, doctor, words):
    """Session, person, what the text names, rows, counts, log: PERFORMANCE, section 7, (a)."""
    client.force_login(doctor)
    client.get(f"/worklist/?{words}")
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/worklist/?{words}")
    asked = [each["sql"] for each in captured if not each["sql"].startswith(NESTED)]
    assert len(asked) == (6 if "q=" in words else 5), asked


def test_a_chart_costs_the_same_number_of_queries_with_more_steps(
    client, case, doctor, django_assert_max_num_queries, django_assert_num_queries
):
    from workflows import services

    client.force_login(doctor)
    url = f"/cases/{case.pk}/"
    client.get(url)
    with django_assert_max_num_queries(24) as few:
        client.get(url)
    for code in ("als", "nmj", "neuropathy"):
        services.start_pathway(case, code, by=doctor, at=timezone.now())
    with django_assert_num_queries(len(few)):
        client.get(url)


@pytest.mark.parametrize(
    ("text", "finds"),
    [
        ("vasquez", True),
        ("VÁSQUEZ holm", True),
        ("olm", True),
        ("ingr", True),
        ("0047", True),
        ("047-2", False),
        ("v", False),
        ("%_", False),
        ("o'brien; drop", False),
    ],
)
def test_a_patient_is_found_by_any_part_of_a_name_or_the_start_of_a_number(
    client, patient, doctor, text, finds
):
    client.force_login(doctor)
    page = client.get("/patients/", {"q": text}).content.decode()
    assert ("Ingrid Vasquez-Holm" in page) is finds


def test_a_likely_double_is_shown_before_a_second_record_is_made(client, patient, doctor, clinic):
    client.force_login(doctor)
    form = {
        "given_names": "Ingrid",
        "family_name": "Vásquez Holm",
        "birth": "1968-03-03",
        "sex": "female",
        "vital_status": "alive",
        "clinic": clinic.pk,
    }
    page = client.post("/patients/new/", form).content.decode()
    assert "Is this one of these patients?" in page
    assert Patient.objects.count() == 1
    client.post("/patients/new/", form | {"another": "1"})
    assert Patient.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("birth", "2199-01-01", "lies in the future"),
        ("birth", "03.03.1968", "is not a date"),
        ("birth", "1968-02-30", "no day"),
        ("family_name", "", "required"),
        ("family_name", "Ho\u202elm", "cannot be shown"),
        ("mrn", "0047-2291", "Another patient of this clinic has this number"),
    ],
)
def test_wrong_details_are_refused_beside_their_field(
    client, patient, doctor, clinic, field, value, words
):
    client.force_login(doctor)
    form = {
        "given_names": "Jun",
        "family_name": "Petrossian",
        "birth": "1980",
        "sex": "male",
        "vital_status": "alive",
        "clinic": clinic.pk,
        "mrn": "1",
    }
    page = client.post("/patients/new/", form | {field: value}).content.decode()
    assert words in page
    assert "Jun" in page  # nothing typed is lost
    assert Patient.objects.count() == 1


def test_two_people_editing_one_record(client, patient, doctor, clinic):
    client.force_login(doctor)
    form = {
        "given_names": "Ingrid",
        "family_name": "Holm",
        "birth": "1968",
        "sex": "female",
        "vital_status": "alive",
        "mrn": "0047-2291",
        "version": patient.version,
    }
    assert client.post(f"/patients/{patient.pk}/edit/", form).status_code == 302
    page = client.post(f"/patients/{patient.pk}/edit/", form | {"family_name": "Other"})
    assert "Somebody else has changed this record" in page.content.decode()
    patient.refresh_from_db()
    assert patient.family_name == "Holm"
