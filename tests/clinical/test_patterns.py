from clinical.patterns import Muscle, Nerve, Study, definitions, hints

LMN = {"fib": "2+", "muap_duration": "increased", "recruitment": "reduced"}
SMALL = {
    "fib": "1+",
    "muap_duration": "decreased",
    "muap_amplitude": "decreased",
    "muap_polyphasia": "increased",
    "recruitment": "early",
}
QUIET = {"fib": "0", "psw": "0", "muap_duration": "normal"}


def muscles(found, *codes):
    return tuple(Muscle(code, code, found) for code in codes)


def nerve(name, *flags, motor=True, demyelinating=()):
    return Nerve(name, motor, frozenset(flags), demyelinating)


def test_nothing_abnormal_gives_no_hint():
    study = Study((nerve("median"), nerve("sural", motor=False)), muscles(QUIET, "deltoid"))
    assert hints(study) == []


def test_motor_neuron_names_its_muscles_and_what_would_settle_it():
    study = Study(
        (nerve("sural left", motor=False),),
        muscles(LMN, "deltoid", "biceps", "tibialis_anterior") + muscles(QUIET, "tongue"),
    )
    (hint,) = hints(study)
    assert hint.title == "Motor neuron pattern, 1 region"
    assert hint.for_[0].endswith("cervical: biceps, deltoid")
    assert "Sensory responses normal: sural left" in hint.for_
    assert hint.against == ("No such muscle in the bulbar region",)
    assert hint.would_settle == (
        "No muscle of the thoracic region was studied.",
        "The lumbosacral region has one positive muscle; a limb needs two.",
    )
    assert "Gold Coast" in hint.source


def test_small_responses_are_axonal_only_in_two_nerves_and_without_demyelination():
    one = nerve("median", "low_amplitude")
    two = nerve("sural", "absent", motor=False)
    slow = nerve("ulnar", "low_amplitude", "slow_cv", demyelinating=("velocity ≤ 70 %",))
    assert [h.code for h in hints(Study((one,)))] == []
    assert [h.code for h in hints(Study((one, two)))] == ["axonal"]
    both = {h.code: h for h in hints(Study((one, two, slow)))}
    assert set(both) == {"axonal", "demyelinating"}
    assert both["axonal"].against == ("ulnar: velocity ≤ 70 %",)
    assert both["demyelinating"].would_settle


def test_junction_and_muscle():
    (junction,) = hints(Study(decrement_pct=10.1))
    assert junction.for_ == ("Decrement 10.1 % (abnormal above 10 %)",)
    assert hints(Study(decrement_pct=10)) == []
    assert hints(Study(increment_pct=60))[0].title == "Junction pattern, presynaptic"
    assert hints(Study(muscles=muscles(SMALL, "deltoid"))) == []
    (muscle,) = hints(Study(muscles=muscles(SMALL, "deltoid", "biceps")))
    assert muscle.title == "Myopathic pattern, irritable"


def test_a_typed_conclusion_that_does_not_fit_is_named():
    small = muscles(SMALL, "deltoid", "biceps")
    fits = hints(Study(muscles=small, conclusions=("myopathic_irritable",)))[0]
    open_ = hints(Study(muscles=small, conclusions=("inconclusive",)))[0]
    other = hints(Study(muscles=small, conclusions=("normal",)))[0]
    assert (fits.disagrees, open_.disagrees, other.disagrees) == ("", "", "Normal study")


def test_every_pattern_has_a_source_and_a_confidence():
    assert all(row["source"] and row["confidence"] for row in definitions().values())
