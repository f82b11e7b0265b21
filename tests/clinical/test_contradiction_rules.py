"""Findings that do not fit together: each rule fires on its pair, and on neither alone."""

import pytest

from clinical.conditions import comparisons
from clinical.engine import Snapshot, evaluate
from clinical.pathways import DefinitionError, catalogue, load
from tests.clinical.case import GLOBAL, MONDAY, pathway_yaml, step_yaml

NEUROGENIC = {"emg.conclusion": ["mnd_widespread"]}
PAIRS = {
    "x_high_ck_neurogenic_emg": ({"lab.ck.x_uln": 5.0}, NEUROGENIC),
    "x_dystrophic_biopsy_negative_panel": (
        {"bx.muscle_findings": ["dystrophic_change"]},
        {"gen.panel_summary": "negative"},
    ),
    "x_myotonia_without_repeat_test": (
        {"ph.myotonia_grip": "present"},
        {"gen.channelopathy_summary": "negative"},
    ),
    "x_dystrophin_absent_normal_ck": (
        {"bx.muscle_findings": ["dystrophin_absent"]},
        {"lab.ck.x_uln": 1.0},
    ),
    "x_in_frame_dystrophin_absent": (
        {"crit.dmd_frame": "in_frame"},
        {"bx.muscle_findings": ["dystrophin_absent"]},
    ),
    "x_motor_neuron_emg_sensory_loss": (NEUROGENIC, {"ncs.snap_normal": False}),
    "x_biopsy_neurogenic_emg_myopathic": (
        {"bx.muscle_findings": ["grouped_atrophy"]},
        {"emg.conclusion": ["myopathic_irritable"]},
    ),
    "x_biopsy_myopathic_emg_neurogenic": ({"bx.muscle_findings": ["cores"]}, NEUROGENIC),
    "x_normal_biopsy_high_ck": ({"bx.muscle_findings": ["normal_muscle"]}, {"lab.ck.x_uln": 10}),
    "x_sensory_loss_normal_conduction": (
        {"ex.sensory_pattern": "length_dependent"},
        {"ncs.conclusion": ["normal"]},
    ),
    "x_block_called_axonal": ({"ncs.conduction_block": True}, {"ncs.conclusion": ["axonal_motor"]}),
    "x_multifocal_slowing_pmp22_duplication": (
        {"ncs.conclusion": ["demyelinating_multifocal"]},
        {"gen.pmp22_dosage": "duplication"},
    ),
    "x_gbs_many_cells": ({"ncs.gbs_supportive": True}, {"lab.csf_wbc.value": 51}),
    "x_smn1_absent_high_ck": ({"gen.smn1_exon7_copies": 0}, {"lab.ck.x_uln": 10.1}),
    "x_short_d4z4_not_permissive": ({"gen.d4z4_units": 10}, {"gen.d4z4_permissive": False}),
    "x_ms_aquaporin_antibody": (
        {"crit.mcdonald_2017": "ms"},
        {"lab.aqp4_ab.flag": "positive"},
    ),
    "x_achr_antibody_upper_signs": ({"lab.achr_ab.flag": "high"}, {"ex.umn_regions": 1}),
    "x_rimmed_vacuoles_heliotrope": (
        {"bx.muscle_findings": ["rimmed_vacuoles"]},
        {"ph.heliotrope": "present"},
    ),
    "x_normal_capacity_high_pco2": ({"resp.fvc_upright_pct": 80}, {"resp.pco2_kpa": 6.1}),
    "x_hmgcr_antibody_no_statin": (
        {"lab.hmgcr_ab.flag": "positive"},
        {"hx.statin_exposure": "never"},
    ),
    "x_absent_and_brisk_reflexes": (
        {"ex.reflex_pattern": "globally_absent"},
        {"ph.clonus": "present"},
    ),
}
JUST_BELOW = [
    ("x_high_ck_neurogenic_emg", {"lab.ck.x_uln": 4.9, **NEUROGENIC}),
    ("x_gbs_many_cells", {"ncs.gbs_supportive": True, "lab.csf_wbc.value": 50}),
    ("x_short_d4z4_not_permissive", {"gen.d4z4_units": 11, "gen.d4z4_permissive": False}),
    ("x_normal_capacity_high_pco2", {"resp.fvc_upright_pct": 79.9, "resp.pco2_kpa": 6.1}),
    ("x_normal_capacity_high_pco2", {"resp.fvc_upright_pct": 90, "resp.pco2_kpa": 6}),
    (
        "x_myotonia_without_repeat_test",
        {"ph.myotonia": "present", "gen.panel_summary": "negative", "gen.dmpk_ctg": 12},
    ),
    (
        "x_dystrophic_biopsy_negative_panel",
        {
            "bx.muscle_findings": ["dystrophic_change"],
            "gen.panel_summary": "negative",
            "gen.dmd_del_dup": "none_found",
        },
    ),
]


def raised(facts):
    outcome = evaluate(Snapshot(started={}, on=MONDAY, facts=facts))
    return {each.rule: each for each in outcome.raised if each.kind == "contradiction"}


def test_every_contradiction_has_its_pair_here():
    shipped = {
        rule.code for rule in catalogue().global_rules if rule.actions[0].kind == "contradiction"
    }
    assert shipped == set(PAIRS)


@pytest.mark.parametrize("code", PAIRS)
def test_both_findings_are_needed_and_named(code):
    first, second = PAIRS[code]
    found = raised(first | second)[code]
    assert found.needs_decision
    assert found.facts == first | second
    assert all((found.source, found.because, found.params["settle"]))
    assert code not in raised(first)
    assert code not in raised(second)


@pytest.mark.parametrize(("code", "facts"), JUST_BELOW)
def test_at_the_edge_nothing_is_said(code, facts):
    assert code not in raised(facts)


@pytest.mark.parametrize("code", PAIRS)
def test_the_two_sides_rest_on_different_facts(code):
    first, second = catalogue().rules[code].when.parts
    assert not {c.fact for c in comparisons(first)} & {c.fact for c in comparisons(second)}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("second: {fact: lab.nonsense, op: eq, value: 1}", "lab.nonsense"),
        ("second: {fact: pt.sex, op: eq, value: male}, source: a_book", "a_book"),
        ("secnd: {fact: pt.sex, op: eq, value: male}", "secnd"),
    ],
)
def test_a_wrong_contradiction_is_named_with_its_field(line, said):
    given = "" if "source" in line else ", source: book"
    text = (
        "contradictions:\n"
        "  - {id: x_one, label: One, first: {fact: ph.ptosis, op: eq, value: present}, "
        f"because: a reason, settle: a test, confidence: high{given}, {line}}}\n"
    )
    files = {
        "global.yaml": GLOBAL,
        "contradictions.yaml": text,
        "t.yaml": pathway_yaml(step_yaml("a")),
    }
    with pytest.raises(DefinitionError) as refused:
        load(files | {"t.yaml": pathway_yaml(step_yaml("a"))})
    assert "contradictions.yaml" in str(refused.value) or "x_one" in str(refused.value)
    assert said in str(refused.value)
