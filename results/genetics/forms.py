"""The genetic report as a form: the tests asked for, their outputs, the variants."""

from clinical.vocabulary import humanise, vocabulary
from results import fields
from results.genetics.family import FamilyGrid
from results.genetics.grids import VariantGrid
from results.genetics.models import GeneticResult
from results.genetics.outputs import REPEATS
from results.recordform import PLUMBING, RecordForm, Section

_BOOK = vocabulary()
FACT_COLUMNS = (
    "smn1_second_variant",
    "dmd_del_dup",
    "dmd_variant_class",
    "pmp22_dosage",
    "ttr_result",
    "gaa_result",
    "als_panel_gene",
)
OUTPUTS_OF = {  # test → columns that its report fills
    "smn1_mlpa": ("smn1_exon7_copies", "smn1_exon8_copies", "smn2_copies"),
    "smn1_seq": ("smn1_second_variant",),
    "dmd_mlpa": ("dmd_del_dup", "dmd_exon_start", "dmd_exon_end", "exon_skip_amenable"),
    "dmd_seq": ("dmd_variant_class", "exon_skip_amenable"),
    "fshd_d4z4": ("d4z4_units", "d4z4_permissive"),
    "dmpk_ctg": ("dmpk_ctg_repeats",),
    "cnbp_cctg": ("cnbp_expanded", "cnbp_cctg_repeats"),
    "pabpn1_gcn": ("pabpn1_gcn_repeats",),
    "ar_cag": ("ar_cag_expanded", "ar_cag_repeats"),
    "c9orf72_rp": ("c9orf72_expanded", "c9orf72_repeats"),
    "als_panel": ("als_panel_gene",),
    "pmp22_mlpa": ("pmp22_dosage",),
    "ttr_seq": ("ttr_result",),
    "gaa_seq": ("gaa_result",),
}
CONSENT = ("consent", "consent_on", "counselled_on", "counselled_by")
NOT_COVERED = (  # what a method may not see; which of them applies is the laboratory's word
    ("deletions_duplications", "deletions and duplications of exons"),
    ("repeat_expansions", "repeat expansions"),
    ("deep_intronic", "deep intronic variants"),
    ("regulatory", "promoter and regulatory regions"),
    ("pseudogene_regions", "regions with a pseudogene"),
    ("low_mosaicism", "low-level mosaicism"),
    ("mitochondrial_dna", "mitochondrial DNA"),
    ("methylation", "methylation"),
    ("low_coverage", "genes read too thinly"),
)
OUTPUTS = tuple(dict.fromkeys(column for columns in OUTPUTS_OF.values() for column in columns))
TITLES = (
    ("SMN1 and SMN2", ("smn1_mlpa", "smn1_seq")),
    ("DMD", ("dmd_mlpa", "dmd_seq")),
    ("D4Z4 (FSHD)", ("fshd_d4z4",)),
    ("Repeats", ("dmpk_ctg", "cnbp_cctg", "pabpn1_gcn", "ar_cag", "c9orf72_rp")),
    ("PMP22, TTR, GAA", ("pmp22_mlpa", "ttr_seq", "gaa_seq")),
    ("ALS panel", ("als_panel",)),
)


def _section(title, tests):
    columns = dict.fromkeys(column for test in tests for column in OUTPUTS_OF[test])
    return Section(title, tuple(columns))


class GeneticForm(RecordForm):
    PERFORMED = "Sample taken on"
    PREFIXES = ("gen",)
    CHOICES = {
        "result_summary": list(_BOOK.enums["genetic_result_summary"].items()),
        "consent": list(_BOOK.facts["hx.consent_genetic_testing"].labels.items()),
        **{name: list(_BOOK.facts[f"gen.{name}"].labels.items()) for name in FACT_COLUMNS},
    }
    CODES = {"tests": fields.labelled(_BOOK.genetic_tests), "not_covered": NOT_COVERED}
    CAPTURE_OF = {
        "counselled_on": "genetic_counselling_consent",
        "dmpk_ctg_repeats": "dmpk_ctg",
    }
    SECTIONS = (
        Section("Conclusion", ("result_summary", "not_covered"), always=True),
        *(_section(title, tests) for title, tests in TITLES),
        Section("Variants", grids=(VariantGrid,), always=True),
        Section("Family", grids=(FamilyGrid,), always=True),
        Section("Consent and counselling", CONSENT),
        Section("Tests done", ("tests",)),
        Section(
            "Laboratory and method",
            (
                "accession",
                "sample_type",
                "method_note",
                "genome_build",
                "genes_covered",
                "limitations",
                "reanalysis_on",
            ),
        ),
        Section("Comment", ("comment",), always=True),
    )

    exon_skip_amenable = fields.NumbersField(
        label="Amenable to skipping of exon", required=False, help_text="51, 53"
    )

    class Meta(RecordForm.Meta):
        model = GeneticResult
        fields = [
            *PLUMBING,
            "tests",
            "result_summary",
            "not_covered",
            *OUTPUTS,
            *CONSENT,
            "accession",
            "sample_type",
            "method_note",
            "genome_build",
            "genes_covered",
            "limitations",
            "reanalysis_on",
        ]

    def first_guess(self):
        asked = [code for code in self.asked_codes("gen") if code in _BOOK.genetic_tests]
        return {"tests": asked}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if "reanalysis_on" in self.fields:  # a day to come, not one that was
            self.fields["reanalysis_on"] = fields.coming_day(self.fields["reanalysis_on"].label)

        for column, test in REPEATS.items():
            self.fields[column].help_text = bands_in_words(_BOOK.genetic_tests[test])

    def has_place_for(self, capture):
        own = ("other:genetic_counselling_consent",)
        return capture in own or super().has_place_for(capture)

    def _is_open(self, section, bound, grids):
        asked = {column for code in self.asked_codes("gen") for column in OUTPUTS_OF.get(code, ())}
        return bool(asked & {field.name for field in bound}) or super()._is_open(
            section, bound, grids
        )


def bands_in_words(test):
    """ "normal 5–34, premutation 35–49, affected ≥ 50": the bands of the vocabulary."""
    return ", ".join(f"{humanise(band.code).lower()} {_range(band)}" for band in test.bands)


def _range(band):
    if band.low is None:
        return f"≤ {band.high}"
    if band.high is None:
        return f"≥ {band.low}"
    return f"{band.low}" if band.low == band.high else f"{band.low}–{band.high}"
