"""Derived facts, against the vectors of the published criteria."""

from datetime import date

import pytest

from clinical.derive import CkValue, ck_raised_persistently, derive, dmd_frame, sma_genetic

# every single exon skip that restores the frame, by target and for deletions up to exon 63
BEFORE_51 = {*range(3, 7), *range(9, 12), *range(13, 18), 19, 21, *range(23, 44)}
AMENABLE = {
    51: {(a, 50) for a in BEFORE_51 | {45, 47, 48, 49, 50}} | {(52, b) for b in (52, 58, 61, 63)},
    53: {(a, 52) for a in BEFORE_51 | {45, 47, 48, 49, 50, 52}} | {(54, b) for b in (58, 61, 63)},
    45: {(a, 44) for a in (7, 12, 18, 44)}
    | {(46, b) for b in (46, 47, 48, 49, 51, 53, 55, 57, 59, 60)},
    44: {(a, 43) for a in BEFORE_51} | {(45, b) for b in (45, 54, 56, 62)},
}


@pytest.mark.parametrize(
    ("start", "end", "frame", "skippable"),
    [
        (45, 50, "out_of_frame", (51,)),
        (48, 50, "out_of_frame", (51,)),
        (52, 52, "out_of_frame", (51, 53)),
        (45, 52, "out_of_frame", (53,)),
        (44, 44, "out_of_frame", (45,)),
        (46, 47, "out_of_frame", (45,)),
        (45, 45, "out_of_frame", (44,)),
        (43, 43, "out_of_frame", (44,)),
        (45, 47, "in_frame", ()),
        (45, 55, "in_frame", ()),
        (3, 7, "out_of_frame", ()),
        (46, 52, "out_of_frame", ()),
        (53, 53, "out_of_frame", ()),
        (48, 51, "in_frame", ()),
        (51, 51, "out_of_frame", ()),
        (52, 64, "out_of_frame", ()),
        (1, 7, "not_applicable", None),
        (70, 79, "not_applicable", None),
    ],
)
def test_reading_frame_and_exon_skipping(start, end, frame, skippable):
    found = dmd_frame("deletion", start, end)
    assert (found.frame, found.skippable) == (frame, skippable)


@pytest.mark.parametrize("target", [44, 45, 51, 53])
def test_the_deletions_amenable_to_skipping_an_exon(target):
    found = {
        (start, end)
        for start in range(2, 64)
        for end in range(start, 64)
        if target in (dmd_frame("deletion", start, end).skippable or ())
    }
    assert found == AMENABLE[target]


def test_cautions_and_other_targets():
    assert "known exception" in dmd_frame("deletion", 3, 7).note
    assert "expert review" in dmd_frame("deletion", 52, 64).note
    assert dmd_frame("deletion", 3, 7, targets=range(2, 79)).skippable == (2, 8)
    assert dmd_frame("duplication", 2, 2).frame == "out_of_frame"
    with pytest.raises(ValueError, match="expected 1 <= start <= end <= 79"):
        dmd_frame("deletion", 50, 45)


@pytest.mark.parametrize(
    ("copies", "second", "fits", "expected"),
    [
        (0, None, True, "confirmed_homozygous_deletion"),
        (0, None, None, "confirmed_homozygous_deletion"),
        (1, "pathogenic", True, "confirmed_compound_heterozygous"),
        (1, "not_tested", True, "single_copy_needs_sequencing"),
        (1, "vus", True, "single_copy_needs_sequencing"),
        (1, "none_found", False, "carrier_only"),
        (1, "none_found", None, "insufficient_data"),
        (2, None, True, "5q_unlikely"),
        (None, None, True, "insufficient_data"),
        (1, "pathogenic", False, "confirmed_compound_heterozygous"),
        (2, "pathogenic", True, "insufficient_data"),
    ],
)
def test_genetic_confirmation_of_sma(copies, second, fits, expected):
    absent = ("ph.hypotonia", "ph.motor_regression", "ph.weakness_proximal")
    signs = {
        True: {"ph.hypotonia": "present"},
        False: dict.fromkeys(absent, "absent") | {"ex.weakness_pattern": ["none"]},
        None: {"ph.hypotonia": "absent"},
    }
    facts = {"gen.smn1_exon7_copies": copies, "gen.smn1_second_variant": second, **signs[fits]}
    assert sma_genetic(facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"lab.csf_ocb.value": 2}, True),
        ({"lab.csf_ocb.value": 1}, None),  # the kappa index could still be raised
        ({"lab.csf_ocb.value": 0, "lab.csf_kflc_index.value": 6.1}, False),
        ({"lab.csf_kflc_index.value": 6.2}, True),
        ({"lab.csf_kflc_index.value": 6.2, "lab.csf_kflc_index.flag": "normal"}, None),
        ({"lab.csf_kflc_index.flag": "high"}, True),
        ({}, None),
    ],
)
def test_csf_positive_for_ms(facts, expected):
    assert derive(facts).get("csf.positive_ms") is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([(1, 3.0), (15, 2.0)], True),
        ([(1, 3.0), (14, 2.0)], None),  # 13 days apart
        ([(1, 3.0)], None),
        ([], None),
        ([(15, 2.0), (1, 3.0)], True),  # in any order
        ([(1, 3.0), (20, 1.5)], False),
        ([(1, 3.0), (10, 1.0), (20, 3.0)], None),  # it was normal in between
    ],
)
def test_persistently_raised_ck(values, expected):
    assert ck_raised_persistently(CkValue(date(2026, 3, d), x) for d, x in values) is expected


def test_ck_after_exercise_does_not_count():
    values = [CkValue(date(2026, 3, 1), 9, rested=False), CkValue(date(2026, 3, 20), 9)]
    assert ck_raised_persistently(values) is None


def test_derive_adds_what_follows_and_nothing_else():
    deletion = {
        "gen.dmd_del_dup": "deletion",
        "gen.dmd_exon_start": 45,
        "gen.dmd_exon_end": 50,
    }
    found = derive({**deletion, "pt.sex": None})
    added = {"crit.dmd_frame": "out_of_frame", "gen.exon_skip_amenable": [51]}
    assert found == deletion | added
    assert derive({}) == {}
    assert derive({"gen.dmd_exon_start": 45, "gen.dmd_exon_end": 50}).keys().isdisjoint(added)
    assert "crit.dmd_frame" not in derive(deletion | {"gen.dmd_exon_end": 80})
    duplication = derive(deletion | {"gen.dmd_del_dup": "duplication"})
    assert "gen.exon_skip_amenable" not in duplication


def test_what_a_person_recorded_is_not_overruled():
    facts = {"csf.positive_ms": False, "lab.csf_ocb.value": 5}
    assert derive(facts)["csf.positive_ms"] is False
