"""The vectors of the published ALS criteria."""

import pytest

from clinical.criteria import Muscle, Neurons, awaji_2008, el_escorial_revised, gold_coast_2020
from clinical.criteria.als import REGIONS, regions_of

ALL_BUT_THORACIC = "bulbar cervical lumbosacral"


def signs(regions):
    """All four regions are known: those named have signs, the others have none."""
    return {region: region in regions.split() for region in REGIONS}


@pytest.mark.parametrize(
    ("progressive", "upper", "lower", "excluded", "category"),
    [
        (True, "cervical", "cervical", True, "met"),
        (True, "", "cervical lumbosacral", True, "met"),
        (True, "cervical bulbar", "", True, "not_met"),
        (True, "bulbar", "lumbosacral", True, "met"),
        (False, "cervical", "cervical", True, "not_met"),
        (True, "cervical", "cervical", None, "insufficient_data"),
        (True, "", "bulbar thoracic", True, "met"),
    ],
)
def test_gold_coast(progressive, upper, lower, excluded, category):
    verdict = gold_coast_2020(
        progressive=progressive,
        upper=signs(upper),
        lower=signs(lower),
        others_excluded=excluded,
    )
    assert verdict.category == category
    assert verdict.missing == (("others_excluded",) if excluded is None else ())


def test_signs_in_two_regions_may_be_asked_to_lie_together():
    given = {"progressive": True, "others_excluded": True, "same_region_strict": True}
    found = gold_coast_2020(upper=signs("bulbar"), lower=signs("lumbosacral"), **given)
    assert found.category == "not_met"
    found = gold_coast_2020(upper=signs("bulbar"), lower=signs("lumbosacral bulbar"), **given)
    assert found.category == "met"


def muscle(region, roots, nerve):
    return Muscle(region, frozenset(roots.split()), nerve)


TIBIALIS = muscle("lumbosacral", "L4 L5", "deep fibular")
CALF = muscle("lumbosacral", "S1 S2", "tibial")
VASTUS = muscle("lumbosacral", "L2 L3 L4", "femoral")
TOES = muscle("lumbosacral", "L5", "deep fibular")
GLUTEUS = muscle("lumbosacral", "L4 L5", "superior gluteal")
TONGUE = muscle("bulbar", "XII", "hypoglossal")


@pytest.mark.parametrize(
    ("muscles", "regions"),
    [
        ([TIBIALIS], set()),
        ([TIBIALIS, CALF], {"lumbosacral"}),
        ([TIBIALIS, TOES], set()),  # one nerve
        ([TIBIALIS, GLUTEUS], set()),  # the same roots
        ([TIBIALIS, VASTUS], set()),  # one root in common
        ([TONGUE], {"bulbar"}),
        ([muscle("thoracic", "T8", "intercostal"), TIBIALIS], {"thoracic"}),
        ([], set()),
    ],
)
def test_a_limb_needs_two_muscles_of_other_nerves_and_roots(muscles, regions):
    assert regions_of(muscles) == regions


def test_one_muscle_in_the_only_region_is_not_enough():
    lower = dict.fromkeys(REGIONS, False) | {r: True for r in regions_of([TIBIALIS])}
    found = gold_coast_2020(
        progressive=True, upper=signs("lumbosacral"), lower=lower, others_excluded=True
    )
    assert found.category == "not_met"


@pytest.mark.parametrize(
    ("upper", "lower", "emg", "awaji", "escorial"),
    [
        (ALL_BUT_THORACIC, ALL_BUT_THORACIC, "", "definite", "definite"),
        ("bulbar cervical", "bulbar cervical", "", "probable", "probable"),
        (ALL_BUT_THORACIC, "cervical lumbosacral", "", "probable", "probable"),
        ("cervical", "cervical", "lumbosacral cervical", "possible", "probable_lab_supported"),
        ("cervical lumbosacral", "", "", "possible", "possible"),
        (
            ALL_BUT_THORACIC,
            "cervical",
            "cervical lumbosacral",
            "probable",
            "probable_lab_supported",
        ),
        ("", "cervical", "cervical lumbosacral", "not_met", "not_met"),
        ("lumbosacral", "cervical", "", "possible", "possible"),
    ],
)
def test_awaji_and_el_escorial(upper, lower, emg, awaji, escorial):
    neurons = Neurons(signs(upper), signs(lower), signs(emg))
    given = {"progressive": True, "others_excluded": True}
    assert awaji_2008(neurons, **given).category == awaji
    assert el_escorial_revised(neurons, **given).category == escorial


@pytest.mark.parametrize("criterion", [awaji_2008, el_escorial_revised])
def test_the_upper_signs_may_be_asked_to_lie_above_all_lower_ones(criterion):
    neurons = Neurons(signs("bulbar cervical"), signs("bulbar cervical"), signs(""))
    found = criterion(neurons, progressive=True, others_excluded=True, rostral_strict=True)
    assert found.category == "possible"


def test_left_and_right_arm_are_two_limbs():
    neurons = Neurons(signs("cervical"), signs("cervical"), signs("cervical"))
    given = {"progressive": True, "others_excluded": True}
    assert el_escorial_revised(neurons, **given).category == "possible"
    assert el_escorial_revised(neurons, emg_limbs=2, **given).category == "probable_lab_supported"


def test_a_grade_that_could_still_rise_says_so():
    upper = signs("bulbar cervical") | {"lumbosacral": None}
    lower = signs("bulbar cervical") | {"lumbosacral": None}
    found = awaji_2008(Neurons(upper, lower, signs("")), progressive=True, others_excluded=True)
    assert (found.category, found.at_least) == ("probable", True)
    assert set(found.missing) == {"upper_lumbosacral", "lower_lumbosacral"}
