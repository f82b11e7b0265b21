"""Facts of a genetic report: what it states, and what follows from its variants.

Thresholds: genetics.tests in the vocabulary (CNBP ≥ 75, AR ≥ 38, C9orf72 > 30 repeats).
"""

import re

from clinical.vocabulary import humanise, vocabulary
from results.base import known

SUMMARY_OF = {  # tests whose conclusion is a fact of its own; the other panels share one
    "channelopathy_panel": "gen.channelopathy_summary",
    "cms_panel": "gen.cms_summary",
    "exome_genome": "gen.exome_summary",
}
SHARED_SUMMARY = "gen.panel_summary"
PANEL_TYPES = {"targeted_panel", "mtdna_sequencing", "mtdna_deletion"}
STATED = (
    "smn1_exon7_copies",
    "smn2_copies",
    "dmd_del_dup",
    "dmd_exon_start",
    "dmd_exon_end",
    "exon_skip_amenable",
    "d4z4_units",
    "d4z4_permissive",
    "pmp22_dosage",
)
REPEATS = {  # column → the test that knows what its number means
    "dmpk_ctg_repeats": "dmpk_ctg",
    "cnbp_cctg_repeats": "cnbp_cctg",
    "ar_cag_repeats": "ar_cag",
    "pabpn1_gcn_repeats": "pabpn1_gcn",
    "c9orf72_repeats": "c9orf72_rp",
}
EXPANDED = {  # column of the answer → column of the repeats, fewest repeats that are expanded
    "cnbp_expanded": ("cnbp_cctg_repeats", 75),
    "ar_cag_expanded": ("ar_cag_repeats", 38),
    "c9orf72_expanded": ("c9orf72_repeats", 31),
}


def facts(report, variants):
    """gen.* that the report established."""
    found = {f"gen.{name}": getattr(report, name) for name in STATED}
    found["gen.dmpk_ctg"] = report.dmpk_ctg_repeats
    found |= {f"gen.{name}": expanded(report, name) for name in EXPANDED}
    found["gen.smn1_second_variant"] = report.smn1_second_variant or _verdict(
        report, variants, "SMN1", "smn1_seq", "none_found"
    )
    found["gen.ttr_result"] = report.ttr_result or _verdict(
        report, variants, "TTR", "ttr_seq", "negative"
    )
    found["gen.gaa_result"] = report.gaa_result or _gaa(report, variants)
    found["gen.dmd_variant_class"] = report.dmd_variant_class or _dmd_class(report, variants)
    found["gen.als_panel_gene"] = report.als_panel_gene or _als_gene(report, variants)
    found["hx.consent_genetic_testing"] = report.consent
    found |= _summaries(report)
    known_values = vocabulary().facts
    return {
        path: value
        for path, value in known(**found).items()
        if known_values[path].problem(value) is None
    }


def meanings(report):
    """{column of repeats: its band in words}, by the ranges of the vocabulary."""
    tests = vocabulary().genetic_tests
    return {
        column: humanise(tests[test].band(getattr(report, column))).lower()
        for column, test in REPEATS.items()
        if getattr(report, column) is not None and tests[test].band(getattr(report, column))
    }


def carriers(family_tests):
    """Tests of relatives that have an outcome: cascade testing has been done."""
    return [line for line in family_tests if line.carries in ("yes", "no")]


def expanded(report, name):
    """Stated, or read from the number of repeats; None when neither is known."""
    stated = getattr(report, name)
    repeats_column, fewest = EXPANDED[name]
    repeats = getattr(report, repeats_column)
    if stated is not None or repeats is None:
        return stated
    return repeats >= fewest


def _summaries(report):
    if not report.result_summary:
        return {}
    types = vocabulary().genetic_tests
    tests = report.tests or ()
    found = {SUMMARY_OF[test]: report.result_summary for test in tests if test in SUMMARY_OF}
    shared = any(
        test not in SUMMARY_OF and test in types and types[test].type in PANEL_TYPES
        for test in tests
    )
    if shared or not tests:  # a report that names no test: all we know is its conclusion
        found[SHARED_SUMMARY] = report.result_summary
    return found


def _of(variants, gene):
    return [variant for variant in variants if variant.gene_symbol == gene]


def _tested_negative(report, test):
    return test in (report.tests or ()) and report.result_summary == "negative"


def _verdict(report, variants, gene, test, negative):
    """pathogenic, vus or `negative`; None when the gene was not looked at."""
    found = _of(variants, gene)
    if any(variant.is_pathogenic for variant in found):
        return "pathogenic"
    if any(variant.acmg == "VUS" for variant in found):
        return "vus"
    return negative if _tested_negative(report, test) else None


def _gaa(report, variants):
    alleles = sum(variant.alleles for variant in _of(variants, "GAA") if variant.is_pathogenic)
    if alleles:
        return "two_pathogenic" if alleles > 1 else "one_pathogenic"
    return "negative" if _tested_negative(report, "gaa_seq") else None


def _als_gene(report, variants):
    named = vocabulary().facts["gen.als_panel_gene"].values
    panel = vocabulary().genetic_tests["als_panel"].genes
    for variant in variants:
        if variant.is_pathogenic and variant.gene_symbol in named:
            return variant.gene_symbol
        if variant.is_pathogenic and variant.gene_symbol in panel:
            return "other"
    return "none_found" if _tested_negative(report, "als_panel") else None


def _dmd_class(report, variants):
    for variant in _of(variants, "DMD"):
        if variant.is_pathogenic and variant.hgvs_c:
            return small_variant_class(variant.hgvs_c, variant.hgvs_p)
    return "none_found" if _tested_negative(report, "dmd_seq") else None


def small_variant_class(coding, protein):
    """Class of a small variant by its HGVS text; None where the text does not decide."""
    protein = protein.split(":")[-1]
    if "fs" in protein:
        return "frameshift"
    if "Ter" in protein or "*" in protein:
        return "nonsense"
    if re.search(r"\d[+-][12](?!\d)", coding.split(":")[-1]):
        return "splice"
    if re.search(r"p\.\(?[A-Z][a-z]{2}\d+[A-Z][a-z]{2}\)?$", protein):
        return "missense"
    return None
