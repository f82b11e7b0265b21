"""Nerve and needle tables in through the URL: limits, refusals, further lines, corrections."""

import re
from html import unescape

import pytest
from django.utils import timezone

from results.emg.models import EmgResult
from results.services import current_result
from tests import make
from tests.results.posting import post
from workflows import services as workflow

TODAY = timezone.localdate().isoformat()
WRIST, ELBOW = "motor-median_m-right-wrist", "motor-median_m-right-elbow"
LIMITS = {
    "limit-median_m-amplitude_low": "4",
    "limit-median_m-latency_high_ms": "4.4",
    "limit-median_m-velocity_low": "49",
    "limit-median_m-f_latency_high_ms": "31",
}


def emg_of(case, doctor):
    return workflow.add_step(
        case,
        code="more",
        label="EMG",
        modality="emg",
        captures=["ncs:set_als", "ncs:rns", "ncs:sfemg", "emg:set_als_four_region"],
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )


EVERYTHING = LIMITS | {
    "motor-lines": "median_m-right-elbow",
    f"{WRIST}-latency_ms": "3.9",
    f"{WRIST}-amplitude_mv": "9",
    f"{WRIST}-area_mv_ms": "31.5",
    f"{WRIST}-duration_ms": "5",
    f"{WRIST}-f_latency_ms": "30",
    f"{WRIST}-f_persistence_pct": "90",
    f"{WRIST}-temperature_c": "33.1",
    f"{WRIST}-note": "warmed",
    f"{ELBOW}-latency_ms": "8.1",
    f"{ELBOW}-amplitude_mv": "6.2",
    f"{ELBOW}-distance_mm": "222",
    "sensory-ulnar_s-left-any-peak_latency_ms": "2.9",
    "sensory-ulnar_s-left-any-rest_normal": "on",
    "needle-tongue-right-myokymia_neuromyotonia": "myokymia",
    "needle-tongue-right-muap_stability": "unstable",
    "needle-tongue-right-interference": "reduced",
    "needle-tongue-right-note": "poor relaxation",
    "train-1-muscle": "abductor digiti minimi",
    "train-1-side": "left",
    "train-1-rate_hz": "3",
    "train-1-decrement_pct": "14",
    "train-1-exercise_s": "10",
    "train-1-after_exercise_pct": "17",
    "train-1-increment_pct": "4",
    "sfemg_muscle": "frontalis",
    "sfemg_jitter_us": "61",
    "sfemg_abnormal_pairs_pct": "25",
    "sfemg_blocking_pct": "5",
    "blink_right_r1_ms": "11.2",
    "vep_p100_left_ms": "121",
    "long_exercise_fall_pct": "12",
    "special_findings": "thermal thresholds normal",
    "low_filter_hz": "20",
}

SHOWN = [
    *("31.5", "33.1", "warmed", "52.9", "222 mm / (8.1 − 3.9) ms", "≥ 49", "≤ 31"),
    *("Conduction block", "rest within limits", "Myokymia", "Unstable", "poor relaxation"),
    *("abductor digiti minimi, left", "rate (Hz) 3", "frontalis", "11.2", "121"),
    *("thermal thresholds normal", "Junction pattern", "Hint, not a conclusion"),
]


@pytest.fixture
def emg(case, doctor):
    return emg_of(case, doctor)


def words(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({f"{WRIST}-velocity_m_per_s": "500"}, "500 is above 120."),
        ({f"{WRIST}-velocity_m_per_s": "fast"}, "“fast” is not a number."),
        ({f"{WRIST}-latency_ms": "3,9"}, "“3,9”: write decimals with a point."),
        (
            {
                "motor-lines": "median_m-right-elbow",
                f"{WRIST}-latency_ms": "3.9",
                f"{ELBOW}-latency_ms": "4.3",
                f"{ELBOW}-distance_mm": "200",
            },
            "200 mm and these latencies give 500 m/s; at most 120 m/s is expected.",
        ),
        ({"train-1-decrement_pct": "12"}, "Write over which muscle it was recorded."),
        ({"rns_decrement_pct": "140"}, "140 is above 100."),
    ],
)
def test_what_no_nerve_can_do_is_refused_beside_its_field(page, emg, typed, sentence):
    answer = post(page, emg, **typed, comment="cold hands")
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "cold hands" in words(answer)
    assert all(f'value="{value}"' in answer.content.decode() for value in typed.values())
    assert not EmgResult.objects.exists()


