"""The vocabulary: labels for people, limits, flags, captures, fact types."""

import pytest

from clinical.vocabulary import humanise, in_sentence, plain_unit, vocabulary


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("days_onset_to_nadir", "Days onset to nadir"),
        ("ck", "CK"),
        ("mri_report", "MRI report"),
        ("smn1_exon7_copies", "SMN1 exon7 copies"),
        ("limb_girdle", "Limb-girdle"),
        ("mtdna_deletion", "mtDNA deletions"),
    ],
)
def test_a_code_becomes_a_label(code, label):
    assert humanise(code) == label


@pytest.mark.parametrize(
    ("label", "inside"),
    [
        ("Muscle weakness", "muscle weakness"),
        ("CK", "CK"),
        ("Gowers sign", "Gowers sign"),
        ("Anti-HMGCR", "anti-HMGCR"),
        ("EMG and nerve conduction", "EMG and nerve conduction"),
    ],
)
def test_inside_a_sentence_names_and_acronyms_keep_their_capitals(label, inside):
    assert in_sentence(label) == inside


def test_units_are_written_as_people_do():
    assert [plain_unit(u) for u in ("cm[H2O]", "{cells}/uL", "m[IU]/L", "umol/L", "U/L")] == [
        "cmH2O",
        "cells/µL",
        "mIU/L",
        "µmol/L",
        "U/L",
    ]


def test_every_row_has_a_label_without_underscores():
    known = vocabulary()
    tables = [known.phenotypes, known.history_items, known.gait, known.treatments, known.criteria]
    labels = [item.label for table in tables for item in table.values()]
    labels += [label for enum in known.enums.values() for label in enum.values()]
    labels += [fact.label for fact in known.facts.values()]
    assert all(labels)
    assert not [label for label in labels if "_" in label]


@pytest.mark.parametrize(
    ("sex", "age", "limits"),
    [
        ("male", 30, (40, 200)),
        ("female", 30, (30, 170)),
        ("male", 17.9, (40, 250)),  # completed years count
        ("unknown", 4, (40, 250)),
        ("unknown", 30, (None, None)),
        ("male", None, (None, None)),  # an unknown age picks no interval
    ],
)
def test_limits_of_ck_by_sex_and_age(sex, age, limits):
    assert vocabulary().analytes["ck"].limits(sex, age) == limits


@pytest.mark.parametrize(
    ("analyte", "value", "low", "high", "flag"),
    [
        ("ck", 15000, 40, 250, "critical_high"),
        ("ck", 5000, 40, 250, "high"),
        ("ck", 250, 40, 250, "normal"),
        ("ck", 39, 40, 250, "low"),
        ("potassium", 2.7, 3.5, 5.1, "critical_low"),
        ("potassium", 7, None, None, "critical_high"),
        ("crp", 3, None, 5, "normal"),
        ("crp", 3, None, None, None),  # without a limit nobody can tell
    ],
)
def test_flags(analyte, value, low, high, flag):
    assert vocabulary().analytes[analyte].flag(value, low, high) == flag


def test_multiple_of_the_upper_limit():
    ck = vocabulary().analytes["ck"]
    assert ck.x_uln(15000, 250) == 60
    assert ck.x_uln(15000, None) is None


def test_captures_resolve_expand_and_have_labels():
    known = vocabulary()
    assert known.capture_label("lab:ck") == "Creatine kinase"
    assert known.capture_label("bx:muscle") == "Muscle biopsy"
    assert known.capture_label("lab:nothing_known") == "Nothing known"
    assert known.expand_capture("lab:panel_csf")[0] == "lab:csf_wbc"
    assert known.expand_capture("exam:mrc_set_core") == ("exam:mrc_set_core",)


def test_phenotypes_by_hpo():
    assert vocabulary().by_hpo("HP:0001324").code == "weakness"
    assert vocabulary().by_hpo("HP:9999999") is None


def test_every_gene_of_a_disorder_or_test_is_listed():
    known = vocabulary()
    named = {gene for disorder in known.disorders.values() for gene in disorder.genes}
    named |= {gene for test in known.genetic_tests.values() for gene in test.genes}
    assert named <= set(known.genes)


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("pt.age_years", 4.5, None),
        ("pt.age_years", True, "a number"),
        ("pt.age_years", float("nan"), "a number"),
        ("pt.sex", "male", None),
        ("pt.sex", "unknown", "one of female, male"),
        ("ph.gowers", "present", None),
        ("ph.gowers", "unknown", "one of present, absent"),
        ("ex.mrc_sum", 61, "at most 60"),
        ("ex.mrc_sum", 3.5, "a whole number"),
        ("ex.weakness_pattern", ["axial"], None),
        ("ex.weakness_pattern", ["axal"], "a list of proximal"),
        ("gen.exon_skip_amenable", [51], None),
        ("gen.exon_skip_amenable", ["51"], "a list of whole numbers"),
        ("hx.medications", ["anything"], None),
        ("mri.dit", 1, "true or false"),
        ("lab.ck.flag", "high", None),
        ("dx.dmd", "confirmed", None),
        ("step.md_ck", "ready", None),
        ("pathway.als", "open", "one of inactive, active, closed"),
    ],
)
def test_a_fact_type_says_what_may_be_stored(path, value, expected):
    problem = vocabulary().fact(path).problem(value)
    assert (problem is None) if expected is None else f"(expected {expected}" in problem


def test_urgencies_leave_days_until_the_first_review():
    days = [one.max_days_to_first_review for one in vocabulary().urgencies.values()]
    assert days == [0, 14, 42, 126]


def test_an_unknown_fact_has_no_type():
    assert vocabulary().fact("lab.cck.value") is None
