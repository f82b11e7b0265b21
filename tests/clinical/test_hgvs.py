"""Names of variants, as laboratories write them and as fingers slip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinical.hgvs import CODING, GENOMIC, PROTEIN, change, problem

GOOD = {
    CODING: (
        "NM_004006.3:c.9337C>T",
        "c.9337C>T",
        "c.6292+1G>A",
        "c.-14G>C",
        "c.*46T>A",
        "c.76_77insT",
        "c.76_78delinsTT",
        "c.6439_7309del",
        "NM_004006.3:c.(6290+1_6291-1)_(7309+1_7310-1)del",
        "NM_000044.4:c.171GCA[41]",
        "c.[76A>C;83G>C]",
        "n.5del",
        "LRG_199t1:c.11T>G",
        "NC_000023.11(NM_004006.3):c.76A>C",
    ),
    GENOMIC: ("NC_000023.11:g.31121930G>A", "m.3243A>G", "NC_012920.1:m.3243A>G", "g.5dup"),
    PROTEIN: (
        "NP_003997.1:p.(Arg3113Ter)",
        "p.(Arg3113Ter)",
        "p.Arg3113*",
        "p.(Lys23fs)",
        "p.Lys23ProfsTer10",
        "p.Met1?",
        "p.(=)",
        "p.?",
    ),
}
BAD = [
    (CODING, "c.123", "no change"),
    (CODING, "c.123A", "no change"),
    (CODING, "c.", "ends too early"),
    (CODING, "9337C>T", "does not say “c.”"),
    (CODING, "c.9337C>", "ends too early"),
    (CODING, "c.9337G->A", "cannot be read from “>A” on"),
    (CODING, "c.93 37C>T", "space"),
    (CODING, "c.9337c>t", "A, C, G and T"),
    (CODING, "c.9337C>C", "changes nothing"),
    (CODING, "c.10_5del", "before it begins"),
    (CODING, "p.(Arg4Trp)", "expected c. or n."),
    (CODING, "foo", "does not say “c.”"),
    (GENOMIC, "c.76A>C", "expected g. or m."),
    (PROTEIN, "c.76A>C", "expected p."),
    (PROTEIN, "p.R3113X", "Ter or *"),
    (PROTEIN, "p.Arg4", "no change"),
]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in GOOD.items() for text in texts]
)
def test_what_laboratories_write_is_read(kind, text):
    assert problem(text, kind) is None


@pytest.mark.parametrize(("kind", "text", "said"), BAD)
def test_what_is_no_variant_is_refused_with_an_example(kind, text, said):
    refusal = problem(text, kind)
    assert said in refusal
    assert "Write it like" in refusal


@given(st.text(max_size=40), st.sampled_from((CODING, GENOMIC, PROTEIN)))
def test_any_text_gets_an_answer(text, kind):
    refusal = problem(text, kind)
    assert refusal is None or text in refusal


def test_one_variant_in_two_reports_has_one_change():
    assert change("NM_004006.3:c.9337C>T") == change(" c.9337C>T") == "c.9337C>T"
    assert change("p.(Arg4Trp)") == change("NP_1.1:p.Arg4Trp")
