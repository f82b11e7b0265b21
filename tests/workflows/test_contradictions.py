"""Contradictions on the chart, on a person's day and on their own list."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests import make
from workflows import services
from workflows.models import Proposal

NOW = timezone.now


@pytest.fixture
def contradicting(case, doctor):
    """CK of twelve times the limit beside an EMG of the motor neuron kind."""
    services.start_pathway(case, "als", by=doctor, at=NOW())
    make.reported(case.steps.get(code="tri_labs"), doctor, {"lab.ck.x_uln": 12.0})
    emg = case.steps.filter(modality="emg").first()
    make.reported(emg, doctor, {"emg.conclusion": ["mnd_widespread"]})
    return case


def open_ones(case):
    return list(case.proposals.contradictions())


def test_two_findings_that_do_not_fit_are_raised_once_with_both_facts(contradicting, doctor):
    (found,) = open_ones(contradicting)
    assert found.rule == "x_high_ck_neurogenic_emg"
    assert found.facts == {"lab.ck.x_uln": 12.0, "emg.conclusion": ["mnd_widespread"]}
    make.reported(contradicting.steps.get(code="tri_exam"), doctor, {"ex.umn_regions": 1})
    assert len(open_ones(contradicting)) == 1


def test_it_is_set_aside_only_with_a_reason_and_stays_so(contradicting, doctor):
    (found,) = open_ones(contradicting)
    with pytest.raises(ValidationError, match="reason"):
        services.decline_proposal(found, reason=" ", by=doctor, at=NOW())
    with pytest.raises(ValidationError, match="settles it"):
        services.accept(found, by=doctor, at=NOW())
    services.decline_proposal(found, reason="Kennedy disease, both true", by=doctor, at=NOW())
    assert open_ones(contradicting) == []
    found.refresh_from_db()
    assert (found.state, found.decided_by) == ("declined", doctor)


def test_a_result_that_settles_it_takes_it_off_the_list(contradicting, doctor):
    make.reported(contradicting.steps.get(code="tri_labs"), doctor, {"lab.ck.x_uln": 1.5})
    assert open_ones(contradicting) == []
    assert Proposal.objects.get(case=contradicting, kind="contradiction").state == "withdrawn"


def test_each_page_shows_both_findings_their_reports_and_the_source(client, contradicting, doctor):
    labs = contradicting.steps.get(code="tri_labs").pk
    client.force_login(doctor)
    for address in (f"/cases/{contradicting.pk}/", "/contradictions/", "/contradictions/?mine=1"):
        page = client.get(address).content.decode()
        for words in ("High CK with a neurogenic EMG", "12", "otor neuron", "EFNS", "settle it"):
            assert words in page, (address, words)
        assert f"/steps/{labs}/" in page
    assert "High CK with a neurogenic EMG" in client.get("/").content.decode()


def test_it_is_set_aside_from_the_list(client, contradicting, doctor, coordinator):
    (found,) = open_ones(contradicting)
    client.force_login(doctor)
    answer = client.post(
        f"/proposals/{found.pk}/decline/", {"reason": "both true", "from": "contradictions"}
    )
    assert answer.headers["Location"] == "/contradictions/"
    assert "No two findings" in client.get("/contradictions/").content.decode()


def test_a_coordinator_reads_and_does_not_decide(client, contradicting, coordinator):
    client.force_login(coordinator)
    page = client.get("/contradictions/").content.decode()
    assert "High CK" in page
    assert "Set aside" not in page
    assert client.get("/contradictions/?mine=1").content.decode().count("High CK") == 0


def test_the_list_asks_no_more_for_more_rows(
    client, contradicting, doctor, clinic, django_assert_max_num_queries
):
    client.force_login(doctor)
    with django_assert_max_num_queries(12) as few:
        client.get("/contradictions/")
    for number in range(3):
        other = make.case(make.patient(clinic, mrn=f"M{number}"), by=doctor)
        other.proposals.create(
            clinic=clinic,
            patient=other.patient,
            key=f"x{number}",
            kind="contradiction",
            rule="x_high_ck_neurogenic_emg",
            text="High CK with a neurogenic EMG",
            params={"settle": "repeat"},
            facts={"lab.ck.x_uln": 9},
            raised_at=NOW(),
        )
    with django_assert_max_num_queries(len(few)):
        page = client.get("/contradictions/").content.decode()
    assert page.count("High CK with a neurogenic EMG") == 4
