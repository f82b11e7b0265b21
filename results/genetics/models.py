"""One report of a genetic laboratory: what was tested, its typed outputs, its variants."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from clinical import hgvs
from clinical.vocabulary import vocabulary
from patients.models import tracked
from results import limits
from results.base import Result, Row, count, row_of, text, word, words, yes_no
from results.genetics import outputs, report

LIMITS = {
    "smn1_exon7_copies": (0, 10),
    "smn1_exon8_copies": (0, 10),
    "smn2_copies": (0, 10),
    "dmd_exon_start": (1, 79),
    "dmd_exon_end": (1, 79),
    "dmpk_ctg_repeats": (0, 10_000),
    "cnbp_cctg_repeats": (0, 15_000),
    "ar_cag_repeats": (0, 200),
    "pabpn1_gcn_repeats": (0, 30),
    "c9orf72_repeats": (0, 10_000),
    "d4z4_units": (0, 200),
}


@tracked
class GeneticResult(Result):
    """Outputs are typed columns; what a report does not state stays empty."""

    ROWS = ("variants", "family_tests")
    LIMITS = LIMITS
    LOOK_AGAIN = {
        "code": "variant_review",
        "label": "Variant of uncertain significance: look again",
        "captures": ("other:variant_review",),
    }

    consent = word("consent")
    consent_on = models.DateField("consent given or declined on", null=True, blank=True)
    counselled_on = models.DateField("counselled before the test on", null=True, blank=True)
    counselled_by = text("counselled by")
    tests = words("tests done")
    accession = text("laboratory number", 60)
    sample_on = models.DateField("sample taken", null=True, blank=True)
    sample_type = text("sample", 40)
    method_note = text("method as the report names it", 300)
    genome_build = text("genome build", 20)
    genes_covered = models.TextField("genes covered", blank=True)
    not_covered = words("not covered by this method")
    limitations = models.TextField("limitations of the method", blank=True)
    result_summary = word("conclusion of the report")
    reanalysis_on = models.DateField("look again at", null=True, blank=True)
    smn1_exon7_copies = count("SMN1 exon 7 (copies)")
    smn1_exon8_copies = count("SMN1 exon 8 (copies)")
    smn1_second_variant = word("SMN1, second variant")
    smn2_copies = count("SMN2 (copies)")
    dmd_del_dup = word("DMD deletion or duplication")
    dmd_exon_start = count("DMD, first exon")
    dmd_exon_end = count("DMD, last exon")
    dmd_variant_class = word("DMD, class of the small variant")
    exon_skip_amenable = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="amenable to skipping of exon",
        null=True,
        blank=True,
    )
    dmpk_ctg_repeats = count("DMPK CTG (repeats)")
    cnbp_cctg_repeats = count("CNBP CCTG (repeats)")
    cnbp_expanded = yes_no("CNBP expanded")
    ar_cag_repeats = count("AR CAG (repeats)")
    ar_cag_expanded = yes_no("AR expanded")
    pabpn1_gcn_repeats = count("PABPN1 GCN (repeats)")
    c9orf72_repeats = count("C9orf72 GGGGCC (repeats)")
    c9orf72_expanded = yes_no("C9orf72 expanded")
    d4z4_units = count("D4Z4 (units)")
    d4z4_permissive = yes_no("D4Z4 on a permissive haplotype (4qA)")
    pmp22_dosage = word("PMP22 dosage")
    ttr_result = word("TTR")
    gaa_result = word("GAA")
    als_panel_gene = word("ALS panel, gene")

    class Meta(Result.Meta):
        verbose_name = "genetic report"
        constraints = [
            *Result.Meta.constraints,
            *limits.constraints("genetics", LIMITS),
            models.CheckConstraint(
                name="results_genetics_exons_in_order",
                condition=Q(dmd_exon_end=None)
                | Q(dmd_exon_start=None)
                | Q(dmd_exon_end__gte=F("dmd_exon_start")),
                violation_error_message="The last exon cannot lie before the first.",
            ),
        ]

    def clean(self):
        super().clean()
        report.check(self)

    @property
    def rows_of_variants(self):
        return self.rows("variants")

    def explained(self):
        return outputs.meanings(self)

    def look_again_on(self):
        days = [line.review_on for line in self.rows("variants") if line.acmg == "VUS"]
        return min(filter(None, days), default=None)

    def facts(self):
        return outputs.facts(self, self.rows("variants"))

    def captures(self):
        counselled = self.counselled_on and self.consent == "given"
        return (
            *(f"gen:{code}" for code in self.tests or ()),
            *(("other:genetic_counselling_consent",) if counselled else ()),
            *(("other:family_cascade",) if outputs.carriers(self.rows("family_tests")) else ()),
            *(self.also_done or ()),
        )

    def summary(self):
        return report.summary(self, self.rows("variants"))

    def flag(self):
        return report.flag(self, self.rows("variants"))


@tracked
class Variant(Row):
    """One variant, as reported. `extra`: what we do not model; `discrepancy`: what conflicts."""

    result = row_of(GeneticResult, "variants")
    gene_symbol = text("gene", 40)
    hgnc_id = text("HGNC id", 20)
    hgvs_c = models.TextField("HGVS, coding", blank=True)
    hgvs_g = models.TextField("HGVS, genomic", blank=True)
    hgvs_p = models.TextField("HGVS, protein", blank=True)
    transcript = text("transcript", 40)
    genome_build = text("genome build", 20)
    chromosome = text("chromosome", 40)
    vcf_position = models.PositiveBigIntegerField("position (bp)", null=True, blank=True)
    vcf_ref = models.TextField("reference", blank=True)
    vcf_alt = models.TextField("alternative", blank=True)
    zygosity = word("zygosity")
    zygosity_term_id = text("zygosity as a term", 20)
    phase = word("phase", 8)
    acmg = word("ACMG class", 4)
    review_on = models.DateField("look at the class again on", null=True, blank=True)
    acmg_before = word("ACMG class before", 4)
    reclassified_on = models.DateField("class changed on", null=True, blank=True)
    reclassified_because = text("why the class changed", 300)
    interpretation = word("interpretation", 20)
    structural_type = text("kind of structural variant", 80)
    structural_term_id = text("kind as a term", 20)
    label = text("as described", 500)
    is_mitochondrial = models.BooleanField("in mitochondrial DNA", default=False)
    external_id = text("identifier as given", 200)
    note = text("note", 500)
    discrepancy = text("what contradicts itself in the source", 500)
    extra = models.JSONField("what we do not model, as given", default=dict, blank=True)

    class Meta(Row.Meta):
        verbose_name = "variant"
        constraints = [
            models.CheckConstraint(
                name="results_variant_says_something",
                condition=~Q(gene_symbol="") | ~Q(hgvs_c="") | ~Q(hgvs_g="") | ~Q(label=""),
                violation_error_message="A variant needs its gene or its description.",
            )
        ]

    @property
    def is_pathogenic(self):
        """ACMG class 4 or 5; without a class, what the interpretation calls causative."""
        return self.acmg in ("P", "LP") or (not self.acmg and self.interpretation == "causative")

    @property
    def alleles(self):
        return 2 if self.zygosity in ("homozygous", "homoplasmic") else 1

    @property
    def title(self):
        return self.short or f"Variant {self.position + 1}"

    @property
    def told(self):
        protein = self.hgvs_p.split(":")[-1]
        genome = f"{self.chromosome}:{self.vcf_position} {self.vcf_ref}>{self.vcf_alt}"
        parts = (
            protein,
            self.hgvs_g if self.hgvs_c else "",
            genome if self.vcf_position else "",
            self.zygosity.replace("_", " "),
            self.phase,
            self._class_in_words(),
            self.interpretation,
            self.structural_type.replace("_", " "),
            f"contradiction in the source: {self.discrepancy}" if self.discrepancy else "",
            self.note,
        )
        return ", ".join(part for part in parts if part) or self.label

    def _class_in_words(self):
        names = vocabulary().acmg
        parts = [names.get(self.acmg, self.acmg).lower()]
        if self.acmg_before:
            parts.append(
                f"reclassified on {self.reclassified_on:%-d %b %Y} from "
                f"{names.get(self.acmg_before, self.acmg_before).lower()}: "
                f"{self.reclassified_because}"
            )
        if self.review_on:
            parts.append(f"look again on {self.review_on:%-d %b %Y}")
        return ", ".join(part for part in parts if part)

    @property
    def change(self):
        """What reports of one family have in common: gene and change, without a transcript."""
        return self.gene_symbol, hgvs.change(self.hgvs_c or self.hgvs_g or self.label)

    @property
    def mark(self):
        return "high" if self.is_pathogenic else ""

    @property
    def short(self):
        """Without the transcript: "AGRN c.5611G>A"; a structural one by its description."""
        expression = self.hgvs_c or self.hgvs_g or self.hgvs_p
        return f"{self.gene_symbol} {expression.split(':')[-1] or self.label}".strip()


class Carries(models.TextChoices):
    YES = "yes", "Carries it"
    NO = "no", "Does not carry it"
    ASKED = "asked", "Test asked for"
    DECLINED = "declined", "Declined"


class WithRelative(models.Manager):
    """Its title names the relative, so she is read along."""

    def get_queryset(self):
        return super().get_queryset().select_related("relative")


@tracked
class FamilyTest(Row):
    """A relative tested for one variant of this report: its place in the list of variants."""

    result = row_of(GeneticResult, "family_tests")
    relative = models.ForeignKey(
        "patients.Relative", models.PROTECT, related_name="+", db_constraint=False
    )
    variant = models.PositiveSmallIntegerField("variant number", default=1)
    carries = models.CharField("outcome", max_length=8, choices=Carries.choices)
    zygosity = word("zygosity")
    tested_on = models.DateField("tested on", null=True, blank=True)
    note = text("note", 300)

    objects = WithRelative()

    class Meta(Row.Meta):
        verbose_name = "test of a relative"
        constraints = [
            models.CheckConstraint(
                name="results_familytest_outcome_known",
                condition=Q(carries__in=Carries.values),
            ),
            models.UniqueConstraint(
                name="results_familytest_once", fields=["result", "relative", "variant"]
            ),
        ]

    @property
    def title(self):
        return f"{self.relative.relation}, variant {self.variant}"

    @property
    def told(self):
        parts = (
            self.get_carries_display().lower(),
            self.zygosity.replace("_", " "),
            f"{self.tested_on:%-d %b %Y}" if self.tested_on else "",
            self.note,
        )
        return ", ".join(part for part in parts if part)
