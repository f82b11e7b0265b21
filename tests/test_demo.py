"""The invented cohort: the same for the same seed, plausible, and made by acts."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from audit.models import Event
from nmdtracker.management.commands import demo_data
from patients.models import Patient
from workflows.models import Case, Proposal, Step

PATIENTS, FEW = 6, 3


def cohort(seed):
    """What a run makes, without its keys; the rows are taken back."""
    with transaction.atomic():
        call_command("demo_data", patients=FEW, seed=seed, processes=1)
        people = list(
            Patient.objects.order_by("search_key", "birth_on").values_list(
                "given_names", "family_name", "sex", "birth_on"
            )
        )
        steps = list(
            Step.objects.order_by("patient__search_key", "patient__birth_on", "code").values_list(
                "patient__search_key", "code", "stage", "performed_on", "summary"
            )
        )
        transaction.set_rollback(True)
    return people, steps


def test_a_seed_is_a_cohort(rows, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(demo_data.timezone, "now", lambda: now)
    first = cohort(7)
    assert cohort(7) == first
    assert cohort(8)[0] != first[0]


@pytest.fixture
def made(rows, capsys):
    call_command("demo_data", patients=PATIENTS, seed=3, processes=1)
    return capsys.readouterr().out


def test_it_is_plausible_and_made_by_acts(made):
    assert made.count("@demo.example") == 3
    assert Patient.objects.count() == Case.objects.count() == PATIENTS
    for case in Case.objects.select_related("patient"):
        assert case.patient.birth_on <= case.referral_on
        assert case.patient.search_key
    acts = set(Event.objects.values_list("verb", flat=True))
    assert {"case.open", "step.book", "step.report", "proposal.accept"} <= acts
    assert Event.objects.filter(at__gt=timezone.now() + timedelta(seconds=1)).count() == 0
    assert Proposal.objects.exclude(state="open").exists()
    for step in Step.objects.exclude(reported_at=None):
        assert step.summary
        assert Event.objects.filter(step_id=step.pk, verb="step.report").exists()


def test_it_is_not_made_twice(rows):
    call_command("demo_data", patients=1, seed=3, processes=1)
    with pytest.raises(CommandError, match="there already"):
        call_command("demo_data", patients=1, seed=1, processes=1)


@pytest.mark.parametrize("scenario", demo_data.cohort()["scenarios"], ids=lambda each: each["code"])
def test_every_scenario_can_be_played(rows, scenario):
    """Each illness of the cohort runs from referral to today without a refusal."""
    from nmdtracker.demo import people
    from nmdtracker.demo.play import Play
    from patients.services import create_patient
    from workflows.services import open_case

    now = timezone.now()
    clinics, staff, _ = people.make_staff(timezone.localdate())
    roles = {role.value: users for (code, role), users in staff.items() if code == "DEMO"}
    opened = now - timedelta(days=150)
    rng = demo_data.random.Random(1)
    names = demo_data.cohort()["names"]
    patient, mrn = people.invent_patient(rng, scenario, names, clinics["DEMO"], 1, opened.date())
    create_patient(patient, by=None, mrn=mrn)
    case = open_case(
        patient,
        referral_on=opened.date(),
        by=None,
        at=opened,
        symptoms=scenario["symptoms"],
        clinician=roles["clinician"][0],
    )
    play = Play(case, scenario, roles, now, 1)
    play.run()
    play.conclude()
    assert case.steps.exclude(reported_at=None).count() >= 3
    genes = case.steps.filter(modality="genetics", ordered_at__isnull=False, answered_by=None)
    assert not genes.filter(sent_to="").exists(), "the list can be filtered by laboratory"
