"""What each modality's draft establishes: no database, drafts only."""

import pytest

from clinical.scores import MRC_SUM_MOVEMENTS as SUM_MOVEMENTS
from clinical.vocabulary import vocabulary
from results.base import LINE, shorten
from results.biopsy.models import BiopsyResult
from results.cardiac.models import CardiacResult
from results.emg.models import EmgResult, MuscleStudy, NerveStudy
from results.exam.models import ExamResult, ExamScore, Reflex, Sign, Strength
from results.genetics.models import GeneticResult, Variant
from results.genetics.outputs import small_variant_class
from results.history.models import HistoryResult, Symptom
from results.labs.models import LabResult, LabValue
from results.mri.models import ImagingFinding, MriResult
from results.other.models import CriterionOutcome, OtherResult, OtherScore
from results.respiratory.models import RespiratoryResult

SIDES = ("right", "left")


def grid(grade="5", **other):
    """The twelve cells of the MRC sum; `other` gives movement_side its own grade."""
    return [
        Strength(movement=m, side=side, grade=other.get(f"{m}_{side}", grade))
        for m in SUM_MOVEMENTS
        for side in SIDES
    ]


def lab(analyte, value=None, unit="", **fields):
    unit = unit or vocabulary().analytes[analyte].unit
    return LabValue(analyte=analyte, value_num=value, unit=unit, **fields)


def genes(*variants, **fields):
    return GeneticResult(**fields).with_rows(variants=variants)


DRAFTS = [
    (
        HistoryResult(
            progression="subacute", diabetes="unknown", toxic_exposure=[], weeks_of_progression=6
        ).with_rows(symptoms=[Symptom.of("ptosis", "absent"), Symptom.of("cramps", "unknown")]),
        {
            "hx.progression": "subacute",
            "hx.toxic_exposure": [],
            "hx.weeks_of_progression": 6,
            "ph.ptosis": "absent",
        },
    ),
    (
        ExamResult().with_rows(strengths=grid("5", hip_flexion_right="4-", hip_flexion_left="3")),
        {
            "ex.mrc_sum": 57,
            "ex.legs_proximal": True,
            "ex.arms_proximal": False,
            "crit.mrc_sum_score": "complete",
            "ex.bilateral_weakness": True,
        },
    ),
    (
        ExamResult().with_rows(strengths=grid("5", hip_flexion_right="NT")),
        {"ex.bilateral_weakness": False, "ex.arms_proximal": False, "ex.legs_proximal": False},
    ),
    (
        ExamResult(umn_regions=["bulbar"], lmn_regions=["bulbar", "cervical"]).with_rows(
            reflexes=[Reflex(reflex="plantar", side="left", value="extensor")],
            signs=[Sign.of("spasticity", "absent")],
            scores=[ExamScore(scale="edss", total=4.5)],
        ),
        {
            "ex.umn_regions": 1,
            "ex.lmn_regions": 2,
            "ex.umn_in": ["bulbar"],
            "ex.lmn_in": ["bulbar", "cervical"],
            "ex.umn_and_lmn_same_region": True,
            "ph.babinski": "present",
            "ph.spasticity": "absent",
            "scale.edss.total": 4.5,
        },
    ),
    (
        LabResult().with_rows(
            values=[lab("ck", 15_000, high=250), lab("achr_cba", stated_flag="negative")]
        ),
        {
            "lab.ck.value": 15_000,
            "lab.ck.x_uln": 60.0,
            "lab.ck.flag": "critical_high",
            "lab.achr_cba.flag": "negative",
        },
    ),
    (
        LabResult().with_rows(values=[lab("csf_ocb", 3, high=1)]),
        {
            "lab.csf_ocb.value": 3,
            "lab.csf_ocb.x_uln": 3.0,
            "lab.csf_ocb.flag": "high",
            "csf.positive_ms": True,
        },
    ),
    (
        genes(tests=["dmd_mlpa"], dmd_del_dup="deletion", dmd_exon_start=45, dmd_exon_end=50),
        {"gen.dmd_del_dup": "deletion", "gen.dmd_exon_start": 45, "gen.dmd_exon_end": 50},
    ),
    (
        genes(tests=["neuromuscular_panel"], result_summary="negative"),
        {"gen.panel_summary": "negative"},
    ),
    (
        genes(tests=["cnbp_cctg"], cnbp_cctg_repeats=75, c9orf72_repeats=30),
        {"gen.cnbp_expanded": True, "gen.c9orf72_expanded": False},
    ),
    (
        genes(Variant(gene_symbol="GAA", acmg="P"), Variant(gene_symbol="GAA", acmg="LP")),
        {"gen.gaa_result": "two_pathogenic"},
    ),
    (
        MriResult().with_rows(
            findings=[
                ImagingFinding(finding="compressive_cord_lesion", status="absent"),
                ImagingFinding(finding="cord_lesion", status="present", amount=2),
                ImagingFinding(finding="optic_nerve_lesion", status="absent"),
            ]
        ),
        {
            "mri.compressive_cord_lesion": False,
            "mri.no_compression": True,
            "mri.ms_regions": 1,
            "mri.cord_lesion_count": 2,
        },
    ),
    (
        EmgResult(ncs_conclusions=["normal"], rns_increment_pct=120).with_rows(
            nerves=[
                NerveStudy(nerve="sural_s", side="left", amplitude_uv=2),
                NerveStudy(nerve="ulnar_m", side="left", velocity_m_per_s=31),
            ],
            muscles=[
                MuscleStudy(muscle="tongue", side="midline", fib="2+", muap_duration="increased"),
                MuscleStudy(muscle="deltoid", side="left", fib="2+", muap_duration="increased"),
            ],
        ),
        {
            "ncs.conclusion": ["normal"],
            "rns.increment_pct": 120.0,
            "ncs.snap_normal": False,
            "ncs.sensory_abnormal_nerves": 1,
            "ncs.arm_motor_cv_m_s": 31.0,
            "emg.regions_studied": 2,
            "emg.lmn_regions": 1,
            "emg.lmn_in": ["bulbar"],
        },
    ),
    (
        BiopsyResult(tissue="muscle", muscle_findings=["rimmed_vacuoles"]),
        {"bx.muscle_findings": ["rimmed_vacuoles"]},
    ),
    (
        RespiratoryResult(fvc_upright_l=4, fvc_supine_l=3, pco2_kpa=6),
        {
            "resp.fvc_upright_l": 4.0,
            "resp.fvc_supine_drop_pct": 25.0,
            "resp.pco2_kpa": 6.0,
            "lab.pco2_arterial.value": 45.0,
        },
    ),
    (
        CardiacResult(ecg=["pr_prolonged"], pr_ms=240),
        {"card.ecg_abnormal": True, "card.pr_ms": 240.0},
    ),
    (
        OtherResult(also_done=["other:mdt_review"]).with_rows(
            criteria=[CriterionOutcome(criterion="gold_coast_2020", outcome="met")],
            scores=[OtherScore(scale="mgfa_class", grade="IIIa")],
        ),
        {"crit.gold_coast_2020": "met", "scale.mgfa_class.total": "IIIa"},
    ),
]


