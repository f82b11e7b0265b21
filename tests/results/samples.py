"""A realistic report of each modality, as it is typed: (what the step asks for, the fields)."""

from datetime import timedelta

from django.utils import timezone

from results.registry import MODALITIES
from workflows import services as workflow

TODAY = timezone.localdate()
MUSCLES = ("shoulder_abduction", "elbow_flexion", "hip_flexion", "knee_extension")

REPORTS = {
    "history": (
        ["symptom:weakness", "symptom:dysphagia"],
        {
            "ph-weakness-status": "present",
            "ph-dysphagia-status": "absent",
            "progression": "chronic_progressive",
            "family_history_nmd": "no",
            "medications": "riluzole 50 mg\nbaclofen 10 mg",
            "narrative": "Trips since spring.\nNo cramps.",
        },
    ),
    "exam": (
        ["exam:mrc_full", "exam:reflexes"],
        {f"strength-{muscle}-{side}": "5" for muscle in MUSCLES for side in ("right", "left")}
        | {"strength-hip_flexion-left": "4−", "reflex-knee_reflex-left": "3"}
        | {"umn_regions": "lumbosacral", "gowers_manoeuvre": "partial"},
    ),
    "labs": (
        ["lab:ck", "lab:creatinine"],
        {
            "performed_at_place": "St Elsewhere",
            "lab-ck-value": "4200",
            "lab-ck-high": "170",
            "lab-creatinine-value": "0.8",
        },
    ),
    "mri": (
        ["mri:brain_ms"],
        {
            "finding-periventricular_lesion-status": "present",
            "finding-periventricular_lesion-amount": "3",
            "finding-infratentorial_lesion-status": "absent",
            "conclusion": "Lesions typical of demyelination",
        },
    ),
    "emg": (
        ["ncs:set_als", "emg:set_als_four_region"],
        {
            "sensory-sural_s-left-any-amplitude_uv": "12",
            "needle-tongue-right-fib": "2+",
            "emg_conclusions": "normal",
        },
    ),
    "biopsy": (
        ["bx:muscle"],
        {
            "tissue": "muscle",
            "site": "deltoid",
            "side": "left",
            "muscle_findings": ["rimmed_vacuoles", "necrosis_regeneration"],
            "conclusion": "Inclusion body myositis is likely",
        },
    ),
    "genetics": (
        ["gen:neuromuscular_panel"],
        {
            "tests": "neuromuscular_panel",
            "result_summary": "candidate_vus",
            "variant-1-gene_symbol": "CAPN3",
            "variant-1-hgvs_c": "NM_000070.3:c.550del",
            "variant-1-hgvs_p": "p.(Thr184fs)",
            "variant-1-acmg": "VUS",
            "variant-1-review_on": (TODAY + timedelta(days=365)).isoformat(),
        },
    ),
    "respiratory": (["resp:fvc_upright_pct"], {"fvc_upright_pct": "49"}),
    "cardiac": (["card:ecg", "card:echo"], {"ecg": "normal", "pr_ms": "146", "lvef_pct": "56"}),
    "other": (
        ["crit:gold_coast_2020", "other:patient_disclosure"],
        {"crit-gold_coast_2020-outcome": "met", "conclusion": "Motor neurone disease"},
    ),
}


def step_for(case, modality, by):
    """A step that asks for what the sample answers."""
    step = workflow.add_step(
        case,
        code=f"sample_{modality}",
        label=f"{MODALITIES[modality].label} test",
        modality=modality,
        captures=REPORTS[modality][0],
        profile="soon",
        days=7,
        by=by,
        at=timezone.now(),
    )
    step.refresh_from_db()
    return step


def fields(step, **more):
    """What a browser sends to record the sample."""
    typed = {"performed_on": TODAY.isoformat(), "status": "final", "version": step.version}
    return typed | REPORTS[step.modality][1] | more
