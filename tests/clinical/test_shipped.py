"""Cases a clinician would recognise, on the shipped pathways."""

from dataclasses import replace

from clinical.derive import derive
from clinical.engine import Snapshot, Stage, StepState, evaluate
from tests.clinical.case import MONDAY, day, keys, raised

BOY = {"pt.sex": "male", "pt.age_years": 4, "ph.waddling_gait": "present"}
CK = {"lab.ck.value": 15000, "lab.ck.x_uln": 60.0, "lab.ck.flag": "critical_high"}


def test_a_boy_with_a_very_high_ck_from_triage_to_the_end_of_the_biopsy():
    triage = Snapshot(started={"undifferentiated": MONDAY}, on=day(3), facts=BOY | CK)
    start = raised(evaluate(triage), "tri_dmd:start_pathway:muscular_dystrophy")
    assert start.needs_decision

    case = replace(triage, started={**triage.started, "muscular_dystrophy": day(3)})
    test = raised(evaluate(case), "md_boy_ck:activate:md_dmd_mlpa")
    assert test.facts == {"pt.sex": "male", "pt.age_years": 4, "lab.ck.x_uln": 60.0}
    assert "Birnkrant" in test.source
    assert test.text == "DMD deletion and duplication test is needed."

    ordered = StepState("md_dmd_mlpa", activated_on=day(3), ordered_on=day(4), released=True)
    case = replace(case, steps={"md_dmd_mlpa": ordered}, on=day(30))
    assert evaluate(case).verdicts["md_dmd_mlpa"].stage == Stage.TO_BOOK

    found = {"gen.dmd_del_dup": "deletion", "gen.dmd_exon_start": 45, "gen.dmd_exon_end": 50}
    outcome = evaluate(replace(case, facts=derive(case.facts | found)))
    assert raised(outcome, "md_del_found:skip:md_biopsy").needs_decision
    assert raised(outcome, "md_frame_out:set_dx:dmd").params["status"] == "probable"
    assert "md_skip51:show_treatment_option:eteplirsen" in keys(outcome)
    assert "md_skip53:show_treatment_option:golodirsen" not in keys(outcome)


def test_acute_weakness_with_lost_reflexes_starts_the_gbs_pathway_without_asking():
    facts = {
        "hx.progression": "acute",
        "ex.bilateral_weakness": True,
        "ex.reflex_pattern": "globally_absent",
    }
    outcome = evaluate(Snapshot(started={"undifferentiated": MONDAY}, on=MONDAY, facts=facts))
    assert [start.pathway for start in outcome.starts] == ["gbs"]
    assert raised(outcome, "tri_gbs:alert:clinician").level == "emergency"
    assert outcome.verdicts["gbs_exam"].active


def test_an_infant_without_smn1_needs_no_emg_and_treatment_at_once():
    facts = {"gen.smn1_exon7_copies": 0, "pt.age_years": 0.3}
    outcome = evaluate(Snapshot(started={"sma": MONDAY}, on=MONDAY, facts=facts))
    found = keys(outcome)
    assert {"sma_homdel:skip:sma_emg", "sma_homdel:activate:sma_treatment"} <= set(found)
    assert not raised(outcome, "sma_smn2_missing:alert:genetics").needs_decision
    known = evaluate(Snapshot({"sma": MONDAY}, MONDAY, facts=facts | {"gen.smn2_copies": 3}))
    assert "sma_smn2_missing:alert:genetics" not in keys(known)


def test_anticoagulation_holds_the_biopsy_until_a_clinician_releases_it():
    facts = {"hx.anticoagulation": "warfarin"}
    biopsy = StepState("md_biopsy", activated_on=MONDAY)
    case = Snapshot({"muscular_dystrophy": MONDAY}, MONDAY, facts, {"md_biopsy": biopsy})
    assert evaluate(case).verdicts["md_biopsy"].stage == Stage.ON_HOLD
    free = replace(case, steps={"md_biopsy": replace(biopsy, released=True)})
    assert evaluate(free).verdicts["md_biopsy"].stage == Stage.TO_ORDER


def test_bloods_of_two_pathways_are_done_once():
    """CK of the dystrophy pathway is on record once the myopathy bloods are."""
    started = {"muscular_dystrophy": MONDAY, "myopathy": MONDAY}
    recorded = {f"lab:{code}": ("myo_labs", day(2)) for code in ("ck", "ast", "alt", "ggt")}
    outcome = evaluate(Snapshot(started, day(3), recorded=recorded))
    assert raised(outcome, "answered:answer:md_ck").params == {"by": "myo_labs"}
