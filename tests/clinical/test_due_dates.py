"""One due date for the next door of each open step."""

from datetime import date

import pytest

from clinical.engine import StepState, WorkCalendar
from clinical.pathways import StepDef
from tests.clinical.case import MONDAY, day, rule_yaml, run, step_yaml, trial

FROM_A = "{days: 10, from: a, source: book}"


def test_a_target_counts_from_the_start_of_the_pathway():
    assert run(trial(step_yaml("a"))).verdicts["a"].due_on == day(10)


@pytest.mark.parametrize(("booked", "due"), [(3, 3), (5, 7), (30, 10)])
def test_a_booked_test_is_due_on_its_day_or_by_the_target_if_that_is_sooner(booked, due):
    """An appointment that nobody kept is missed on the next day; day 5 is a Saturday."""
    state = StepState("a", ordered_on=day(0), booked_on=day(booked))
    assert run(trial(step_yaml("a")), state).verdicts["a"].due_on == day(due)


@pytest.mark.parametrize(
    ("days", "holidays", "expected"),
    [
        (4, (), day(4)),  # Friday
        (5, (), day(7)),  # Saturday moves to Monday
        (6, (), day(7)),
        (5, (day(7), day(8)), day(9)),  # and on, over a holiday
        (10, (day(10),), day(11)),
    ],
)
def test_a_due_day_off_moves_to_the_next_working_day(days, holidays, expected):
    target = f"{{days: {days}, from: referral, source: book}}"
    calendar = WorkCalendar(holidays=frozenset(holidays))
    outcome = run(trial(step_yaml("a", target=target)), calendar=calendar)
    assert outcome.verdicts["a"].due_on == expected


def test_an_emergency_does_not_wait_for_monday():
    target = "{days: 5, from: referral, source: book}"
    outcome = run(trial(step_yaml("a", target=target, profile="emergency")))
    assert outcome.verdicts["a"].due_on == day(5)


def test_a_target_from_another_step_counts_from_its_review():
    catalogue = trial(step_yaml("a"), step_yaml("b", target=FROM_A))
    aimed = run(catalogue).verdicts["b"].due_on  # a is due on its day, b so long after that
    assert aimed == day(21)  # day 20 is a Sunday
    reported = run(catalogue, StepState("a", reported_on=day(2)))
    assert reported.verdicts["b"].due_on == date(2026, 3, 16)  # unread, but b may begin
    reviewed = run(catalogue, StepState("a", reported_on=day(1), reviewed_on=day(2)))
    assert reviewed.verdicts["b"].due_on == date(2026, 3, 16)  # day 12 is a Saturday


@pytest.mark.parametrize("ended", ["not_needed", "declined", "cancelled", "failed"])
def test_without_a_result_of_that_step_it_counts_from_the_day_of_activation(ended):
    catalogue = trial(step_yaml("a"), step_yaml("b", default="conditional", target=FROM_A))
    states = (StepState("a", ended=ended), StepState("b", activated_on=day(1)))
    assert run(catalogue, *states).verdicts["b"].due_on == day(11)


def test_or_from_the_start_of_the_pathway():
    catalogue = trial(step_yaml("a", default="conditional"), step_yaml("b", target=FROM_A))
    assert run(catalogue).verdicts["b"].due_on == day(10)


def test_an_answered_step_counts_as_reviewed_that_day():
    catalogue = trial(step_yaml("a"), step_yaml("b", target=FROM_A))
    answered = StepState("a", ended="answered", ended_on=day(1))
    assert run(catalogue, answered).verdicts["b"].due_on == day(11)


