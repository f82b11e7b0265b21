"""Rows for tests, made the way the product makes them: through its services."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Clinic, Membership, User
from patients.models import Patient, Sex
from patients.partial import Precision
from patients.services import create_patient
from workflows import services

LONDON = ZoneInfo("Europe/London")
PASSWORD = "a long enough pass phrase"


def at(day, hour=9, minute=0):
    """An instant of a day (ISO text or date) in London."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


def clinic(code="north", **fields):
    return Clinic.objects.create(code=code, name=f"{code.title()} Neuromuscular", **fields)


@cache
def _hashed():
    """PASSWORD as it is kept. Hashing is slow on purpose; once a session is enough."""
    return make_password(PASSWORD)


def user(clinic=None, role="clinician", email=None, **fields):
    """A person; with a clinic also her role there, since before any day of a test."""
    email = email or f"{role}.{User.objects.count()}@example.org"
    names = {"given_name": role.title(), "family_name": f"Nr{User.objects.count()}"} | fields
    made = User.objects.create(email=email, password=_hashed(), **names)
    if clinic is not None:
        Membership.objects.create(user=made, clinic=clinic, role=role, starts_on="2020-01-01")
    return made


def patient(clinic, by=None, mrn="", born="1968-03-03", sex=Sex.FEMALE, **fields):
    names = {"given_names": "Ingrid", "family_name": "Vasquez-Holm"} | fields
    born = date.fromisoformat(born) if isinstance(born, str) else born
    row = Patient(
        clinic=clinic,
        sex=sex,
        birth_on=born,
        birth_precision=Precision.DAY if born else Precision.UNKNOWN,
        **names,
    )
    return create_patient(row, by=by, mrn=mrn)


def case(patient, by=None, on=None, **fields):
    """An open case, referred `on` (today)."""
    on = on or timezone.localdate()
    on = date.fromisoformat(on) if isinstance(on, str) else on
    return services.open_case(patient, referral_on=on, by=by, at=at(on), **fields)


def reported(step, by, facts, *, on=None, status="final", flag="normal", captures=None):
    """Put a result's facts on a step without a typed form (workflows knows no forms)."""
    on = on or timezone.localdate()
    on = date.fromisoformat(on) if isinstance(on, str) else on
    return services.report(
        step,
        facts=facts,
        captures=step.captures if captures is None else captures,
        summary="a result",
        flag=flag,
        status=status,
        performed_on=on,
        by=by,
        at=at(on, 12),
    )


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pdf(name="scan.pdf", content=PDF):
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, "application/pdf")
