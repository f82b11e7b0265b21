"""An examination by keyboard alone: how many presses it takes, and what is stored for them."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.rls import ALL, clinics
from results.exam.models import ExamResult
from tests import make
from tests.browser.conftest import PHONE
from workflows.services import add_step

GRADES = ["0", "1", "2", "3", "4-", "4", "4+", "5", "NT"]
BILATERAL = [
    "shoulder_abduction",
    "shoulder_external_rotation",
    "elbow_flexion",
    "elbow_extension",
    "wrist_extension",
    "finger_extension",
    "finger_flexion",
    "finger_abduction",
    "thumb_abduction",
    "hip_flexion",
    "hip_extension",
    "hip_abduction",
    "knee_extension",
    "knee_flexion",
    "ankle_dorsiflexion",
    "ankle_plantarflexion",
    "toe_extension",
]
PLACES = [
    ("neck_flexion", "midline"),
    ("neck_extension", "midline"),
    *((movement, side) for movement in BILATERAL for side in ("right", "left")),
]


class Keys:
    """The one way these tests press a key; it counts."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def grade(self, grade):
        self.press("t" if grade == "NT" else grade[0])
        self.press(*grade[1:] if grade != "NT" else "")


@pytest.fixture
def exam(site, staff):
    """The page of a fresh examination, marked: a reload would lose the mark."""
    with clinics(ALL):
        patient = make.patient(staff["clinic"], staff["clinician"])
        case = make.case(patient, staff["clinician"], clinician=staff["clinician"])
        step = case.steps.get(code="tri_exam")
    page = site.sign_in(staff["clinician"])
    page.goto(f"{site.url}/results/record/{step.pk}/")
    page.evaluate("window.sameDocument = true")
    return page, step


def saved(page, step):
    """The stored examination, after the address changed in the same document."""
    page.wait_for_url(f"**/steps/{step.pk}/")
    expect(page.get_by_role("heading", name=step.label, level=1)).to_be_visible()
    assert page.evaluate("window.sameDocument")
    with clinics(ALL):
        return ExamResult.objects.prefetch_related("strengths", "reflexes").get(step=step)


REFLEXES = {  # in the order of the page: what is stored, and the keys that say it
    **{
        (f"{name}_reflex", side): (str(at), (str(at),))
        for at, name in enumerate(["biceps", "brachioradialis", "triceps", "finger_flexor", "knee"])
        for side in ("right", "left")
    },
    ("ankle_reflex", "right"): ("4", ("4",)),
    ("ankle_reflex", "left"): ("2", ("2",)),
    ("ankle_clonus", "right"): ("99", ("s",)),
    ("ankle_clonus", "left"): ("3", ("3", "Enter")),
    ("jaw_jerk", "midline"): ("brisk", ("b",)),
    ("plantar", "right"): ("extensor", ("e",)),
    ("plantar", "left"): ("mute", ("4",)),
    ("hoffmann_sign", "right"): ("present", ("p",)),
    ("hoffmann_sign", "left"): ("absent", ("a",)),
    ("abdominal_reflex", "right"): ("present", ("p",)),
    ("abdominal_reflex", "left"): ("absent", ("a",)),
}


def test_a_full_examination_takes_at_most_130_presses_and_no_reload(site, exam):
    page, step = exam
    keys = Keys(page)
    typed = {place: GRADES[at % len(GRADES)] for at, place in enumerate(PLACES)}
    for grade in typed.values():
        keys.grade(grade)
    for _, pressed in REFLEXES.values():
        keys.press(*pressed)
    expect(page.locator("[data-nt-graded]")).to_have_text("Graded 36 of 36 · 4 not testable")
    expect(page.locator("[data-nt-sum-note]")).to_have_text("of 55 entered · 1 missing")
    site.picture(page, "20-exam-by-keys")
    keys.press("Control+Enter")
    result = saved(page, step)
    assert keys.pressed <= 130
    strengths, reflexes = result.strengths.all(), result.reflexes.all()
    assert {(row.movement, row.side): row.grade for row in strengths} == typed
    assert {(row.reflex, row.side): row.value for row in reflexes} == {
        place: value for place, (value, _) in REFLEXES.items()
    }
    assert not any(row.assumed for row in [*strengths, *reflexes])
    assert site.complaints == []


