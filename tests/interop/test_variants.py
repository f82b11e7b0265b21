"""Variants as they come: two, structural, mitochondrial, contradicting, of somebody else."""

import pytest

from results.genetics.models import GeneticResult, Variant
from tests.interop.packets import call, expressions, interpretation, packet
from workflows.models import Diagnosis, Step


def test_two_variants_belong_to_one_diagnosis(bring):
    calls = [call(**{"label": "first"}), call(**{"label": "second"})]
    row = bring(packet(interpretations=[interpretation(*calls)]))
    assert GeneticResult.objects.count() == 1
    assert [v.label for v in Variant.objects.order_by("position")] == ["first", "second"]
    assert Diagnosis.objects.get(case=row.case).certainty == "confirmed"


@pytest.mark.parametrize("position", [156115079, "156115079"])
def test_a_position_may_be_a_number_or_a_string(bring, position):
    vcf = {"genomeAssembly": "hg38", "chrom": "chr1", "pos": position, "ref": "C", "alt": "T"}
    bring(packet(interpretations=[interpretation(call(vcfRecord=vcf))]))
    assert Variant.objects.get().vcf_position == 156115079


@pytest.mark.parametrize("protein", ["", "NP_733821.1:p.?", "NP_733821.1:p.(Met1?)"])
def test_a_protein_change_may_be_missing_or_unknown(bring, protein):
    values = {"hgvs_c": "NM_170707.4:c.1A>G"} | ({"hgvs_p": protein} if protein else {})
    bring(packet(interpretations=[interpretation(call(expressions=expressions(**values)))]))
    row = Variant.objects.get()
    assert (row.hgvs_p, row.transcript) == (protein, "NM_170707.4")


def test_a_structural_variant_has_a_label_and_a_kind(bring):
    kind = {"id": "SO:1000029", "label": "chromosomal_deletion"}
    given = call(label="Exon 7 deletion ", structuralType=kind)
    bring(packet(interpretations=[interpretation(given)]))
    row = Variant.objects.get()
    assert (row.label, row.structural_type) == ("Exon 7 deletion ", "chromosomal_deletion")
    assert (row.hgvs_c, row.vcf_position) == ("", None)


def test_texts_too_long_for_their_columns_are_kept_whole_beside_the_row(bring):
    long = "x" * 600
    kind = {"id": "SO:1000029", "label": long}
    given = call(label=long, structuralType=kind, expressions=expressions(hgvs_c=f"{long}:c.1A>G"))
    bring(packet(interpretations=[interpretation(given)]))
    row = Variant.objects.get()
    assert (row.label, row.structural_type) == (long[:499] + "…", long[:79] + "…")
    assert (row.extra["label"], row.extra["structuralType"]) == (long, kind)
    assert (row.transcript, row.hgvs_c) == ("", f"{long}:c.1A>G")


def test_contradicting_mitochondrial_expressions_are_all_kept_and_pointed_out(bring, sample):
    data, _ = sample("MTTV/PMID_39468830_III_1.json")
    row, variant = bring(data), Variant.objects.get()
    assert variant.hgvs_c == "NC_012920.1:m.1661A>G"
    assert variant.hgvs_g == "NC_012920.1:m.1616A>G"
    assert (variant.chromosome, variant.vcf_position) == ("MT", 1661)
    assert (variant.is_mitochondrial, variant.zygosity) == (True, "heterozygous")
    assert "m.1661A>G and m.1616A>G" in variant.discrepancy
    assert any(variant.discrepancy in note for note in row.notes)


def test_a_genomic_expression_that_does_not_fit_the_record_is_pointed_out(bring):
    vcf = {"genomeAssembly": "hg38", "chrom": "chr1", "pos": 5, "ref": "C", "alt": "T"}
    given = call(expressions=expressions(hgvs_g="NC_000001.11:g.6C>T"), vcfRecord=vcf)
    bring(packet(interpretations=[interpretation(given)]))
    assert "does not fit the VCF record (chr1:5 C>T)" in Variant.objects.get().discrepancy


def test_expressions_without_a_column_are_kept_beside_the_row(bring):
    given = [
        {"syntax": "hgvs.c", "value": "NM_1.1:c.1A>G"},
        {"syntax": "hgvs.c", "value": "NM_2.1:c.4A>G"},
        {"syntax": "spdi", "value": "NC_000001.11:5:C:T"},
    ]
    bring(packet(interpretations=[interpretation(call(expressions=given))]))
    row = Variant.objects.get()
    assert row.hgvs_c == "NM_1.1:c.1A>G"
    assert row.extra["expressions"] == given[1:]


def test_a_variant_of_a_relative_is_not_the_patients(bring):
    family = {
        "id": "F1",
        "proband": packet(interpretations=[interpretation(call(), call(subject="mum"))]),
        "relatives": [],
        "pedigree": {
            "persons": [
                {"individualId": "patient", "maternalId": "mum", "sex": "MALE"},
                {"individualId": "mum", "sex": "FEMALE", "affectedStatus": "UNAFFECTED"},
            ]
        },
    }
    row = bring(family)
    assert Variant.objects.count() == 1
    assert "Variants of relatives are kept in the original only." in row.notes
    assert (row.kind, row.external_id) == ("family", "P1")


CERTAINTIES = [
    ("SOLVED", "CAUSATIVE", "PATHOGENIC", "confirmed"),
    ("SOLVED", "CANDIDATE", "UNCERTAIN_SIGNIFICANCE", "probable"),
    ("COMPLETED", "CONTRIBUTORY", "LIKELY_PATHOGENIC", "probable"),
    ("IN_PROGRESS", "CANDIDATE", "UNCERTAIN_SIGNIFICANCE", "suspected"),
    ("UNSOLVED", "REJECTED", "BENIGN", "suspected"),
    ("UNKNOWN_PROGRESS", "UNKNOWN_STATUS", "NOT_PROVIDED", "suspected"),
]


@pytest.mark.parametrize(("progress", "status", "acmg", "certainty"), CERTAINTIES)
def test_certainty_follows_progress_and_variant(bring, progress, status, acmg, certainty):
    given = interpretation(call(status, acmg), progress=progress)
    row = bring(packet(interpretations=[given]))
    assert Diagnosis.objects.get(case=row.case).certainty == certainty


def test_an_interpretation_in_progress_waits_for_review(bring):
    given = interpretation(call("CANDIDATE", "UNCERTAIN_SIGNIFICANCE"), progress="IN_PROGRESS")
    row = bring(packet(interpretations=[given]))
    step = Step.objects.get(case=row.case, modality="genetics", result_status="final")
    assert step.stage == "to_review"
