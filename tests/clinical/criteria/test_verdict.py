"""A decided category never moves when something unknown is learned."""

from hypothesis import given
from hypothesis import strategies as st

from clinical.criteria import (
    Neurons,
    awaji_2008,
    brighton_gbs,
    el_escorial_revised,
    gold_coast_2020,
    mcdonald_2017,
    mcdonald_2024,
)
from clinical.criteria.als import REGIONS

MAYBE = st.sampled_from((True, False, None))
SIGNS = st.fixed_dictionaries({region: MAYBE for region in REGIONS[:3]})
NUMBER = st.sampled_from((None, 0, 1, 2, 3))


def yes_no(*names):
    return {name: MAYBE for name in names}


CRITERIA = {
    "gold_coast": (
        gold_coast_2020,
        {**yes_no("progressive", "others_excluded"), "upper": SIGNS, "lower": SIGNS},
    ),
    "mcdonald_2017": (
        mcdonald_2017,
        {
            "attacks": NUMBER,
            "lesions": NUMBER,
            "cord_lesions": NUMBER,
            "months_progressive": st.sampled_from((None, 6, 18)),
            **yes_no("better_explanation", "history_elsewhere", "dis", "dit", "bands"),
            **yes_no("brain_lesion"),
        },
    ),
    "mcdonald_2024": (
        mcdonald_2024,
        {
            "regions": st.sampled_from((None, 0, 1, 2, 3, 4, 5)),
            "cord_lesions": NUMBER,
            "months_progressive": st.sampled_from((None, 6, 18)),
            **yes_no("better_explanation", "dit", "csf_positive", "cvs_positive", "prl_positive"),
        },
    ),
    "brighton": (
        brighton_gbs,
        {
            **yes_no("bilateral_flaccid_weakness", "reflexes_reduced", "better_explanation"),
            **yes_no("csf_protein_raised", "ncs_consistent"),
            "days_to_nadir": st.sampled_from((None, 0.2, 10, 40)),
            "csf_cells_per_ul": st.sampled_from((None, 3, 80, "not_done")),
        },
    ),
}


@given(st.data(), st.sampled_from(sorted(CRITERIA)))
def test_what_is_decided_stays(data, name):
    criterion, inputs = CRITERIA[name]
    before = data.draw(st.fixed_dictionaries(inputs))
    after = _learn(before, data.draw(st.fixed_dictionaries(inputs)))
    verdict = criterion(**before)
    if verdict.is_decided:
        assert criterion(**after).category == verdict.category
    else:
        assert verdict.missing


def _learn(before, learned):
    if not isinstance(before, dict):
        return learned if before is None else before
    return {name: _learn(value, learned[name]) for name, value in before.items()}


GRADED = {
    awaji_2008: ("definite", "probable", "possible", "not_met"),
    el_escorial_revised: (
        "definite",
        "probable",
        "probable_lab_supported",
        "possible",
        "not_met",
    ),
}


@given(st.data(), st.sampled_from(list(GRADED)))
def test_a_grade_only_rises_with_what_is_learned(data, criterion):
    one, more = (data.draw(st.tuples(SIGNS, SIGNS, SIGNS, MAYBE, MAYBE)) for _ in range(2))
    first = _grade_of(criterion, one)
    later = _grade_of(
        criterion, [_learn(value, learned) for value, learned in zip(one, more, strict=True)]
    )
    ladder = GRADED[criterion]
    if first.is_decided:
        assert later.category == first.category
    elif first.at_least:
        assert ladder.index(later.category) <= ladder.index(first.category)


def _grade_of(criterion, drawn):
    upper, lower, emg, progressive, excluded = drawn
    return criterion(Neurons(upper, lower, emg), progressive=progressive, others_excluded=excluded)
