"""Variants of an interpretation as lines of a genetic report; what contradicts itself is kept."""

import re
from dataclasses import dataclass

from interop.phenopackets.findings import fit
from results.genetics.models import GeneticResult, Variant

ACMG = {
    "PATHOGENIC": "P",
    "LIKELY_PATHOGENIC": "LP",
    "UNCERTAIN_SIGNIFICANCE": "VUS",
    "LIKELY_BENIGN": "LB",
    "BENIGN": "B",
}
ZYGOSITY = {  # Genotype Ontology
    "GENO:0000134": "hemizygous",
    "GENO:0000135": "heterozygous",
    "GENO:0000136": "homozygous",
    "GENO:0000402": "compound_heterozygous",
    "GENO:0000458": "heterozygous",
    "GENO:0000602": "homoplasmic",
    "GENO:0000603": "heteroplasmic",
    "GENO:0000604": "hemizygous",
    "GENO:0000605": "hemizygous",
}
COLUMNS = ("hgvs.c", "hgvs.g", "hgvs.p")
MITOCHONDRIAL = {"MT", "M", "CHRMT", "CHRM"}
OWN_FIELDS = {"label", "geneContext", "expressions", "vcfRecord", "structuralType", "allelicState"}
SUBSTITUTION = re.compile(
    r"^(?P<reference>[^:]*):[gm]\.(?P<pos>\d+)(?P<ref>[ACGT])>(?P<alt>[ACGT])$"
)
MITO_CHANGE = re.compile(r":m\.(.+)$")


@dataclass(frozen=True)
class Found:
    """One genomic interpretation with the interpretation it belongs to."""

    interpretation: dict
    genomic: dict

    @property
    def descriptor(self):
        call = self.genomic.get("variantInterpretation", {})
        return call.get("variationDescriptor") or call.get("variantDescriptor") or {}

    @property
    def gene(self):
        return self.genomic.get("gene") or self.descriptor.get("geneContext", {})

    @property
    def classes(self):
        return self.genomic.get("variantInterpretation", {})

    @property
    def is_causative(self):
        """Said to cause the disease, or pathogenic and not said to be rejected."""
        status = self.genomic.get("interpretationStatus", "")
        acmg = ACMG.get(self.classes.get("acmgPathogenicityClassification", ""))
        return status == "CAUSATIVE" or (acmg in ("P", "LP") and status != "REJECTED")

    @property
    def is_open(self):
        status = self.genomic.get("interpretationStatus", "")
        acmg = ACMG.get(self.classes.get("acmgPathogenicityClassification", ""))
        return not self.is_causative and (acmg == "VUS" or status in ("CANDIDATE", "CONTRIBUTORY"))


def found_in(interpretations):
    return [
        Found(interpretation, genomic)
        for interpretation in interpretations
        for genomic in interpretation.get("diagnosis", {}).get("genomicInterpretations", ())
    ]


def genes_of(found):
    """Symbols in their order, each once."""
    return list(dict.fromkeys(item.gene["symbol"] for item in found if item.gene.get("symbol")))


def report(found, *, comment, performed_on, notes):
    """An unsaved genetic report with its lines, or None when there is no variant."""
    lines = [variant(item, notes) for item in found]
    if not lines:
        return None
    builds = {line.genome_build for line in lines if line.genome_build}
    draft = GeneticResult(
        performed_on=performed_on,
        genome_build=builds.pop() if len(builds) == 1 else "",
        result_summary=_summary(found),
        method_note="Not stated in the source",
        comment=comment,
    )
    return draft.with_rows(variants=lines)


def _summary(found):
    """What the report concludes; "" where the source does not say."""
    if any(item.is_causative for item in found):
        return "diagnostic"
    return "candidate_vus" if any(item.is_open for item in found) else ""


