"""Criteria on the chart: each with its inputs, the reports they rest on, its source, no verdict."""

import re

import pytest
from django.utils import timezone

from clinical.criteria.from_facts import HELD
from clinical.vocabulary import vocabulary
from tests import make
from workflows import services
from workflows.criteria import criteria_of

FACTS = {
    "tri_history": {"hx.progression": "chronic_progressive", "hx.attacks_count": 2},
    "tri_exam": {
        "ex.umn_in": ["bulbar", "cervical"],
        "ex.lmn_in": ["bulbar", "cervical"],
        "ex.bilateral_weakness": False,
    },
    "tri_mri_spine": {"mri.ms_regions": 4, "mri.cord_lesion_count": 0},
}


@pytest.fixture
def chart(case, client, doctor):
    """The page of a case on every pathway that has criteria, with three reports."""
    for pathway in {each.pathway for each in HELD.values()}:
        services.start_pathway(case, pathway, by=doctor, at=timezone.now())
    for code, facts in FACTS.items():
        make.reported(case.steps.get(code=code), doctor, facts)
    case.refresh_from_db()
    client.force_login(doctor)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    card = page.partition('id="h-crit"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", card)


def test_each_criterion_says_what_is_met_not_met_and_unknown_and_on_what_it_rests(chart, case):
    assert chart.count("<details") == len(HELD)
    for code, criterion in HELD.items():
        own = chart.partition(f">{vocabulary().criteria[code].label}<")[2].partition("</details>")[
            0
        ]
        assert criterion.source in own
        for each in criterion.inputs:
            assert f"{each.label}: <b" in own, (code, each.label)
    exam = case.steps.get(code="tri_exam")
    gold = chart.partition("Gold Coast criteria 2020")[2].partition("</details>")[0]
    assert "Not yet known. Met if a clinician affirms: other causes excluded" in gold
    assert 'Upper motor neuron signs: <b class="fw-6">met</b>' in gold
    assert f'Upper motor neuron signs in: bulbar, cervical, <a href="/steps/{exam.pk}/">' in gold
    assert 'Other causes excluded: <b class="fw-6">for a clinician to judge</b>' in gold
    brighton = chart.partition("Brighton criteria for GBS")[2].partition("</details>")[0]
    assert 'Flaccid weakness on both sides: <b class="fw-6">not met</b>' in brighton
    assert "No case of GBS" in brighton
    assert "Would settle it" not in brighton
    assert "The system proposes; a clinician decides" in chart


def test_it_costs_no_query_stores_nothing_and_shows_what_a_clinician_recorded(
    chart, case, doctor, django_assert_num_queries
):
    assert not [path for path in case.facts if path.startswith("crit.")]
    step = case.steps.filter(pathway="als", captures__contains=["crit:gold_coast_2020"]).get()
    make.reported(step, doctor, {"crit.gold_coast_2020": "met"})
    case.refresh_from_db()
    steps, running = list(case.steps.all()), {row.pathway for row in case.pathways.all()}
    with django_assert_num_queries(0):
        found = {each.found.criterion.code: each for each in criteria_of(case, steps, running)}
    assert found["gold_coast_2020"].recorded.step == step
    assert found["awaji_2008"].recorded is None


def test_a_case_without_such_a_pathway_has_no_criteria(client, case, doctor):
    client.force_login(doctor)
    assert "h-crit" not in client.get(f"/cases/{case.pk}/").content.decode()
