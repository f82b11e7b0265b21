"""A genetic report in one line, how it stands, and what cannot be in one."""

from django.core.exceptions import ValidationError

from clinical.vocabulary import humanise, vocabulary
from results.base import Flag, shorten
from results.genetics import outputs

ABNORMAL = {
    "diagnostic",
    "candidate_vus",
    "single_hit_recessive",
    "carrier",
    "incidental",
    "inconclusive",
}


def check(report):
    """Refuse (ValidationError) exons out of order and codes that the vocabulary does not know."""
    wrong = {}
    start, end = report.dmd_exon_start, report.dmd_exon_end
    if start and end and end < start:
        wrong["dmd_exon_end"] = f"Exon {end} lies before exon {start}."
    unknown = [code for code in report.tests or () if code not in vocabulary().genetic_tests]
    if unknown:
        wrong["tests"] = f"Not in the list of tests: {', '.join(unknown)}."
    for name in ("smn1_second_variant", "dmd_del_dup", "dmd_variant_class", "pmp22_dosage"):
        value = getattr(report, name)
        if value and value not in vocabulary().facts[f"gen.{name}"].values:
            wrong[name] = f"“{value}” is not one of the possible answers."
    if wrong:
        raise ValidationError(wrong)


def dmd(report):
    """ "DMD deletion, exons 45–50"; "" when dosage was not reported."""
    change, start, end = report.dmd_del_dup, report.dmd_exon_start, report.dmd_exon_end
    if change not in ("deletion", "duplication"):
        return "DMD: no deletion or duplication" if change == "none_found" else ""
    if start is None:
        return f"DMD {change}"
    where = f"exon {start}" if end in (None, start) else f"exons {start}–{end}"
    return f"DMD {change}, {where}"


def summary(report, variants):
    parts = [dmd(report)]
    for label, value in _copies(report):
        parts.append(f"{label} {value}" if value is not None else "")
    if report.pmp22_dosage not in ("", "not_tested"):
        parts.append(f"PMP22 {report.pmp22_dosage}")
    for name, gene in (
        ("cnbp_expanded", "CNBP"),
        ("ar_cag_expanded", "AR"),
        ("c9orf72_expanded", "C9orf72"),
    ):
        answer = outputs.expanded(report, name)
        parts.append("" if answer is None else f"{gene} {'' if answer else 'not '}expanded")
    parts += [f"{line.short} ({line.acmg or 'no class'})" for line in variants]
    parts.append(humanise(report.result_summary) if report.result_summary else "")
    tests = vocabulary().genetic_tests
    done = ", ".join(tests[code].label for code in report.tests or () if code in tests)
    return shorten(parts, otherwise=done or "Genetic report")


def _copies(report):
    return (
        ("SMN1 exon 7 copies", report.smn1_exon7_copies),
        ("SMN2 copies", report.smn2_copies),
        ("DMPK CTG repeats", report.dmpk_ctg_repeats),
        ("D4Z4 units", report.d4z4_units),
        ("PABPN1 GCN repeats", report.pabpn1_gcn_repeats),
    )


def flag(report, variants):
    """abnormal if anything found needs a look, normal if the report says negative, else ""."""
    found = (
        report.result_summary in ABNORMAL
        or any(line.is_pathogenic or line.acmg == "VUS" for line in variants)
        or report.dmd_del_dup in ("deletion", "duplication")
        or report.pmp22_dosage in ("deletion", "duplication")
        or (report.smn1_exon7_copies is not None and report.smn1_exon7_copies < 2)
        or (report.dmpk_ctg_repeats or 0) >= 50
        or (report.d4z4_units is not None and report.d4z4_units <= 10)
        or any(outputs.expanded(report, name) for name in outputs.EXPANDED)
    )
    if found:
        return Flag.ABNORMAL
    return Flag.NORMAL if report.result_summary == "negative" else ""