def test_a_normal_examination_takes_at_most_12_presses_and_says_what_was_assumed(site, exam):
    page, step = exam
    keys = Keys(page)
    keys.press("5", "n", "2", "n")
    expect(page.locator("[data-nt-sum]")).to_have_text("60")
    expect(page.locator("[data-nt-graded]")).to_have_text("Graded 36 of 36 · 35 assumed")
    keys.press("Control+Enter")
    result = saved(page, step)
    assert keys.pressed <= 12
    strengths, reflexes = result.strengths.all(), result.reflexes.all()
    assert {row.grade for row in strengths} == {"5"}
    assert [row.movement for row in strengths if not row.assumed] == ["neck_flexion"]
    assert {row.value for row in reflexes} == {"2", "0", "normal", "flexor", "absent", "present"}
    assert [(row.reflex, row.side) for row in reflexes if not row.assumed] == [
        ("biceps_reflex", "right")
    ]


def test_mistakes_are_taken_back_and_reasons_typed_without_a_mouse(site, exam):
    page, step = exam
    keys = Keys(page)
    keys.press("Shift+N", "u")  # all the rest normal, and not after all
    expect(page.locator("[data-nt-graded]")).to_have_text("Graded 0 of 36")
    keys.press("3", "t", "r", *"cast", "Enter")
    keys.press("4", "-", "Backspace", "Backspace", "2")  # an empty cell steps back
    keys.press("ArrowDown", "1")
    keys.press("Control+Enter")
    result = saved(page, step)
    rows = {(row.movement, row.side): (row.grade, row.reason) for row in result.strengths.all()}
    assert rows == {
        ("neck_flexion", "midline"): ("3", ""),
        ("neck_extension", "midline"): ("NT", "cast"),
        ("shoulder_abduction", "right"): ("2", ""),
        ("shoulder_external_rotation", "left"): ("1", ""),
    }


def read_as_a_table_on_a_phone(page, report):
    page.set_viewport_size(PHONE)
    page.goto(report)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    table = page.get_by_role("table").filter(has_text="Biceps reflex")
    expect(table.get_by_role("columnheader", name="Right")).to_be_visible()
    expect(table.get_by_role("rowheader", name="Biceps reflex")).to_be_visible()


@pytest.fixture
def scored(staff, exam):
    """A further step of the case that asks for the ALSFRS-R."""
    with clinics(ALL):
        return add_step(
            exam[1].case,
            code="visit",
            label="Visit",
            modality="exam",
            captures=["scale:alsfrs_r"],
            profile="soon",
            days=7,
            by=staff["clinician"],
            at=timezone.now(),
        )


def test_scale_items_and_the_hint_of_regions_by_keyboard(site, exam, scored):
    page, step = exam[0], scored
    page.goto(f"{site.url}/results/record/{step.pk}/")
    page.evaluate("window.sameDocument = true")
    keys = Keys(page)
    page.get_by_label("Biceps reflex, right").focus()
    keys.press("4", "4")
    page.get_by_role("button", name="Take over: cervical").focus()
    keys.press("Enter")
    expect(page.locator("[name=umn_regions][value=cervical]")).to_be_checked()
    page.get_by_label("Speech", exact=True).focus()
    keys.press(*"44444432144")
    total = page.locator("[name=scale-alsfrs_r-total]")
    expect(total).to_have_value("")
    keys.press("9", "0")  # 9 is no answer
    expect(total).to_have_value("38")
    expect(page.locator(".nt-anchors .is-on").last).to_have_text("0 invasive ventilation")
    site.picture(page, "21-scale-items")
    keys.press("Control+Enter")
    result = saved(page, step)
    with clinics(ALL):
        assert (result.umn_regions, result.scores.get().total) == (["cervical"], 38)
    read_as_a_table_on_a_phone(page, f"{site.url}/results/step/{step.pk}/")
    assert site.complaints == []
