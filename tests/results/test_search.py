"""Find within one patient: in reports, notes, titles, files, the case; never in anybody else's."""

import re
from html import unescape

import pytest
from django.utils import timezone

from audit.models import Event
from results.attachments.services import attach
from results.matching import LONG, query
from results.services import mark_entered_in_error
from tests import make
from tests.results import samples
from workflows import services


@pytest.mark.parametrize(
    ("asked", "text", "context", "fits"),
    [
        ("necro", "Necrosis and regeneration", "", True),
        ("NECRÓSIS", "necrosis and regeneration", "", True),
        ("crosis", "Necrosis and regeneration", "", False),
        ("necrosis muscle", "Necrosis", "Biopsy Muscle biopsy", True),
        ("biopsy", "Necrosis", "Biopsy Muscle biopsy", False),
        ("c.550del", "CAPN3 c.550del", "", True),
        ("creatine", "CK: 4200 U/L", "", True),
        ("ck", "Creatine kinase: 4200 U/L", "", True),
        ("ck", "Creatinine: 0.8 mg/dL", "", False),
        ("dysphagia", "Difficulty swallowing: no", "", True),
        ("trouble swallowing", "Difficulty swallowing: no", "", True),
        ("muscle", "Loss of strength", "", False),
        ("HP:0002015", "Difficulty swallowing: no", "", True),
    ],
)
def test_a_text_fits_by_the_beginning_of_words_or_by_another_name(asked, text, context, fits):
    assert query(asked).fits(text, context) is fits


def test_what_was_asked_for_is_marked_and_nothing_else():
    assert query("kin crea").parts("Creatine kinase, skin") == [
        ("Creatine", True),
        (" ", False),
        ("kinase", True),
        (", skin", False),
    ]
    assert ("Creatine", True) in query("ck").parts("Creatine kinase")


def test_of_a_long_text_the_part_around_the_word_is_shown():
    text = f"{'before ' * 60}vacuoles {'after ' * 60}"
    shown = "".join(piece for piece, _ in query("vacuol").excerpt(text))
    assert len(shown) <= LONG + 2
    assert shown.startswith("…before")
    assert " vacuoles after" in shown
    assert shown.endswith("after…")


@pytest.mark.parametrize(("asked", "short"), [("", True), ("a", True), ("!?", True), ("ck", False)])
def test_one_letter_is_not_enough(asked, short):
    assert query(asked).is_too_short is short


def record(page, step, **more):
    answer = page.post(f"/results/record/{step.pk}/", samples.fields(step, **more))
    assert answer.status_code == 302, answer.context["form"].errors


def find(page, patient, asked):
    """{group: text} of what is found."""
    html = page.get(f"/results/search/{patient.pk}/", {"q": asked}).content.decode()
    sections = re.findall(r"<h2[^>]*>([^<]+)</h2>(.*?)</section>", html, re.S)
    plain = {name: unescape(re.sub(r"<[^>]+>", "", part)) for name, part in sections}
    return {name: re.sub(r"\s+", " ", part) for name, part in plain.items()}


@pytest.fixture
def chart(page, case, doctor, media):
    """Reports of four modalities, a review note, a file, a reason for referral."""
    case.reason = "Falls <b>often</b>, trips on stairs"
    case.save()
    for modality in ("history", "labs", "biopsy"):
        record(page, samples.step_for(case, modality, doctor))
    step = case.steps.get(modality="labs", result_status="final")
    services.review(step, note="Stop the statin", by=doctor, at=timezone.now())
    attach(step, [make.pdf("Neurofilament assay.pdf")], by=doctor, at=timezone.now())
    return case


def test_everything_on_record_is_found_grouped_and_linked(page, patient, chart):
    labs = chart.steps.get(modality="labs", result_status="final")
    found = find(page, patient, "kinase")
    assert list(found) == ["Bloods and CSF"]
    assert "Values: Creatine kinase: 4 200 U/L" in found["Bloods and CSF"]
    assert "baclofen 10 mg" in find(page, patient, "BACLO")["History"]
    assert "Trips since spring" in find(page, patient, "trip spring")["History"]
    assert "Difficulty swallowing: no" in find(page, patient, "dysphagia")["History"]
    assert "Rimmed vacuoles" in find(page, patient, "vacuoles biopsy")["Biopsy"]
    assert "Review note: Stop the statin" in find(page, patient, "statin")["Bloods and CSF"]
    assert "File: Neurofilament assay.pdf" in find(page, patient, "neurofil")["Bloods and CSF"]
    assert "Neuromuscular examination" in find(page, patient, "neuromusc exam")["Examination"]
    html = page.get(f"/results/search/{patient.pk}/", {"q": "falls often"}).content.decode()
    assert "<mark>Falls</mark> &lt;b&gt;<mark>often</mark>&lt;/b&gt;" in html
    html = page.get(f"/results/search/{patient.pk}/", {"q": "ck"}).content.decode()
    assert f'href="/results/step/{labs.pk}/"' in html
    assert "also looked for: creatine kinase" in html


def test_the_search_is_on_record_without_its_words(page, patient, chart):
    find(page, patient, "vacuoles")
    look = Event.objects.latest("id")
    assert (look.verb, look.patient_id) == ("chart.search", patient.pk)
    assert look.detail == {"found": 1, "letters": 8}


def test_nothing_is_found_that_is_another_patients_or_was_taken_back(page, doctor, patient, chart):
    other = make.patient(patient.clinic, doctor, family_name="Other")
    stranger = make.patient(make.clinic("south"), doctor, family_name="Stranger")
    make.case(other, doctor, reason="unheard words")
    make.case(stranger, doctor, reason="unheard words")
    assert find(page, patient, "unheard") == {}
    assert "unheard" in find(page, other, "unheard")["Case and family"]
    assert page.get(f"/results/search/{stranger.pk}/", {"q": "unheard"}).status_code == 404
    biopsy = chart.steps.get(modality="biopsy", result_status="final")
    reason = {"reason": "Wrong patient", "version": biopsy.version}
    mark_entered_in_error(biopsy, by=doctor, at=timezone.now(), **reason)
    assert find(page, patient, "vacuoles") == {}


def test_more_rows_cost_no_more_queries(
    page, doctor, patient, chart, django_assert_max_num_queries, django_assert_num_queries
):
    find(page, patient, "muscle")
    with django_assert_max_num_queries(24) as few:
        find(page, patient, "muscle")
    before = len(few)
    again = {"lab-alt-value": "30", "lab-ast-value": "31"}
    record(page, chart.steps.get(code="tri_labs"), **again)
    record(page, chart.steps.get(code="tri_history"))
    make.case(patient, doctor)
    with django_assert_num_queries(before):
        find(page, patient, "muscle")


def test_the_chart_has_the_field_and_the_page_keeps_what_was_typed(page, case, patient):
    chart = page.get(f"/cases/{case.pk}/").content.decode()
    assert f'action="/results/search/{patient.pk}/"' in chart
    answer = page.get(f"/results/search/{patient.pk}/", {"q": '"><script>'}).content.decode()
    assert 'value="&quot;&gt;&lt;script&gt;"' in answer
    assert "is not found in what is on record" in answer
    assert (
        "Type two letters or more"
        in page.get(f"/results/search/{patient.pk}/", {"q": "x"}).content.decode()
    )
