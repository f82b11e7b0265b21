"""The trends of a patient: which numbers have one, its limits, its table."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from audit.models import Event
from results.measures import measure_of, measures_of
from tests import make
from workflows import services

TODAY = timezone.localdate()


@pytest.fixture
def measured(patient, doctor):
    """A function: facts of a test, and how many days ago it was."""
    case = make.case(patient, doctor, on=TODAY - timedelta(days=400), clinician=doctor)

    def add(days_ago, facts, status="final"):
        step = services.add_step(
            case,
            code=f"again_{case.steps.count()}",
            label="Again",
            modality="labs",
            profile="soon",
            days=7,
            by=doctor,
            at=timezone.now(),
        )
        day = TODAY - timedelta(days=days_ago)
        return make.reported(step, doctor, facts, on=day, status=status)

    add.case = case
    return add


def words(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_a_number_measured_twice_has_a_trend_and_the_important_ones_come_first(patient, measured):
    for days_ago, ck, total in ((90, 300, 44), (30, 400, 41)):
        facts = {"lab.ck.value": ck, "lab.ck.x_uln": ck / 200, "scale.alsfrs_r.total": total}
        measured(days_ago, facts | {"lab.ast.value": 30, "ph.dysphagia": "present"})
    measured(10, {"resp.fvc_upright_pct": 80, "gen.smn2_copies": 3})
    found = measures_of(patient)
    paths = [measure.path for measure in found]
    assert paths == ["scale.alsfrs_r.total", "lab.ck.value", "lab.ast.value"]
    assert (found[0].value, found[0].change, found[0].ceiling) == ("41", "−3", 48)


def test_the_usual_limits_follow_sex_and_age_and_flag_the_value(patient, measured):
    measured(30, {"lab.ck.value": 120})
    measured(5, {"lab.ck.value": 900})
    patient.sex = "female"
    hers = measure_of(patient, "lab.ck.value")
    patient.sex = "male"
    his = measure_of(patient, "lab.ck.value")
    assert hers.last.high < his.last.high
    assert (hers.last.usual, hers.flag, hers.points[0].flag) == (True, "abnormal", "normal")


def test_the_page_tells_each_value_its_change_and_what_is_preliminary(
    client, doctor, patient, measured
):
    measured(60, {"ex.mrc_sum": 58})
    measured(3, {"ex.mrc_sum": 54}, status="preliminary")
    client.force_login(doctor)
    url = f"/results/trends/{patient.pk}/ex.mrc_sum/"
    answer = client.get(url)
    page = answer.content.decode()
    assert re.findall(r'<data [^>]*value="(\d+)"( data-preliminary)?', page) == [
        ("54", " data-preliminary"),
        ("58", ""),
    ]
    assert "MRC sum score: 2 values, from 58 on" in page
    assert "Preliminary, may change" in page
    assert "−4 since" in words(answer)
    look = Event.objects.latest("id")
    assert (look.verb, look.patient_id, look.detail) == ("trend.view", patient.pk, {})


def test_what_was_taken_back_is_no_point(client, doctor, patient, measured):
    measured(60, {"ex.mrc_sum": 58})
    wrong = measured(30, {"ex.mrc_sum": 5})
    measured(3, {"ex.mrc_sum": 54})
    wrong.refresh_from_db()
    make.reported(wrong, doctor, {}, status="entered_in_error", on=wrong.performed_on)
    assert [point.value for point in measure_of(patient, "ex.mrc_sum").points] == [58, 54]


@pytest.mark.parametrize("path", ["lab.ck.flag", "ph.dysphagia", "nonsense", "ex.mrc_sum"])
def test_what_is_no_number_or_was_never_measured_is_not_found(client, doctor, patient, path):
    client.force_login(doctor)
    assert client.get(f"/results/trends/{patient.pk}/{path}/").status_code == 404


def test_the_list_is_a_part_for_the_chart_and_a_page_of_its_own_in_as_many_queries(
    client, doctor, patient, measured, django_assert_max_num_queries, django_assert_num_queries
):
    client.force_login(doctor)
    url = f"/results/trends/{patient.pk}/"
    assert "Nothing has been measured more than once yet." in words(client.get(url))
    for days_ago in (60, 30):
        measured(days_ago, {"lab.ck.value": 150 + days_ago, "ex.mrc_sum": 60})
    client.get(url)
    with django_assert_max_num_queries(16) as few:
        assert "CK" in words(client.get(url))
    for days_ago in (20, 10):
        facts = {f"lab.{code}.value": days_ago for code in ("ast", "alt", "ldh", "tsh", "ggt")}
        measured(days_ago, facts | {"lab.ck.value": 100, "resp.fvc_upright_pct": 80})
    with django_assert_num_queries(len(few)):
        client.get(url)
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")
    assert re.search(r"\d more</summary>", part)