def test_every_column_is_kept_shown_and_carried_into_a_correction(page, emg):
    assert post(page, emg, **EVERYTHING).status_code == 302
    assert emg.facts["rns.decrement_pct"] == 17
    assert emg.facts["sfemg.abnormal"] is True
    assert emg.facts["ncs.conduction_block"] is True  # 6.2 of 9 mV
    assert emg.facts["ncs.arm_motor_cv_m_s"] == 52.9
    assert {"ncs:rns", "ncs:sfemg", "ncs:blink_reflex", "ncs:vep"} <= set(emg.captured)
    report = words(page.get(f"/results/step/{emg.pk}/"))
    assert [text for text in SHOWN if text not in report] == []
    form = page.get(f"/results/correct/{emg.pk}/").context["form"]
    kept = {name: form[name].value() for name in EVERYTHING if name != "motor-lines"}
    plain = {k: "on" if v is True else str(v) for k, v in kept.items()}
    assert plain == {name: value for name, value in EVERYTHING.items() if name in kept}


def test_the_laboratorys_own_limits_decide_and_stay_with_the_report(page, emg):
    own = LIMITS | {"limit-median_m-amplitude_low": "3"}
    post(page, emg, **own, **{f"{WRIST}-amplitude_mv": "3.5"})
    (row,) = current_result(emg).rows("nerve_limits")
    assert (row.nerve, row.amplitude_low, row.of_laboratory) == ("median_m", 3, True)
    assert emg.flag == ""
    report = words(page.get(f"/results/step/{emg.pk}/"))
    assert "≥ 3" in report
    assert "Limits of the laboratory: Median, motor" in report
    assert "ours: amplitude ≥ 4" in words(page.get(f"/results/correct/{emg.pk}/"))


def test_no_limit_of_an_adult_is_offered_for_a_child(page, clinic, doctor):
    child = make.patient(clinic, doctor, born=f"{timezone.localdate().year - 4}-02-11")
    step = emg_of(make.case(child, doctor), doctor)
    answer = page.get(f"/results/record/{step.pk}/")
    assert answer.context["form"]["limit-sural_s-amplitude_low"].value() is None
    assert "none is offered for a child" in words(answer)
    post(page, step, **{"sensory-sural_s-left-any-amplitude_uv": "2"})
    assert "ncs.snap_normal" not in step.facts


def test_a_nerve_a_site_and_a_muscle_are_added_without_script(page, emg):
    typed = {
        f"{WRIST}-latency_ms": "3.9",
        "add-line": "motor",
        "motor-add": "facial_m-left-preauricular",
    }
    answer = post(page, emg, **typed)
    assert answer.status_code == 200
    html = answer.content.decode()
    assert 'name="motor-facial_m-left-preauricular-latency_ms"' in html
    assert 'value="3.9"' in html
    assert "Not saved yet" not in html
    again = {"motor-lines": "facial_m-left-preauricular", "add-line": "needle"}
    html = post(page, emg, **again, **{"needle-add": "biceps-left"}).content.decode()
    assert 'name="motor-facial_m-left-preauricular-latency_ms"' in html
    assert 'name="needle-biceps-left-fib"' in html
    post(page, emg, **{"needle-lines": "biceps-left", "needle-biceps-left-fib": "1+"})
    assert [row.muscle for row in current_result(emg).rows("muscles")] == ["biceps"]


def test_a_large_report_is_saved_in_few_queries(page, emg, django_assert_max_num_queries):
    step_fields = {"version": emg.version, "performed_on": TODAY, "status": "final"}
    form = page.get(f"/results/record/{emg.pk}/").context["form"]
    cells = {
        name: "1"
        for name in form.fields
        if name.startswith(("motor-", "sensory-")) and name.endswith(("_ms", "_mv", "_uv"))
    }
    cells |= {name: "1+" for name in form.fields if name.endswith("-fib")}
    with django_assert_max_num_queries(40) as few:
        post_one = {**step_fields, f"{WRIST}-latency_ms": "3"}
        assert page.post(f"/results/record/{emg.pk}/", post_one).status_code == 302
    emg.refresh_from_db()
    again = step_fields | {"version": emg.version, "correction_reason": "all", **cells}
    with django_assert_max_num_queries(len(few) + 8):
        assert page.post(f"/results/correct/{emg.pk}/", again).status_code == 302
    assert len(current_result(emg).rows("nerves")) == 14


def test_a_conclusion_that_the_rows_do_not_bear_out_is_named(page, emg):
    small = dict.fromkeys(("muap_duration", "muap_amplitude"), "decreased")
    small |= {"muap_polyphasia": "increased", "recruitment": "early"}
    cells = {
        f"needle-{muscle}-right-{column}": value
        for muscle in ("deltoid", "vastus_lateralis")
        for column, value in small.items()
    }
    post(page, emg, **cells, emg_conclusions="mnd_widespread")
    for address in (f"/results/step/{emg.pk}/", f"/results/correct/{emg.pk}/"):
        page_words = words(page.get(address))
        assert "Hint, not a conclusion Myopathic pattern" in page_words
        assert "The typed conclusion says otherwise: Widespread active" in page_words
    assert emg.facts["emg.conclusion"] == ["mnd_widespread"]