@pytest.mark.parametrize(("draft", "facts"), DRAFTS, ids=lambda x: type(x).__name__)
def test_a_draft_states_what_it_established_and_no_more(draft, facts):
    assert draft.facts() == facts


@pytest.mark.parametrize("draft", [row[0] for row in DRAFTS], ids=lambda x: type(x).__name__)
def test_every_fact_is_one_that_rules_may_use(draft):
    book = vocabulary()
    problems = {p: book.facts[p].problem(value) for p, value in draft.facts().items()}
    assert not any(problems.values()), problems
    assert 0 < len(draft.summary()) <= 200


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        ("ck", 250, "µkat/L", 15_000),
        ("glucose", 5.5, "mmol/L", 99.088),
        ("creatinine", 88.4, "µmol/l", 0.999981),
        ("calcium", 2.5, "mmol/L", 10.02),
        ("b12", 148, "pmol/L", 200.5992),
        ("vitamin_d", 50, "nmol/L", 20.03),
        ("hba1c", 48, "mmol/mol", 6.54304),
        ("pco2_arterial", 6, "kPa", 45.00372),
        ("tsh", 4, "mU/L", 4),
    ],
)
def test_other_units_become_ours(analyte, value, unit, expected):
    assert lab(analyte, value, unit).facts()[f"lab.{analyte}.value"] == pytest.approx(expected)


def test_a_unit_that_cannot_be_converted_gives_no_value():
    assert "lab.ck.value" not in lab("ck", 5, "mg/dL").facts()


@pytest.mark.parametrize(
    ("coding", "protein", "expected"),
    [
        ("NM_004006.3:c.9337C>T", "NP_1:p.(Arg3113Ter)", "nonsense"),
        ("c.6439del", "p.(Ile2147fs)", "frameshift"),
        ("c.31+1G>A", "", "splice"),
        ("c.31+15G>A", "p.?", None),
        ("c.10C>T", "p.(Arg4Trp)", "missense"),
    ],
)
def test_the_class_of_a_small_variant_is_read_from_its_name(coding, protein, expected):
    assert small_variant_class(coding, protein) == expected


def test_a_summary_cuts_no_value_in_two_and_counts_what_has_no_room():
    parts = [f"Analyte {n} 12.5 mmol/L" for n in range(30)]
    line = shorten(parts)
    kept = line.split("; ")
    left = int(kept.pop().removeprefix("and ").removesuffix(" more"))
    assert len(line) <= LINE
    assert (kept, left) == (parts[: len(kept)], 30 - len(kept))
    assert shorten(["", None, parts[0]]) == parts[0]
    assert shorten([], otherwise="Laboratory report") == "Laboratory report"


def test_a_normal_half_of_a_study_does_not_contradict_the_other():
    concluded = {"ncs_conclusions": ["demyelinating_uniform"], "emg_conclusions": ["normal"]}
    line = EmgResult(**concluded).summary()
    assert "needle EMG normal" in line
    assert "Normal study" not in line
    both = {"ncs_conclusions": ["normal"], "emg_conclusions": ["normal"]}
    assert EmgResult(**both).summary() == "Normal study"
