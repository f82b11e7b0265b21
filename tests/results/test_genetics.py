"""The genetic report: names, repeats, uncertain variants, another class, the family."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from results.genetics.models import GeneticResult, Variant
from tests import make
from workflows import services as workflow
from workflows.clock import calendar_of

TODAY = timezone.localdate()
IN_A_YEAR = TODAY + timedelta(days=365)


def gene_step(case, doctor, code="gene"):
    return workflow.add_step(
        case,
        code=code,
        label="Muscle disease panel",
        modality="genetics",
        captures=["gen:neuromuscular_panel"],
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )


@pytest.fixture
def gene(case, doctor):
    return gene_step(case, doctor)


def post(page, step, act="record", at="", **fields):
    step.refresh_from_db()
    data = {
        "performed_on": TODAY.isoformat(),
        "status": "final",
        "version": step.version,
        "tests": "neuromuscular_panel",
    }
    answer = page.post(f"/results/{act}/{step.pk}/{at}", data | fields)
    step.refresh_from_db()
    return answer


def variant(number=1, **columns):
    return {f"variant-{number}-{column}": value for column, value in columns.items()}


UNCERTAIN = {
    "result_summary": "candidate_vus",
    **variant(
        gene_symbol="CAPN3", hgvs_c="NM_000070.3:c.550del", hgvs_p="p.(Thr184fs)", acmg="VUS"
    ),
    **variant(review_on=IN_A_YEAR.isoformat()),
}


def shown(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"gene_symbol": "CAPN3", "hgvs_c": "c.123"}, "names a place and no change"),
        ({"gene_symbol": "CAPN3", "hgvs_p": "c.12A>T"}, "expected p."),
        ({"gene_symbol": "capn3", "hgvs_c": "c.12A>T"}, "the HGNC symbol is CAPN3"),
        ({"gene_symbol": "CAPN3", "acmg": "VUS"}, "needs a day to look at it again"),
        (
            {"gene_symbol": "CAPN3", "acmg": "VUS", "review_on": TODAY.isoformat()},
            "Choose a day after today",
        ),
    ],
)
def test_what_is_wrong_with_a_variant_is_said_at_its_field(page, gene, columns, said):
    answer = post(page, gene, **variant(**columns), comment="by phone")
    html = shown(answer)
    assert said in html
    assert "by phone" in html
    assert not GeneticResult.objects.exists()


def test_a_number_of_repeats_is_told_with_what_it_means(page, case, doctor):
    step = gene_step(case, doctor, "repeat")
    form = shown(page.get(f"/results/record/{step.pk}/"))
    assert "normal 5–34, premutation 35–49, affected ≥ 50" in form
    post(page, step, tests="dmpk_ctg", dmpk_ctg_repeats="49", ar_cag_repeats="38")
    html = shown(page.get(f"/results/step/{step.pk}/"))
    assert "49 (premutation)" in html
    assert "38 (affected)" in html


def test_consent_counselling_and_what_was_not_seen_are_kept(page, gene):
    post(
        page,
        gene,
        result_summary="negative",
        not_covered=["repeat_expansions", "deep_intronic"],
        consent="given",
        consent_on=TODAY.isoformat(),
        counselled_on=TODAY.isoformat(),
        counselled_by="H. Lind",
    )
    assert gene.facts["hx.consent_genetic_testing"] == "given"
    assert "other:genetic_counselling_consent" in gene.captured
    html = shown(page.get(f"/results/step/{gene.pk}/"))
    for words in ("Repeat expansions, Deep intronic", "Given", "H. Lind"):
        assert words in html


def test_an_uncertain_variant_has_a_step_with_its_day(page, gene, case):
    post(page, gene, **UNCERTAIN)
    review = case.steps.get(code=f"variant_review_{gene.pk}")
    assert (review.due_on, review.is_open) == (due(IN_A_YEAR, case), True)
    later = UNCERTAIN | variant(review_on=(IN_A_YEAR + timedelta(days=30)).isoformat())
    post(page, gene, "correct", **later, correction_reason="Another day")
    review.refresh_from_db()
    assert review.due_on == due(IN_A_YEAR + timedelta(days=30), case)
    assert case.steps.filter(code__startswith="variant_review").count() == 1
    post(page, gene, "retract", correction_reason="Wrong patient")
    review.refresh_from_db()
    assert not review.is_open


def due(day, case):
    return calendar_of(case.clinic).next_working(day)


def test_another_class_opens_review_and_telling_again(page, gene, case, doctor):
    post(page, gene, **UNCERTAIN)
    workflow.review(gene, by=doctor, at=timezone.now())
    workflow.tell(gene, how="visit", by=doctor, at=timezone.now())
    gene.refresh_from_db()
    assert gene.stage == "done"
    change = {
        "acmg": "LP",
        "on": TODAY.isoformat(),
        "because": "Seen in three more families",
        "conclusion": "diagnostic",
    }
    assert "already" not in shown(post(page, gene, "reclassify", at="0/", **change))
    assert (gene.stage, gene.told_at) == ("to_review", None)
    assert gene.facts["gen.panel_summary"] == "diagnostic"
    row = Variant.objects.get(result__replaced_by=None)
    assert (row.acmg, row.acmg_before, row.review_on) == ("LP", "VUS", None)
    assert not case.steps.get(code=f"variant_review_{gene.pk}").is_open
    html = shown(page.get(f"/results/step/{gene.pk}/"))
    assert "uncertain significance before, likely pathogenic now. Seen in three more" in html
    assert "reclassified on" in html


def test_a_new_class_is_refused_beside_its_field(page, gene):
    post(page, gene, **UNCERTAIN)
    html = shown(post(page, gene, "reclassify", at="0/", acmg="LB", on=TODAY.isoformat()))
    assert "Say what the new class rests on" in html
    change = {"acmg": "LB", "because": "Seen in healthy people", "conclusion": "negative"}
    before = (TODAY - timedelta(days=1)).isoformat()
    html = shown(post(page, gene, "reclassify", at="0/", on=before, **change))
    assert "The test it reports was done on" in html
    assert post(page, gene, "reclassify", at="7/").status_code == 404
    assert GeneticResult.objects.count() == 1


def test_relatives_tested_for_the_variant_are_linked_both_ways(page, gene, case, clinic, doctor):
    mother = make.patient(clinic, doctor, mrn="0048-1", given_names="Astrid")
    link = case.patient.relatives.create(clinic=clinic, relation="mother", linked_patient=mother)
    sister = case.patient.relatives.create(clinic=clinic, relation="sister")
    hers = gene_step(make.case(mother, doctor, clinician=doctor), doctor)
    post(page, hers, **variant(gene_symbol="CAPN3", hgvs_c="c.550del", acmg="P"))
    family = {
        f"family-{link.pk}-carries": "yes",
        f"family-{link.pk}-zygosity": "heterozygous",
        f"family-{sister.pk}-carries": "asked",
    }
    post(page, gene, **UNCERTAIN, **family)
    assert "other:family_cascade" in gene.captured
    html = shown(page.get(f"/results/step/{gene.pk}/"))
    assert "Mother, variant 1" in html or "mother, variant 1" in html
    assert "carries it, heterozygous" in html
    assert f'href="/results/step/{hers.pk}/">Astrid Vasquez-Holm' in html
    back = shown(page.get(f"/results/step/{hers.pk}/"))
    assert "Whose mother is this patient" in back
    assert f'href="/results/step/{gene.pk}/"' in back


def test_a_family_of_another_variant_is_not_linked(page, gene, case, clinic, doctor):
    mother = make.patient(clinic, doctor, mrn="0048-1", given_names="Astrid")
    case.patient.relatives.create(clinic=clinic, relation="mother", linked_patient=mother)
    hers = gene_step(make.case(mother, doctor, clinician=doctor), doctor)
    post(page, hers, **variant(gene_symbol="CAPN3", hgvs_c="c.551del", acmg="P"))
    post(page, gene, **UNCERTAIN)
    assert "No linked relative" in shown(page.get(f"/results/step/{gene.pk}/"))


def test_a_relative_is_linked_by_her_record_number(page, case, clinic, doctor):
    mother = make.patient(clinic, doctor, mrn="0048-1", given_names="Astrid")
    url = f"/patients/{case.patient_id}/relatives/new/"
    fields = {"relation": "mother", "sex": "female", "affected": "unknown"}
    answer = page.post(url, fields | {"linked_mrn": "nobody"})
    assert "No patient of this clinic has this record number" in answer.content.decode()
    page.post(url, fields | {"linked_mrn": "0048-1"})
    assert case.patient.relatives.get().linked_patient == mother


def test_the_page_asks_no_more_for_a_larger_family(
    page, case, clinic, doctor, django_assert_max_num_queries
):
    relatives = [
        case.patient.relatives.create(clinic=clinic, relation=f"cousin {number}")
        for number in range(5)
    ]
    allowed = 20
    for number in (1, 5):
        step = gene_step(case, doctor, f"gene_{number}")
        tested = {f"family-{row.pk}-carries": "no" for row in relatives[:number]}
        variants = [variant(n + 1, gene_symbol="CAPN3", acmg="B") for n in range(min(number, 3))]
        post(page, step, **tested, **{k: v for each in variants for k, v in each.items()})
        with django_assert_max_num_queries(allowed) as asked:
            page.get(f"/results/step/{step.pk}/")
        allowed = len(asked)
