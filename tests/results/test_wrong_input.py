"""Wrong input: refused beside its field with what was expected; everything else typed is kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from results.services import model_for
from tests.results import samples

TODAY = timezone.localdate()
TOMORROW = (TODAY + timedelta(days=1)).isoformat()
KEPT = "phoned through by the ward"

WRONG = [  # modality, what is typed, the field that is refused, what the sentence says
    ("labs", {"lab-ck-value": "12,5"}, "lab-ck-value", "write decimals with a point"),
    ("labs", {"lab-ck-value": "a lot"}, "lab-ck-value", "is not a number"),
    ("labs", {"lab-ck-value": "-5"}, "lab-ck-value", "below 0"),
    ("labs", {"lab-ck-value": "9" * 14}, "lab-ck-value", "can be measured"),
    ("labs", {"lab-ck-value": "12", "lab-ck-unit": "furlong"}, "lab-ck-unit", ""),
    ("exam", {"strength-hip_flexion-left": "6"}, "strength-hip_flexion-left", "no MRC grade"),
    ("exam", {"reflex-knee_reflex-left": "5"}, "reflex-knee_reflex-left", "not on this scale"),
    ("exam", {"six_mwt_m": "9000"}, "six_mwt_m", "is above 1"),
    ("exam", {"tug_s": "ten"}, "tug_s", "is not a number"),
    (
        "emg",
        {"motor-median_m-right-wrist-velocity_m_per_s": "500"},
        "motor-median_m-right-wrist-velocity_m_per_s",
        "500 is above",
    ),
    (
        "emg",
        {"motor-median_m-right-wrist-latency_ms": "-3"},
        "motor-median_m-right-wrist-latency_ms",
        "below",
    ),
    (
        "genetics",
        {"variant-1-gene_symbol": "DMD", "variant-1-hgvs_c": "c.123"},
        "variant-1-hgvs_c",
        "Write it like NM_004006.3:c.9337C>T",
    ),
    ("genetics", {"smn1_exon7_copies": "1.5"}, "smn1_exon7_copies", "whole number"),
    ("genetics", {"dmd_exon_start": "80"}, "dmd_exon_start", "above 79"),
    (
        "genetics",
        {"dmd_exon_start": "50", "dmd_exon_end": "45"},
        "dmd_exon_end",
        "lies before exon 50",
    ),
    ("mri", {"muscle-soleus-left_fat": "7"}, "muscle-soleus-left_fat", "above 4"),
    (
        "mri",
        {"finding-cord_lesion-status": "absent", "finding-cord_lesion-amount": "2"},
        "finding-cord_lesion-status",
        "absent has no number",
    ),
    ("biopsy", {"side": "upwards"}, "side", "upwards"),
    ("biopsy", {"ienfd_per_mm": "400"}, "ienfd_per_mm", "above 60"),
    ("respiratory", {"fvc_upright_pct": "12,5"}, "fvc_upright_pct", "decimals with a point"),
    ("respiratory", {"spo2_rest_pct": "140"}, "spo2_rest_pct", "above 100"),
    ("cardiac", {"pr_ms": "99999"}, "pr_ms", "above"),
    ("history", {"onset": "March"}, "onset", "is not a date"),
    ("history", {"onset": "1967"}, "onset", "before the patient was born (1968-03-03)"),
    ("history", {"onset": "2999"}, "onset", "has not come yet"),
    ("labs", {"performed_on": "1968-03-02"}, "performed_on", "before the patient was born"),
    ("history", {"onset": "2023-13"}, "onset", "There is no day"),
    ("history", {"weeks_of_progression": "−4"}, "weeks_of_progression", "below 0"),
    ("history", {"performed_on": TOMORROW}, "performed_on", "has not happened yet"),
    ("history", {"performed_on": "24.11.2026"}, "performed_on", "year-month-day"),
    ("history", {"performed_on": ""}, "performed_on", "Write the day"),
    ("history", {"ph-falls-onset": "1967"}, "ph-falls-onset", "before the patient was born"),
    ("history", {"ph-falls-note": "daily"}, "ph-falls-status", "Answer yes, no or unknown"),
    (
        "history",
        {"earlier-new1-what": "EMG", "earlier-new1-done": "1950-02"},
        "earlier-new1-done",
        "before the patient was born (1968-03-03)",
    ),
    (
        "history",
        {"earlier-new1-what": "EMG", "earlier-new1-done": "2999"},
        "earlier-new1-done",
        "has not come yet",
    ),
    ("history", {"earlier-new1-outcome": "normal"}, "earlier-new1-what", "Name the test"),
    ("history", {"rel-new1-affected": "yes"}, "rel-new1-relation", "Say who this is"),
    (
        "history",
        {"rel-new1-relation": "aunt", "rel-new1-age_years": "140"},
        "rel-new1-age_years",
        "140 is no age: write years, 0 to 120",
    ),
    ("history", {"medications": "x" * 121}, "medications", "121"),
    ("history", {"toxic_exposure": ["none", "alcohol"]}, "toxic_exposure", "cannot both"),
    ("other", {"crit-gold_coast_2020-outcome": "perhaps"}, "crit-gold_coast_2020-outcome", ""),
    ("other", {"comment": "seen\u200b"}, "comment", ""),
    ("other", {"conclusion": "turned\u202eround"}, "conclusion", "cannot be shown"),
    ("other", {"next_steps": "hidden\u2060word"}, "next_steps", "cannot be shown"),
    ("other", {"referred_to": "x" * 301}, "referred_to", "at most 300"),
    ("other", {"opening_pressure_cmh2o": "250"}, "opening_pressure_cmh2o", "above 100"),
    ("other", {"csf_appearance": "pink"}, "csf_appearance", "pink"),
    ("labs", {"lab-ck-value": "NaN"}, "lab-ck-value", "not a number"),
    ("labs", {"lab-ck-value": "12O"}, "lab-ck-value", "not a number"),
    ("labs", {"performed_at_place": "x" * 121}, "performed_at_place", "at most 120"),
    ("mri", {"performed_on": "1066-10-14"}, "performed_on", "before 1900"),
    ("mri", {"conclusion": "\u200bhidden"}, "conclusion", "cannot be shown"),
    ("biopsy", {"muscle_findings": ["forged"]}, "muscle_findings", "forged"),
    ("cardiac", {"ecg": ["normal", "av_block"]}, "ecg", "cannot both"),
    ("cardiac", {"lvef_pct": "−56"}, "lvef_pct", "below 5"),
    ("cardiac", {"echo_text": "turned\u202eround"}, "echo_text", "cannot be shown"),
    ("respiratory", {"fvc_upright_l": "480"}, "fvc_upright_l", "above 12"),
    ("respiratory", {"sleep_study": "forged"}, "sleep_study", "forged"),
    ("emg", {"needle-tongue-right-fib": "9"}, "needle-tongue-right-fib", ""),
]


@pytest.mark.parametrize(
    ("modality", "typed", "field", "said"),
    WRONG,
    ids=[f"{modality}-{field}-{n}" for n, (modality, _, field, _) in enumerate(WRONG)],
)
def test_it_is_refused_beside_its_field_and_nothing_is_lost(
    page, case, doctor, modality, typed, field, said
):
    step = samples.step_for(case, modality, doctor)
    posted = samples.fields(step) | {"comment": KEPT} | typed
    answer = page.post(f"/results/record/{step.pk}/", posted)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert field in form.errors, dict(form.errors)
    assert said in form.errors[field][0]
    shown = answer.content.decode()
    assert posted["comment"] in shown
    assert form.errors[field][0].replace("“", "").split("”")[0][:12] in shown.replace("“", "")
    for name, value in posted.items():
        if name in form.fields:
            assert form[name].value() in (value, [value], str(value)), f"{name} was lost"
    assert not model_for(step).objects.filter(step=step).exists()
    step.refresh_from_db()
    assert step.result_status == ""
