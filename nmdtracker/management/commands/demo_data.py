"""manage.py demo_data --patients N --seed S: an invented cohort, and three people to sign in as."""

import os
import random
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import timedelta
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.utils import timezone
from tqdm import tqdm

from accounts.models import Clinic
from accounts.rls import ALL, clinics
from nmdtracker.demo import people
from nmdtracker.demo.play import Play
from patients.services import create_patient
from workflows.reminders.plan import plan_cases, plan_later
from workflows.services import open_case

COAST = 0.15  # share of the second clinic, which shows that clinics do not see each other
OLDEST_DAYS = 240


class Command(BaseCommand):
    help = "Make a cohort of invented patients; prints three sign-ins."

    def add_arguments(self, parser):
        parser.add_argument("--patients", type=int, default=300)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--processes", type=int, default=min(2, os.cpu_count() or 1))

    def handle(self, *, patients, seed, processes, **options):
        if patients < 1:
            raise CommandError("--patients: write a number of 1 or more.")
        now = timezone.now()
        with clinics(ALL):
            if Clinic.objects.filter(code="DEMO").exists():
                raise CommandError("The demo's clinic is there already; nothing was changed.")
            _, _, password = people.make_staff(timezone.localdate())
        bar = tqdm(total=patients, unit="patient", disable=not sys.stderr.isatty())
        for _ in _each(range(patients), seed, now, processes):
            bar.update()
        bar.close()
        self._print_sign_ins(patients, password)

    def _print_sign_ins(self, patients, password):
        self.stdout.write(f"{patients} invented patients. Sign in at {settings.BASE_URL}/ as")
        for email, *_, role, _ in people.STAFF[: people.SIGN_INS]:
            self.stdout.write(f"  {role.value:<12} {email:<28} {password}")


def _each(numbers, seed, now, processes):
    """Play every patient; yields as each is done. Several processes give the same stories."""
    if processes == 1:
        yield from (play_patient(number, seed, now) for number in numbers)
        return
    connections.close_all()
    with ProcessPoolExecutor(processes, get_context("fork")) as pool:
        waiting = [pool.submit(play_patient, number, seed, now) for number in numbers]
        for each in as_completed(waiting):
            yield each.result()


@cache
def cohort():
    path = Path(__file__).resolve().parents[2] / "demo" / "cohort.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def play_patient(number, seed, now):
    """One patient from referral to today; all chance comes from the seed and the number."""
    rng = random.Random(f"{seed}/{number}")
    scenarios = cohort()["scenarios"]
    scenario = rng.choices(scenarios, [each["weight"] for each in scenarios])[0]
    code = "COAST" if rng.random() < COAST else "DEMO"
    clinic = Clinic.objects.get(code=code)
    with clinics([clinic.pk]):
        staff = _staff(clinic)
        opened_at = now - timedelta(days=0.5 + OLDEST_DAYS * rng.random() ** 1.7)
        referral_on = opened_at.date()
        patient, mrn = people.invent_patient(
            rng, scenario, cohort()["names"], clinic, number, referral_on
        )
        memory = random.Random(f"{seed}/{number}/onset")
        onset, told = people.invent_onset(memory, scenario, patient, referral_on)
        clinician = rng.choice(staff["clinician"])
        coordinator = rng.choice([*staff["coordinator"], None])
        create_patient(patient, by=staff["coordinator"][0], mrn=mrn)
        with plan_later():
            case = open_case(
                patient,
                referral_on=referral_on,
                reason=scenario["reason"],
                symptoms=scenario["symptoms"],
                onset=onset,
                onset_text=told,
                urgency=scenario.get("urgency", "soon"),
                clinician=clinician,
                coordinator=coordinator,
                by=staff["coordinator"][0],
                at=opened_at,
            )
            play = Play(case, scenario, staff, now, rng.random())
            play.run()
            play.conclude()
        plan_cases(clinic, [case.pk], now)


def _staff(clinic):
    found = {"clinician": [], "coordinator": []}
    members = clinic.memberships.filter(role__in=found).select_related("user").order_by("pk")
    for membership in members:
        found[membership.role].append(membership.user)
    return found
