"""Invented people: who works in the demo's clinics, and who comes to them."""

import secrets
from datetime import date, timedelta

from accounts.models import Clinic, Membership, Role, User
from patients.models import Patient
from patients.partial import UNKNOWN, PartialDate, Precision

CLINICS = [("DEMO", "Northfield Neuromuscular"), ("COAST", "Harbour Neuromuscular")]
STAFF = [  # e-mail, title, given, family, role, clinics; the first of each role signs in
    ("clinician@demo.example", "Dr", "Miriam", "Castell", Role.CLINICIAN, ["DEMO"]),
    ("coordinator@demo.example", "", "Noor", "Hendriks", Role.COORDINATOR, ["DEMO"]),
    ("admin@demo.example", "Prof", "Yuki", "Brandvold", Role.ADMIN, ["DEMO", "COAST"]),
    ("okoro@demo.example", "Dr", "Anselm", "Okoro", Role.CLINICIAN, ["DEMO"]),
    ("kessler@demo.example", "", "Ruth", "Kessler", Role.COORDINATOR, ["DEMO"]),
    ("almeida@demo.example", "Dr", "Rafael", "Almeida", Role.CLINICIAN, ["COAST"]),
    ("doyle@demo.example", "", "Siobhan", "Doyle", Role.COORDINATOR, ["COAST"]),
]
SIGN_INS = 3
LONGEST = {"emergency": 20, "urgent": 300, "soon": 1100, "routine": 2000}  # days before referral
EXACT_DAYS, MONTH_DAYS = 60, 500  # remembered to the day, to the month; longer ago to the year
WORDS = (
    "amber birch cedar delta ember fjord grove heron indigo jasper kelp linden maple nettle "
    "oriole pepper quartz raven sorrel thistle umber violet willow yarrow zephyr"
)


def make_staff(today):
    """({clinic code: Clinic}, {(clinic code, role): [User]}, password). Made once."""
    words = [secrets.choice(WORDS.split()) for _ in range(4)]
    password = "-".join([*words, str(10 + secrets.randbelow(90))])
    clinics = {
        code: Clinic.objects.create(code=code, name=name, country="GB") for code, name in CLINICS
    }
    staff = {}
    for n, (email, title, given, family, role, codes) in enumerate(STAFF):
        user = User.objects.create_user(
            email,
            password if n < SIGN_INS else None,
            title=title,
            given_name=given,
            family_name=family,
        )
        for code in codes:
            Membership.objects.create(
                user=user, clinic=clinics[code], role=role, starts_on=today - timedelta(days=900)
            )
            staff.setdefault((code, role), []).append(user)
    return clinics, staff, password


def invent_patient(rng, scenario, names, clinic, number, referral_on):
    """(unsaved Patient, MRN) who fits the scenario's age and sex."""
    sex = "male" if rng.random() < scenario["male"] else "female"
    culture = rng.choice(names)
    youngest, oldest = scenario["age"]
    age_days = rng.uniform(youngest, oldest) * 365.25
    born = referral_on - timedelta(days=round(age_days))
    precision = Precision.YEAR if rng.random() < 0.04 else Precision.DAY
    patient = Patient(
        clinic=clinic,
        given_names=rng.choice(culture[sex]),
        family_name=rng.choice(culture["family"]),
        birth_on=date(born.year, 1, 1) if precision == Precision.YEAR else born,
        birth_precision=precision,
        sex=sex,
    )
    return patient, f"{number:04d}-{rng.randrange(1000, 9999)}"


def invent_onset(rng, scenario, patient, referral_on):
    """(PartialDate, words) of the first symptom: the longer ago, the less exactly remembered."""
    longest = min(LONGEST[scenario.get("urgency", "soon")], (referral_on - patient.birth_on).days)
    days = rng.randint(min(3, longest), longest)
    on = referral_on - timedelta(days=days)
    if rng.random() < 0.08:
        return UNKNOWN, "nobody remembers when"
    if days <= EXACT_DAYS:
        return PartialDate(on, Precision.DAY), ""
    if days <= MONTH_DAYS:
        return PartialDate(on.replace(day=1), Precision.MONTH), ""
    season = ("winter", "spring", "summer", "autumn")[on.month % 12 // 3]
    return PartialDate(on.replace(month=1, day=1), Precision.YEAR), f"{season} {on.year}"
