"""The main story through the services: from a boy's referral to a diagnosis that was told."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import make
from workflows import services
from workflows.models import Proposal


def accept(case, key, by):
    proposal = case.proposals.get(key=key, state="open")
    services.accept(proposal, by=by, at=timezone.now())


@pytest.fixture
def boy(clinic, doctor, coordinator):
    patient = make.patient(clinic, doctor, born="2022-05-01", sex="male")
    return make.case(patient, doctor, clinician=doctor, coordinator=coordinator)


def test_a_raised_ck_in_a_boy_leads_to_the_dmd_gene(boy, doctor):
    labs = boy.steps.get(code="tri_labs")
    facts = {"lab.ck.value": 15000.0, "lab.ck.x_uln": 60.0, "lab.ck.flag": "critical_high"}
    captured = ["lab:ck", "lab:ast", "lab:alt", "lab:ggt"]
    make.reported(labs, doctor, facts, captures=captured, flag="critical")
    accept(boy, "tri_dmd:start_pathway:muscular_dystrophy", doctor)
    accept(boy, "md_boy_ck:activate:md_dmd_mlpa", doctor)
    accept(boy, "answered:answer:md_ck", doctor)
    mlpa = boy.steps.get(code="md_dmd_mlpa")
    assert (mlpa.stage, mlpa.owner) == ("to_order", doctor)
    assert mlpa.because[0]["source"].startswith("Birnkrant")
    services.order(mlpa, by=doctor, at=timezone.now())
    gene = {"gen.dmd_del_dup": "deletion", "gen.dmd_exon_start": 45, "gen.dmd_exon_end": 50}
    make.reported(mlpa, doctor, gene, flag="abnormal")
    accept(boy, "md_del_found:skip:md_biopsy", doctor)
    assert boy.steps.get(code="md_biopsy").stage == "not_needed"
    boy.refresh_from_db()
    assert boy.facts["crit.dmd_frame"] == "out_of_frame"
    accept(boy, "md_frame_out:set_dx:dmd", doctor)
    assert boy.diagnoses.get(code="dmd", replaced_by=None).certainty == "probable"


def test_a_case_is_not_closed_over_an_unread_report(boy, doctor):
    labs = boy.steps.get(code="tri_labs")
    make.reported(labs, doctor, {"lab.ck.x_uln": 1.0})
    with pytest.raises(ValidationError, match="Review and tell first: Core bloods"):
        services.close_case(boy, reason="moved away", by=doctor, at=timezone.now())


def test_closing_ends_every_open_step_by_name(boy, doctor):
    still_open = boy.steps.filter(is_open=True)
    with pytest.raises(ValidationError, match="Still open"):
        services.close_case(boy, reason="moved away", by=doctor, at=timezone.now())
    keys = [step.pk for step in still_open]
    services.close_case(boy, reason="moved away", by=doctor, at=timezone.now(), not_needed=keys)
    assert not boy.steps.filter(is_open=True).exists()
    assert not Proposal.objects.filter(case=boy, state="open").exists()


def test_all_that_one_rule_proposes_is_accepted_at_once(boy, doctor):
    gene = {"gen.dmd_del_dup": "deletion"}
    services.start_pathway(boy, "muscular_dystrophy", by=doctor, at=timezone.now())
    mlpa = boy.steps.get(code="md_dmd_mlpa")
    make.reported(mlpa, doctor, gene, flag="abnormal")
    count = services.accept_rule(boy, "md_del_found", by=doctor, at=timezone.now())
    assert count >= 4
    stages = dict(boy.steps.values_list("code", "stage"))
    assert stages["md_biopsy"] == stages["md_dmd_seq"] == stages["md_panel"] == "not_needed"
    assert stages["md_family"] != "inactive"
