"""Signs of the upper and lower motor neuron, region by region."""

import pytest

from clinical.motor_neurons import PARTS, REFLEX_REGION, Bedside, lower_signs, upper_signs
from clinical.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("seen", "regions"),
    [
        (Bedside(reflexes={("knee_reflex", "left"): "4"}), ["lumbosacral"]),
        (Bedside(reflexes={("knee_reflex", "left"): "3"}), []),
        (Bedside(reflexes={("jaw_jerk", "midline"): "brisk"}), ["bulbar"]),
        (Bedside(reflexes={("jaw_jerk", "midline"): "normal"}), []),
        (Bedside(reflexes={("hoffmann_sign", "right"): "present"}), ["cervical"]),
        (Bedside(reflexes={("plantar", "right"): "extensor"}), ["lumbosacral"]),
        (Bedside(reflexes={("plantar", "right"): "equivocal"}), []),
        (Bedside(reflexes={("ankle_clonus", "right"): "4"}), ["lumbosacral"]),
        (Bedside(reflexes={("ankle_clonus", "right"): "3"}), []),
        (Bedside(reflexes={("abdominal_reflex", "right"): "absent"}), []),
        (Bedside(tone={("arm", "right"): "1+", ("leg", "left"): "0"}), ["cervical"]),
        (Bedside(tongue=frozenset({"slow"})), ["bulbar"]),
        (Bedside(), []),
    ],
)
def test_upper_signs_lie_in_the_region_of_their_segment(seen, regions):
    assert list(upper_signs(seen)) == regions


def test_a_reflex_that_is_kept_in_a_weak_wasted_muscle_is_an_upper_sign():
    weak = {("elbow_flexion", "right"): "3"}
    reflexes = {("biceps_reflex", "right"): "2", ("biceps_reflex", "left"): "2"}
    assert upper_signs(Bedside(weak, reflexes)) == {}
    wasted = frozenset({("upper_arm", "right")})
    signs = upper_signs(Bedside(weak, reflexes, wasted=wasted))
    assert signs == {"cervical": ["biceps reflex right kept in a weak wasted muscle"]}
    absent = {("biceps_reflex", "right"): "0"}
    assert upper_signs(Bedside(weak, absent, wasted=wasted)) == {}


@pytest.mark.parametrize(
    ("weak", "wasted", "regions"),
    [
        (["shoulder_abduction", "finger_abduction"], ["shoulder", "hand"], ["cervical"]),
        (["shoulder_abduction", "finger_abduction"], ["shoulder"], []),  # one muscle
        (["shoulder_abduction", "finger_abduction"], [], []),  # weak, not wasted
        ([], ["shoulder", "hand"], []),  # wasted, not weak
        (["shoulder_abduction", "elbow_flexion"], ["shoulder", "upper_arm"], []),  # same roots
        (["finger_abduction", "thumb_abduction"], ["hand"], []),  # same roots
        (["hip_flexion", "ankle_dorsiflexion"], ["thigh", "lower_leg"], ["lumbosacral"]),
        (["hip_flexion", "finger_abduction"], ["thigh", "hand"], []),  # one in each region
    ],
)
def test_a_limb_region_needs_two_weak_wasted_muscles_of_different_roots(weak, wasted, regions):
    grades = {(movement, "right"): "4" for movement in weak}
    seen = Bedside(grades, wasted=frozenset((part, "right") for part in wasted))
    assert list(lower_signs(seen)) == regions


def test_a_full_or_untestable_movement_is_not_weak():
    wasted = frozenset({("shoulder", "right"), ("hand", "right")})
    for grade in ("5", "NT"):
        grades = {("shoulder_abduction", "right"): grade, ("finger_abduction", "right"): "3"}
        assert lower_signs(Bedside(grades, wasted=wasted)) == {}


@pytest.mark.parametrize(
    ("tongue", "positive"),
    [
        ({"wasted", "fasciculating"}, True),
        ({"wasted", "weak"}, True),
        ({"wasted"}, False),
        ({"fasciculating"}, False),
    ],
)
def test_one_bulbar_muscle_is_enough(tongue, positive):
    assert bool(lower_signs(Bedside(tongue=frozenset(tongue)))) is positive


def test_the_tables_name_what_the_vocabulary_has():
    book = vocabulary()
    assert set(REFLEX_REGION) <= set(book.reflexes)
    assert {code for part in PARTS.values() for code in part.movements} <= set(book.movements)