def variant(item, notes):
    """One unsaved Variant, every expression kept."""
    given, vcf = item.descriptor, item.descriptor.get("vcfRecord", {})
    first, others = _expressions(given.get("expressions", ()))
    state, kind = given.get("allelicState", {}), given.get("structuralType", {})
    coding, extra = first.get("hgvs.c", ""), _not_modelled(item, others)
    transcript = coding.rpartition(":")[0]
    row = Variant(
        gene_symbol=item.gene.get("symbol", ""),
        hgnc_id=item.gene.get("valueId", ""),
        hgvs_c=coding,
        hgvs_g=first.get("hgvs.g", ""),
        hgvs_p=first.get("hgvs.p", ""),
        transcript=transcript if len(transcript) <= 40 else "",
        genome_build=vcf.get("genomeAssembly", ""),
        chromosome=vcf.get("chrom", ""),
        vcf_position=vcf.get("pos"),
        vcf_ref=vcf.get("ref", ""),
        vcf_alt=vcf.get("alt", ""),
        zygosity=ZYGOSITY.get(state.get("id", ""), ""),
        zygosity_term_id=state.get("id", ""),
        acmg=ACMG.get(item.classes.get("acmgPathogenicityClassification", ""), ""),
        interpretation=_status(item),
        structural_type=fit(kind.get("label", ""), 80, extra, "structuralType", kind),
        structural_term_id=kind.get("id", ""),
        label=fit(given.get("label", ""), 500, extra, "label", given.get("label")),
        external_id=fit(given.get("id", ""), 200, extra, "id", given.get("id")),
        extra=extra,
    )
    row.is_mitochondrial = _is_mitochondrial(row)
    if not (row.gene_symbol or row.hgvs_c or row.hgvs_g or row.label):
        words = given.get("description") or row.hgvs_p or row.external_id or "not described"
        row.label = words[:500]
    row.discrepancy = " ".join(_contradictions(row, others))[:500]
    if row.discrepancy:
        notes.add(f"{row.short}: {row.discrepancy}")
    return row


def _status(item):
    status = item.genomic.get("interpretationStatus", "UNKNOWN_STATUS")
    return "" if status == "UNKNOWN_STATUS" else status.lower()


def _expressions(expressions):
    """The first text of each HGVS syntax, and every expression that this does not hold."""
    first, others = {}, []
    for expression in expressions:
        syntax = expression.get("syntax", "")
        column = "hgvs.g" if syntax == "hgvs.m" else syntax
        free = column in COLUMNS and column not in first
        if free:
            first[column] = expression.get("value", "")
        if not free or column != syntax or expression.keys() - {"syntax", "value"}:
            others.append(expression)
    return first, others


def _not_modelled(item, others):
    given = item.descriptor
    extra = {name: value for name, value in given.items() if name not in OWN_FIELDS | {"id"}}
    if others:
        extra["expressions"] = others
    if left := set(item.gene) - {"symbol", "valueId"}:
        extra["gene"] = {name: item.gene[name] for name in sorted(left)}
    vcf = given.get("vcfRecord", {})
    if left := set(vcf) - {"genomeAssembly", "chrom", "pos", "ref", "alt"}:
        extra["vcf"] = {name: vcf[name] for name in sorted(left)}
    state = given.get("allelicState", {})
    if state and ZYGOSITY.get(state.get("id", "")) != state.get("label"):
        extra["allelicState"] = state
    action = item.classes.get("therapeuticActionability")
    if action and action != "UNKNOWN_ACTIONABILITY":
        extra["therapeuticActionability"] = action
    extra["subjectOrBiosampleId"] = item.genomic.get("subjectOrBiosampleId", "")
    extra["interpretationId"] = item.interpretation.get("id", "")
    return {name: value for name, value in extra.items() if value not in ("", None)}


def _is_mitochondrial(row):
    return (
        row.chromosome.upper() in MITOCHONDRIAL
        or row.gene_symbol.startswith("MT-")
        or ":m." in row.hgvs_g + row.hgvs_c
    )


def _contradictions(row, others):
    """Sentences about expressions of one variant that cannot all be right."""
    for expression in others:
        same = {"hgvs.c": row.hgvs_c, "hgvs.g": row.hgvs_g, "hgvs.p": row.hgvs_p}
        stored, value = same.get(expression.get("syntax")), expression.get("value", "")
        if stored and stored != value and _reference(stored) == _reference(value):
            yield f"{stored} and {value} are both given."
    if row.is_mitochondrial:
        yield from _mitochondrial(row)
        return
    genomic = SUBSTITUTION.search(row.hgvs_g)
    record = (row.vcf_position, row.vcf_ref, row.vcf_alt)
    told = genomic and (int(genomic["pos"]), genomic["ref"], genomic["alt"])
    if genomic and row.vcf_position and record != told:
        yield f"{row.hgvs_g} does not fit the VCF record ({_vcf(row)})."


def _mitochondrial(row):
    changes = [found[1] for text in (row.hgvs_c, row.hgvs_g) if (found := MITO_CHANGE.search(text))]
    if row.vcf_position:
        changes.append(f"{row.vcf_position}{row.vcf_ref}>{row.vcf_alt}")
    if len(set(changes)) > 1 and all(">" in change for change in changes):
        named = " and ".join(f"m.{change}" for change in dict.fromkeys(changes))
        yield f"The expressions name different changes: {named}; all are kept."
    if row.zygosity in ("heterozygous", "homozygous", "hemizygous"):
        yield f"A mitochondrial variant is given as {row.zygosity}."


def _reference(text):
    return text.rpartition(":")[0]


def _vcf(row):
    return f"{row.chromosome}:{row.vcf_position} {row.vcf_ref}>{row.vcf_alt}"
