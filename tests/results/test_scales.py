"""Scales: typed as a total or item by item, checked, added up, followed from visit to visit."""

from datetime import timedelta

import pytest
from django.utils import timezone

from results.services import current_result
from tests.results import samples
from tests.results.test_result_pages import post, shown
from tests.results.test_saving_cost import MOST, statements
from workflows import services as workflow

TODAY = timezone.localdate()
ALSFRS_R = [
    *("speech", "salivation", "swallowing", "handwriting", "cutting_food", "dressing_hygiene"),
    *("turning_in_bed", "walking", "climbing_stairs", "dyspnoea_item", "orthopnoea_item"),
    "resp_support",
]


def items(scale, points):
    return {f"scale-{scale}-item-{code}": str(value) for code, value in points.items()}


def alsfrs(**differing):
    return items("alsfrs_r", {code: 4 for code in ALSFRS_R} | differing)


@pytest.fixture
def visit(case, doctor):
    """A step that asks for the ALSFRS-R."""

    def add(number=1):
        return workflow.add_step(
            case,
            code=f"visit_{number}",
            label="Visit",
            modality="exam",
            captures=["scale:alsfrs_r", "scale:nsaa"],
            profile="soon",
            days=7,
            by=doctor,
            at=timezone.now(),
        )

    return add


def test_complete_items_give_total_and_subscores(page, visit):
    step = visit()
    post(page, step, **alsfrs(speech=2, walking=1))
    assert step.facts["scale.alsfrs_r.total"] == 43
    assert "bulbar 10, fine motor 12, gross motor 9, respiratory 12" in step.summary
    row = current_result(step).scores.get()
    assert (row.total, row.items["speech"], len(row.items)) == (43, 2, 12)
    html = shown(page.get(f"/results/step/{step.pk}/"))
    assert "speech 2, salivation 4" in html
    assert "gross motor 9" in html


def test_a_missing_item_is_no_total_and_no_fact(page, visit):
    step = visit()
    points = {code: value for code, value in alsfrs().items() if "salivation" not in code}
    post(page, step, **points)
    assert step.facts == {}
    assert "no total, 11 of 12 items" in step.summary
    assert current_result(step).scores.get().total is None
    assert "scale:alsfrs_r" not in current_result(step).captures()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (alsfrs(speech=5), "5 is not on this item (0–4)."),
        (alsfrs(speech="x"), "“x” is not a number."),
        (alsfrs() | {"scale-alsfrs_r-total": "47"}, "The items add up to 48, not 47."),
        (
            items("alsfrs_r", {"speech": 4}) | {"scale-alsfrs_r-total": "40"},
            "Items are missing (Salivation, Swallowing, Handwriting)",
        ),
        ({"scale-alsfrs_r-total": "49"}, "49 is above 48."),
        ({"scale-edss-total": "0.5"}, "Expanded Disability Status Scale has no 0.5."),
        ({"scale-edss-total": "4.3"}, "goes in steps of 0.5."),
        (items("incat", {"arms": 6}), "6 is not on this item (0–5)."),
    ],
)
def test_what_is_not_on_a_scale_is_refused_at_its_field(page, visit, typed, sentence):
    step = visit()
    answer = post(page, step, **typed)
    assert answer.status_code == 422
    assert sentence in shown(answer)
    assert not step.result_status


def test_numbered_items_of_a_scale_add_up_as_well(page, visit):
    step = visit()
    post(page, step, **items("nsaa", {str(number): 2 for number in range(1, 18)}))
    assert step.facts["scale.nsaa.total"] == 34


def test_items_survive_a_correction_and_show_what_differs(page, visit):
    step = visit()
    post(page, step, **alsfrs(speech=2))
    form = page.get(f"/results/correct/{step.pk}/").context["form"]
    assert form.initial["scale-alsfrs_r-item-speech"] == 2
    changed = alsfrs(speech=3) | {"correction_reason": "asked again"}
    post(page, step, "correct", **changed)
    assert step.facts["scale.alsfrs_r.total"] == 47
    html = shown(page.get(f"/results/step/{step.pk}/"))
    assert "46 of 48" in html
    assert "47 of 48" in html


def test_a_report_says_change_and_slopes(page, case, visit):
    case.onset_on, case.onset_precision = TODAY - timedelta(days=365), "day"
    case.save(update_fields=["onset_on", "onset_precision"])
    earlier, later = visit(1), visit(2)
    day = TODAY - timedelta(days=61)
    post(page, earlier, **alsfrs(), performed_on=day.isoformat())
    post(page, later, **alsfrs(speech=0, walking=0))
    html = shown(page.get(f"/results/step/{later.pk}/"))
    assert f"▼ −8 (worse)</span> since {day:%-d %b %Y}" in html
    assert "0.67 lost a month since onset, intermediate" in html
    assert "3.99 lost a month since the last visit" in html
    assert "−8 (worse) since" in later.summary
    first = shown(page.get(f"/results/step/{earlier.pk}/"))
    assert "0.00 lost a month since onset, slow" in first
    assert "since the last visit" not in first


@pytest.mark.parametrize(("precision", "days"), [("year", 365), ("day", 20), ("unknown", None)])
def test_no_slope_without_an_onset_that_is_known_well_enough(page, case, visit, precision, days):
    case.onset_on = TODAY - timedelta(days=days) if days else None
    case.onset_precision = precision
    case.save(update_fields=["onset_on", "onset_precision"])
    step = visit()
    post(page, step, **alsfrs(speech=0))
    assert "since onset" not in step.summary
    assert step.facts["scale.alsfrs_r.total"] == 44


def test_a_follow_up_with_items_costs_no_more_statements(page, case, doctor, visit):
    first = visit()
    post(page, first, **alsfrs(), **{"strength-hip_flexion-left": "5"})
    step = samples.step_for(case, "exam", doctor)
    assert len(statements(page, step, **alsfrs(speech=1))) <= MOST
