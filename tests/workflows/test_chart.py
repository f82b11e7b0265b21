"""What a chart shows of a case."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from accounts.rls import ALL, clinics
from tests import make
from workflows import pathmap, services
from workflows.charted import charted


def ck(case, doctor, number, days_ago, value):
    step = services.add_step(
        case,
        code=f"ck_{number}",
        label=f"CK, number {number}",
        modality="labs",
        captures=["lab:ck"],
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )
    day = timezone.localdate() - timedelta(days=days_ago)
    return make.reported(step, doctor, {"lab.ck.x_uln": value}, on=day)


def test_results_stand_by_modality_and_the_latest_of_each_test_on_top(client, patient, doctor):
    case = make.case(patient, doctor, on=timezone.localdate() - timedelta(days=90))
    for number, days_ago in ((1, 60), (2, 10), (3, 30)):
        ck(case, doctor, number, days_ago, 3.0)
    make.reported(case.steps.get(code="tri_exam"), doctor, {"ex.mrc_sum": 58})
    client.force_login(doctor)
    page = re.sub(r"\s+", " ", client.get(f"/cases/{case.pk}/").content.decode())
    found = page.partition('id="h-res"')[2].partition("</section>")[0]
    assert found.index(">Examination</h3>") < found.index(">Labs</h3>")
    top, _, earlier = found.partition("2 earlier")
    assert "CK, number 2" in top
    assert "CK, number 1" not in top
    assert earlier.index("CK, number 3") < earlier.index("CK, number 1")


def test_what_is_read_of_a_case_is_what_its_rows_say(patient, doctor, coordinator):
    case = make.case(patient, doctor, on=timezone.localdate() - timedelta(days=90))
    services.set_diagnosis(
        case, code="als", certainty="suspected", by=coordinator, at=timezone.now()
    )
    make.reported(case.steps.get(code="tri_exam"), doctor, {"ex.mrc_sum": 58})
    patient.relatives.create(clinic=patient.clinic, relation="father", age_years=61)
    read = charted(doctor, case.pk)
    rows = {
        "pathways": case.pathways.all(),
        "proposals": case.proposals.open().order_by("raised_at", "id"),
        "diagnoses": case.diagnoses.order_by("-set_at"),
        "relatives": patient.relatives.order_by("id"),
    }
    for name, found in rows.items():
        assert [vars_of(each) for each in read.lists[name]] == [vars_of(each) for each in found]
    assert all(read.lists[name] for name in ("pathways", "diagnoses", "relatives"))
    steps = case.steps.order_by("sort_on", "id")
    assert [vars_of(each) for each in read.every_step] == [vars_of(each) for each in steps]
    assert (read.clinician, read.lists["diagnoses"][0].set_by) == (case.clinician, coordinator)
    assert vars_of(read) == vars_of(type(case).objects.get(pk=case.pk))


def vars_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.parametrize("key", [0, 10**12, 10**30])
def test_a_case_that_is_not_hers_or_is_not_there_is_nothing(client, patient, doctor, key):
    case = make.case(patient, doctor)
    stranger = make.user(make.clinic("south"), "clinician")
    with clinics(ALL):
        assert charted(stranger, case.pk) is None
        assert charted(doctor, key) is None
    client.force_login(doctor)
    assert client.get(f"/cases/{key}/").status_code == 404


def test_what_somebody_typed_is_text_wherever_it_stands(client, patient, doctor):
    typed = "<b>{stage}</b> & {0}"
    case = make.case(patient, doctor)
    step = case.steps.filter(code="tri_exam")
    make.reported(step.get(), doctor, {"ex.mrc_sum": 58})
    step.update(label=typed, summary=typed, because=[{"text": typed}])
    client.force_login(doctor)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "<b>{" not in page
    assert page.count("&lt;b&gt;{stage}&lt;/b&gt; &amp; {0}") >= 8  # twice a station, and below


def test_the_style_sheet_has_the_figures_of_the_path():
    css = Path("static/nmd/theme.css").read_text()
    assert f"--cw: {pathmap.WIDTH}px; --rh: {pathmap.HEIGHT}px;" in css
