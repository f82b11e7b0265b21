"""Muscle MRI by muscle, antibodies and later reports of a biopsy, and where each block is."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from results.biopsy.models import BiopsyResult
from results.mri.models import MriResult, MuscleImage
from results.mri.muscles import heat_map
from results.specimens.models import Specimen
from results.specimens.services import add_specimen, move_specimen
from tests.results.posting import post
from workflows import services as workflow

NOW = timezone.now
TODAY = timezone.localdate().isoformat()


def step_of(case, doctor, modality, capture):
    return workflow.add_step(
        case,
        code=modality,
        label=f"A {modality}",
        modality=modality,
        captures=[capture],
        profile="soon",
        days=7,
        by=doctor,
        at=NOW(),
    )


@pytest.fixture
def muscle(case, doctor):
    return step_of(case, doctor, "mri", "mri:muscle_thigh_calf")


@pytest.fixture
def biopsy(case, doctor):
    return step_of(case, doctor, "biopsy", "bx:muscle")


def shown(answer):
    return re.sub(r"> <", "><", re.sub(r"\s+", " ", answer.content.decode()))


def test_a_muscle_mri_asks_for_muscles_first(page, muscle):
    html = shown(page.get(f"/results/record/{muscle.pk}/"))
    first, _, rest = html.partition("All other findings")
    assert "Fascial oedema" in first
    assert "Periventricular" in rest
    assert "Periventricular" not in first
    assert 'aria-label="Soleus, right, fat 0–4"' in html


def test_each_muscle_is_graded_by_side_and_shown_as_a_map(page, muscle):
    graded = {
        "muscle-soleus-right_fat": "3",
        "muscle-soleus-left_fat": "0",
        "muscle-soleus-left_oedema": "true",
        "muscle-gracilis-right_fat": "4",
    }
    post(page, muscle, **graded)
    rows = {(row.muscle, row.side): row for row in MuscleImage.objects.all()}
    assert len(rows) == 3
    assert (rows["soleus", "left"].fat_grade, rows["soleus", "left"].oedema) == (0, True)
    assert muscle.facts == {"mri.muscle_oedema": True}
    assert muscle.flag == "abnormal"
    html = shown(page.get(f"/results/step/{muscle.pk}/"))
    assert '<th scope="row">Soleus</th><td class="q3">3</td><td class="q0">0' in html
    assert '<th scope="row">Gracilis</th><td class="q4">4</td><td class="text-3">–</td>' in html
    assert html.index("Gracilis") < html.index("Soleus")
    form = page.get(f"/results/correct/{muscle.pk}/").context["form"]
    assert form["muscle-soleus-right_fat"].value() == "3"


def test_a_grade_of_five_is_refused_beside_its_muscle(page, muscle):
    answer = post(page, muscle, **{"muscle-soleus-right_fat": "5", "conclusion": "seen twice"})
    assert answer.context["form"].errors["muscle-soleus-right_fat"] == [
        "5 is above 4. Look at the decimal point and the unit."
    ]
    assert "seen twice" in shown(answer)
    assert not MriResult.objects.exists()


def test_an_imported_muscle_that_we_do_not_know_keeps_its_line():
    rows = [
        MuscleImage(muscle="peroneus tertius", side="bilateral", fat_grade=2),
        MuscleImage(muscle="soleus", side="left", fat_grade=1),
    ]
    found = heat_map(rows)
    assert [region for region, _ in found] == ["Calf", "Other"]
    (line,) = found[1][1]
    assert (line.label, line.right.fat_grade, line.left.fat_grade) == ("peroneus tertius", 2, 2)


def test_the_regions_for_the_criteria_are_counted(page, case, doctor):
    brain = step_of(case, doctor, "mri", "mri:brain_ms")
    lesions = {
        "finding-periventricular_lesion-amount": "3",
        "finding-juxtacortical_lesion-amount": "0",
        "finding-infratentorial_lesion-amount": "1",
        "finding-cvs_positive_count-amount": "6",
        "finding-cvs_assessed_count-amount": "12",
    }
    post(page, brain, **lesions)
    assert brain.facts["mri.ms_regions"] == 2
    html = shown(page.get(f"/results/step/{brain.pk}/"))
    assert "<dd>2 of 5</dd>" in html
    assert "<dd>positive</dd>" in html


def test_antibodies_and_later_reports_stand_beside_the_biopsy(page, biopsy):
    stained = {
        "marker-dystrophin_c-staining": "absent",
        "marker-dystrophin_c-note": "all fibres",
        "marker-utrophin-staining": "increased",
        "muscle_findings": ["dystrophin_absent"],
    }
    post(page, biopsy, **stained)
    report = BiopsyResult.objects.get()
    assert {row.marker: row.staining for row in report.rows("markers")} == {
        "dystrophin_c": "absent",
        "utrophin": "increased",
    }
    addition = {"addition-1-reported_on": TODAY, "addition-1-body": "Blot: no band at 427 kDa"}
    post(page, biopsy, "correct", **stained, **addition, correction_reason="Additional report")
    html = shown(page.get(f"/results/step/{biopsy.pk}/"))
    assert "absent, all fibres" in html
    assert "Blot: no band at 427 kDa" in html
    assert "Increased" in html or "increased" in html


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"addition-1-body": "Blot"}, "addition-1-reported_on", "Write the date"),
        ({"addition-1-reported_on": TODAY}, "addition-1-body", "Write what this"),
        ({"marker-merosin-note": "weak"}, "marker-merosin-staining", "Choose what it showed"),
    ],
)
def test_a_line_that_is_half_filled_is_asked_for_the_rest(page, biopsy, typed, field, said):
    answer = post(page, biopsy, conclusion="dystrophy", **typed)
    assert said in answer.context["form"].errors[field][0]
    assert not BiopsyResult.objects.exists()


@pytest.fixture
def block(biopsy, doctor):
    taken = NOW() - timedelta(days=3)
    return add_specimen(
        biopsy, label="A1", kind="frozen", taken_at=taken, place="Theatre 2", by=doctor, at=NOW()
    )


def moved(block, move, doctor, days=2, place=""):
    at = NOW() - timedelta(days=days)
    return move_specimen(block, move=move, moved_at=at, place=place, note="", by=doctor, at=NOW())


def test_a_block_has_a_chain_and_one_place(page, biopsy, block, doctor):
    moved(block, "sent", doctor, 2, "Muscle laboratory, London")
    moved(block, "received", doctor, 1, "Muscle laboratory, London")
    html = shown(page.get(f"/results/specimens/{biopsy.pk}/"))
    assert 'fw-6">Received at Muscle laboratory, London</span>' in html
    assert html.index("Taken at Theatre 2") < html.index("Sent to Muscle laboratory")


@pytest.mark.parametrize(
    ("move", "days", "place", "said"),
    [
        ("sent", 2, " ", "Write where it went"),
        ("sent", 5, "London", "It was Taken at Theatre 2 on"),
        ("sent", -1, "London", "has not come yet"),
    ],
)
def test_a_move_that_cannot_be_is_refused(block, doctor, move, days, place, said):
    with pytest.raises(ValidationError) as refused:
        moved(block, move, doctor, days, place)
    assert said in str(refused.value)
    assert block.moves.count() == 1


def test_what_is_lost_stays_lost_and_asks_what_happens_now(page, biopsy, block, doctor):
    url = f"/results/specimens/{biopsy.pk}/"
    assert "It failed, repeat it" not in shown(page.get(url))
    moved(block, "lost", doctor)
    assert f"/steps/{biopsy.pk}/fail/" in shown(page.get(url))
    with pytest.raises(ValidationError, match="lost"):
        moved(block, "received", doctor, 1, "London")


def test_the_step_says_where_its_specimen_is_and_that_nothing_is_left(page, biopsy, block, doctor):
    url = f"/steps/{biopsy.pk}/"
    moved(block, "sent", doctor, 2, "Muscle laboratory, London")
    html = shown(page.get(url))
    assert '<b class="fw-6">A1</b> Sent to Muscle laboratory, London' in html
    assert "Specimen sent" in html
    assert "Nothing of this test is left" not in html
    moved(block, "lost", doctor, 1)
    assert "Nothing of this test is left" in shown(page.get(url))


def test_specimens_are_added_and_moved_on_the_page(page, biopsy):
    url = f"/results/specimens/{biopsy.pk}/"
    now = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    fields = {"label": "B1", "kind": "paraffin", "taken_at": now, "place": "Theatre 1"}
    assert page.post(url, fields).status_code == 302
    again = page.post(url, fields)
    assert again.status_code == 422
    assert "B1 is on the list already" in shown(again)
    specimen = Specimen.objects.get()
    prefix = f"s{specimen.pk}"
    refused = page.post(
        f"/results/specimens/{specimen.pk}/move/",
        {f"{prefix}-move": "sent", f"{prefix}-moved_at": now, f"{prefix}-note": "by courier"},
    )
    assert refused.status_code == 422
    assert "Write where it went" in shown(refused)
    assert "by courier" in shown(refused)


def test_a_specimen_is_not_taken_in_the_future(page, biopsy):
    url = f"/results/specimens/{biopsy.pk}/"
    fields = {"label": "B1", "kind": "paraffin", "taken_at": "2999-01-01T10:00", "place": "Lab"}
    refused = page.post(url, fields)
    assert refused.status_code == 422
    assert "This moment has not come yet" in shown(refused)
    assert 'value="Lab"' in shown(refused)
    assert not Specimen.objects.exists()


def test_the_list_asks_no_more_for_more_blocks(
    page, biopsy, block, doctor, django_assert_max_num_queries
):
    url = f"/results/specimens/{biopsy.pk}/"
    with django_assert_max_num_queries(16) as few:
        page.get(url)
    for number in range(4):
        label = f"C{number}"
        add_specimen(
            biopsy, label=label, kind="frozen", taken_at=NOW(), place="", by=doctor, at=NOW()
        )
    with django_assert_max_num_queries(len(few)):
        page.get(url)
