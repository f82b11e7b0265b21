"""Each threshold of the vocabulary at, just below and just above it: recorded, then told or not."""

from decimal import Decimal

import pytest
from django.utils import timezone

from clinical.pathways import catalogue
from clinical.thresholds import fall_pct, watched
from results import describe
from results.cardiac.models import CardiacResult
from results.respiratory.models import RespiratoryResult
from results.services import current_result, record_result
from tests import make
from tests.results import samples
from workflows import services as workflow

SYMPTOM, ACUTE = {"ph.orthopnoea": "present"}, {"hx.progression": "acute"}
RULES = [  # number, rule, last value that it is silent at, first that it speaks at, what must hold
    ("fvc_upright_pct", "g_resp_chronic_symptomatic", 80, 79.9, SYMPTOM),
    ("fvc_upright_pct", "g_resp_chronic_severe", 50, 49.9, {}),
    ("fvc_supine_drop_pct", "g_diaphragm", 25, 25.1, {}),
    ("fvc_ml_kg", "g_resp_acute", 20, 19.9, {}),
    ("fvc_ml_kg", "g_intubation", 15, 14.9, {}),
    ("snip_cmh2o", "g_resp_chronic_severe", 40, 39.9, {}),
    ("snip_cmh2o", "g_resp_chronic_symptomatic", 55, 54.9, SYMPTOM),
    ("snip_cmh2o", "g_resp_chronic_symptomatic", 65, 64.9, SYMPTOM | {"sex": "male"}),
    ("mip_cmh2o", "g_resp_chronic_severe", 40, 39.9, {}),
    ("mip_cmh2o", "g_resp_chronic_symptomatic", 55, 54.9, SYMPTOM),
    ("mip_cmh2o", "g_resp_chronic_symptomatic", 65, 64.9, SYMPTOM | {"sex": "male"}),
    ("mep_cmh2o", "g_expiratory", 60, 59.9, {}),
    ("mep_cmh2o", "g_expiratory_acute", 40, 39.9, ACUTE),
    ("pcf_l_min", "g_cough", 270, 269.9, {}),
    ("pcf_l_min", "g_cough_severe", 160, 159.9, {}),
    ("spo2_rest_pct", "g_spo2", 94.1, 94, {}),
    ("pco2_kpa", "g_resp_chronic_severe", 6, 6.01, {}),
    ("pr_ms", "md_dm_conduction", 239, 240, {"pathway": "muscular_dystrophy"}),
    ("qrs_ms", "md_dm_conduction", 119, 120, {"pathway": "muscular_dystrophy"}),
    ("lvef_pct", "mys_myocarditis", 50, 49.9, {"pathway": "myositis"}),
]


def report(name, value):
    if name in ("pr_ms", "qrs_ms", "lvef_pct"):
        return "cardiac", CardiacResult(**{name: Decimal(str(value))})
    if name == "fvc_supine_drop_pct":
        supine = Decimal(100) - Decimal(str(value))
        return "respiratory", RespiratoryResult(fvc_upright_pct=100, fvc_supine_pct=supine)
    return "respiratory", RespiratoryResult(**{name: Decimal(str(value))})


@pytest.mark.parametrize(("name", "rule", "silent", "speaks", "given"), RULES)
def test_a_value_beyond_its_threshold_raises_what_its_rule_asks_for(
    clinic, doctor, name, rule, silent, speaks, given
):
    who = make.patient(clinic, doctor, sex=given.get("sex", "female"))
    also = [given["pathway"]] if "pathway" in given else []
    case = make.case(who, doctor, clinician=doctor, pathways=["undifferentiated", *also])
    facts = {path: value for path, value in given.items() if "." in path}
    if facts:
        make.reported(case.steps.get(code="tri_history"), doctor, facts, captures=["hx:onset"])
    for code, value, expected in (("a", silent, False), ("b", speaks, True)):
        modality, draft = report(name, value)
        step = step_of(case, modality, code, doctor)
        draft.performed_on = timezone.localdate()
        record_result(step, draft, by=doctor, at=timezone.now(), version=step.version)
        raised = case.proposals.filter(rule=rule).exists()
        assert raised is expected, f"{name} {value}"


def step_of(case, modality, code, by):
    step = workflow.add_step(
        case,
        code=f"sample_{code}",
        label="Test",
        modality=modality,
        captures=samples.REPORTS[modality][0],
        profile="soon",
        days=7,
        by=by,
        at=timezone.now(),
    )
    step.refresh_from_db()
    return step


def test_every_threshold_has_its_rule_and_its_row_here_or_says_why_it_has_none():
    tested = {(name, rule) for name, rule, *_ in RULES}
    for name, number in watched().items():
        assert number.source
        for each in number.thresholds:
            assert bool(each.rule) != bool(each.no_alert), (name, each)
            assert not each.rule or each.rule in catalogue().rules
            assert not each.rule or (name, each.rule) in tested


@pytest.mark.parametrize(
    ("upright", "supine", "fall"),
    [(4.0, 3.0, 25.0), (4.0, 4.2, -5.0), (4.0, 0, 100.0), (0, 1.0, None), (None, 3, None)],
)
def test_the_fall_is_worked_out_from_either_scale(upright, supine, fall):
    assert fall_pct(upright, supine) == fall


def test_form_and_report_say_what_a_threshold_asks_for(page, case, doctor):
    step = samples.step_for(case, "respiratory", doctor)
    shown = page.get(f"/results/record/{step.pk}/").content.decode()
    assert "&lt; 50 %: refer to the ventilation service whatever the symptoms" in shown
    assert "NICE NG42 (2016, updated 2019)" in shown
    assert "&lt; 65 cmH2O (men" not in shown, "the patient is a woman"
    typed = samples.fields(step, fvc_upright_l="4", fvc_supine_l="2.9")
    assert page.post(f"/results/record/{step.pk}/", typed).status_code == 302
    result = current_result(step)
    lines = {entry.key: entry for entry in describe.entries(result)}
    assert lines["fvc_upright_pct"].mark == "low"
    assert "whatever the symptoms" in lines["fvc_upright_pct"].note
    fallen = lines["fvc_supine_drop_pct"]
    assert (fallen.value, fallen.mark) == ("27.5", "high")
    assert "suspect diaphragm weakness" in fallen.note
    told = page.get(f"/results/step/{step.pk}/").content.decode()
    assert '<span class="nt-val is-low">49</span>' in told
    assert result.fvc_supine_pct is None, "what was not typed stays empty"