def test_a_step_is_never_due_before_it_was_asked_for():
    catalogue = trial(step_yaml("a", default="conditional"))
    late = run(catalogue, StepState("a", activated_on=day(100)), on=100)
    assert late.verdicts["a"].due_on == day(100)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"capture": "['lab:ck']"}, 2),
        ({"capture": "['lab:jo1_ab']"}, 14),
        ({"capture": "['lab:panel_mg']"}, 14),
        ({"modality": "mri", "capture": "['mri:brain_ms']"}, 7),
        ({"modality": "emg", "capture": "['ncs:set_als']"}, 2),
        ({"modality": "biopsy", "capture": "['bx:muscle']"}, 21),
        ({"modality": "biopsy", "capture": "['bx:muscle', 'gen:dmd_rna']"}, 42),
        ({"modality": "genetics", "capture": "['gen:dmd_seq']"}, 42),
        ({"modality": "genetics", "capture": "['gen:cmt_panel']"}, 84),
        ({"modality": "genetics", "capture": "['gen:exome_genome']"}, 84),
        ({"modality": "genetics", "capture": "['gen:dmd_seq']", "profile": "urgent"}, 21),
    ],
)
def test_a_result_is_due_after_the_usual_turnaround(fields, expected):
    calendar = WorkCalendar(weekend=())
    state = StepState("a", performed_on=MONDAY)
    outcome = run(trial(step_yaml("a", **fields)), state, calendar=calendar)
    assert outcome.verdicts["a"].due_on == day(expected)


def test_an_agreed_turnaround_wins():
    state = StepState("a", performed_on=MONDAY, expected_days=3)
    assert run(trial(step_yaml("a")), state).verdicts["a"].due_on == day(3)


@pytest.mark.parametrize(("profile", "days"), [("emergency", 0), ("urgent", 2), ("routine", 14)])
def test_review_and_telling_are_due_by_the_profile(profile, days):
    catalogue = trial(step_yaml("a", profile=profile))
    reported = StepState("a", reported_on=MONDAY)
    assert run(catalogue, reported).verdicts["a"].due_on == day(days)
    reviewed = StepState("a", reported_on=MONDAY, reviewed_on=day(1))
    assert run(catalogue, reviewed).verdicts["a"].due_on == day(1 + days)


def test_a_hold_is_due_when_it_ends():
    outcome = run(trial(step_yaml("a")), StepState("a", held_until=day(12)))
    assert outcome.verdicts["a"].due_on == day(14)  # a Saturday


@pytest.mark.parametrize("ended", ["not_needed", "declined", "cancelled", "failed", "answered"])
def test_what_is_over_is_never_due(ended):
    assert run(trial(step_yaml("a")), StepState("a", ended=ended)).verdicts["a"].due_on is None


def test_the_earliest_of_target_and_cap_wins():
    catalogue = trial(step_yaml("a"))
    assert run(catalogue, StepState("a", due_cap=day(3))).verdicts["a"].due_on == day(3)
    assert run(catalogue, StepState("a", due_cap=day(30))).verdicts["a"].due_on == day(10)


def test_an_applied_prioritise_makes_a_step_more_urgent_and_earlier_never_less():
    when = "{fact: pt.age_years, op: lt, value: 18}"
    for then, profile, due in (
        ("{prioritise: {step: a, profile: urgent, days: 3}}", "urgent", day(3)),
        ("{prioritise: {step: a, profile: routine, days: 30}}", "routine", day(10)),
    ):
        catalogue = trial(step_yaml("a"), rules=(rule_yaml("r", when, then),))
        verdict = run(catalogue, facts={"pt.age_years": 4}).verdicts["a"]
        assert (verdict.profile, verdict.due_on) == (profile, due)


def test_a_step_without_a_pathway_is_due_by_its_own_cap():
    referral = StepDef("ref", "", "other", "Referral", "clinician", captures=("rehab:cardiology",))
    state = StepState("ref", due_cap=day(2), activated_on=MONDAY)
    verdict = run(trial(step_yaml("a")), state, extra=(referral,)).verdicts["ref"]
    assert (verdict.stage, verdict.due_on) == ("to_book", day(2))
    assert verdict.because[0].text == "Was added to the case"
