"""Three-valued logic, and conditions in words."""

from itertools import product

import pytest

from clinical.conditions import All, Any, Comparison, Not, in_words, parse
from clinical.vocabulary import vocabulary

TRUE = Comparison("pt.age_years", "gte", 0)
FALSE = Comparison("pt.age_years", "lt", 0)
UNKNOWN = Comparison("ex.mrc_sum", "gte", 0)
OF = {True: TRUE, False: FALSE, None: UNKNOWN}
FACTS = {"pt.age_years": 4, "pt.sex": "unknown", "ex.weakness_pattern": ["proximal", "axial"]}


@pytest.mark.parametrize(("a", "b"), list(product([True, False, None], repeat=2)))
def test_all_and_any_follow_the_truth_tables(a, b):
    both = All((OF[a], OF[b])).judge(FACTS)
    either = Any((OF[a], OF[b])).judge(FACTS)
    assert both.truth is (False if False in (a, b) else None if None in (a, b) else True)
    assert either.truth is (True if True in (a, b) else None if None in (a, b) else False)


@pytest.mark.parametrize(("inner", "expected"), [(True, False), (False, True), (None, None)])
def test_not_leaves_the_unknown_unknown(inner, expected):
    assert Not(OF[inner]).judge(FACTS).truth is expected


@pytest.mark.parametrize(
    ("fact", "op", "value", "expected"),
    [
        ("pt.age_years", "eq", 4, True),
        ("pt.age_years", "ne", 4, False),
        ("pt.age_years", "lt", 4, False),
        ("pt.age_years", "lte", 4, True),
        ("pt.age_years", "gt", 3.9, True),
        ("pt.age_years", "gte", 5, False),
        ("pt.age_years", "in", [3, 4], True),
        ("pt.age_years", "not_in", [3, 4], False),
        ("ex.weakness_pattern", "contains", "axial", True),
        ("ex.weakness_pattern", "contains", "ocular", False),
        ("ex.weakness_pattern", "contains_any", ["ocular", "axial"], True),
        ("ex.weakness_pattern", "eq", "axial", None),  # a list has no single value
        ("pt.age_years", "contains", 4, None),
        ("pt.sex", "eq", "male", None),  # a stored `unknown` is no fact
        ("pt.sex", "ne", "male", None),
        ("pt.sex", "missing", True, True),
        ("pt.sex", "exists", True, False),
        ("pt.sex", "exists", False, True),
        ("pt.age_years", "missing", True, False),
        ("pt.age_years", "lt", "five", None),  # what cannot be compared is not false
        ("dx.dmd", "eq", "not_considered", True),  # never missing
        ("dx.dmd", "missing", True, False),
        ("step.tri_labs", "eq", "inactive", True),
        ("pathway.als", "eq", "inactive", True),
    ],
)
def test_a_comparison_has_three_outcomes(fact, op, value, expected):
    assert parse({"fact": fact, "op": op, "value": value}).judge(FACTS).truth is expected


def test_true_is_not_the_number_one():
    assert Comparison("ex.mrc_sum", "eq", 1).judge({"ex.mrc_sum": True}).truth is False


def test_a_judgement_names_the_facts_that_carry_it_and_those_that_would_settle_it():
    open_ = All((TRUE, UNKNOWN)).judge(FACTS)
    assert (open_.used, open_.missing) == ({"pt.age_years": 4}, ("ex.mrc_sum",))
    settled = Any((TRUE, UNKNOWN)).judge(FACTS)
    assert (settled.used, settled.missing) == ({"pt.age_years": 4}, ())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (3, "expected {fact, op, value}, all, any or not"),
        ({"all": []}, "at least one condition"),
        ({"all": [], "any": []}, "exactly one of all, any, not"),
        ({"fact": "pt.sex", "op": "eq"}, "expected exactly fact, op and value"),
        ({"fact": "pt.sex", "op": "is", "value": 1}, "unknown operator 'is'"),
        ({"not": {"any": [4]}}, "is no condition"),
    ],
)
def test_a_malformed_condition_is_refused_with_what_was_expected(raw, expected):
    with pytest.raises(ValueError) as refused:
        parse(raw)
    assert expected in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"fact": "lab.ck.x_uln", "op": "gte", "value": 5}, "CK at least 5 × the upper limit"),
        ({"fact": "pt.age_years", "op": "lt", "value": 18}, "age under 18 years"),
        ({"fact": "pt.age_years", "op": "gte", "value": 1}, "age at least 1 year"),
        ({"fact": "gen.smn1_exon7_copies", "op": "eq", "value": 0}, "SMN1 exon 7 copies = 0"),
        ({"fact": "gen.smn1_exon7_copies", "op": "ne", "value": 0}, "SMN1 exon 7 copies ≠ 0"),
        ({"fact": "ph.gowers", "op": "eq", "value": "present"}, "Gowers sign"),
        ({"fact": "ph.gowers", "op": "eq", "value": "absent"}, "no Gowers sign"),
        ({"not": {"fact": "ph.gowers", "op": "eq", "value": "present"}}, "no Gowers sign"),
        ({"fact": "mri.dit", "op": "eq", "value": False}, "no dissemination in time on MRI"),
        (
            {"fact": "dx.dmd", "op": "in", "value": ["suspected", "confirmed"]},
            "Duchenne muscular dystrophy suspected or confirmed",
        ),
        (
            {"fact": "hx.progression", "op": "not_in", "value": ["acute", "static"]},
            "course is not acute or static",
        ),
        ({"fact": "lab.hmgcr_ab.flag", "op": "eq", "value": "high"}, "anti-HMGCR is high"),
        ({"fact": "pt.sex", "op": "missing", "value": True}, "sex not known"),
        ({"not": {"fact": "pt.sex", "op": "missing", "value": True}}, "sex known"),
        (
            {"fact": "ex.weakness_pattern", "op": "contains", "value": "limb_girdle"},
            "pattern of weakness includes limb-girdle",
        ),
        ({"fact": "step.md_ck", "op": "eq", "value": "ready"}, "CK test is ready"),
        ({"fact": "resp.fvc_ml_kg", "op": "lt", "value": 20}, "vital capacity below 20 mL/kg"),
    ],
)
def test_a_comparison_reads_well(raw, words):
    assert in_words(parse(raw), vocabulary(), {"md_ck": "CK test"}) == words


def test_nested_conditions_keep_their_grouping_in_words():
    age = {"fact": "pt.age_years", "op": "lt", "value": 18}
    ck = {"fact": "lab.ck.x_uln", "op": "gte", "value": 5}
    calves = {"fact": "ph.calf_hypertrophy", "op": "eq", "value": "present"}
    words = in_words(parse({"all": [{"any": [ck, calves]}, age]}), vocabulary())
    assert words == "(CK at least 5 × the upper limit or enlarged calves), and age under 18 years"
    neither = in_words(parse({"not": {"any": [age, calves]}}), vocabulary())
    assert neither == "age at least 18 years, and no enlarged calves"
