"""What is known of a case: facts of all its results, its patient and its diagnoses."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from clinical.derive import AlsfrsR, CkValue, derive
from clinical.vocabulary import vocabulary
from patients.partial import UNKNOWN, Precision, parse
from workflows.models.step import ResultStatus

RANK = {"excluded": 1, "suspected": 2, "probable": 3, "confirmed": 4}


@dataclass(frozen=True)
class Finding:
    """A fact as it is shown; `step` reported it, None where a person stated it elsewhere."""

    path: str
    value: object
    step: object = None


def facts_of(case, steps, diagnoses, on):
    """{path: value}. A later test wins over an earlier one; what nobody established is absent.

    The order in which results arrive does not matter: they are sorted by the day of the test.
    """
    facts = {f"ph.{code}": "present" for code in case.symptoms}
    reported = [step for step in steps if counts(step)]
    for step in sorted(reported, key=lambda step: (step.performed_on, step.code)):
        facts |= step.facts
    facts |= _of_patient(case.patient, on) | _of_diagnoses(diagnoses)
    onset = onset_of(case, facts)
    return derive(facts, ck_values=_ck_values(reported), alsfrs_r=_alsfrs_r(onset, reported))


def counts(step):
    """A preliminary report gives its facts (rules see danger early); one in error gives none."""
    return bool(
        step.performed_on
        and step.result_status
        and step.result_status != ResultStatus.ENTERED_IN_ERROR
    )


def sources_of(steps):
    """{path: the report that a fact comes from}; the latest test wins, as in facts_of."""
    found = {}
    for step in sorted(filter(counts, steps), key=lambda step: (step.performed_on, step.code)):
        found.update(dict.fromkeys(step.facts, step))
    return found


def recorded_captures(steps):
    """{capture: (code of the step that answered it, day)}, the latest test winning.

    Decisions and referrals are not tests: no result of another step answers them.
    """
    found = {}
    finals = [step for step in steps if counts(step) and step.reported_at]
    for step in sorted(finals, key=lambda step: (step.performed_on, step.code)):
        for capture in step.captured:
            if capture.split(":")[0] not in ("other", "crit", "rehab"):
                found[capture] = (step.code, step.performed_on)
    return found


def _of_patient(patient, on):
    facts = {}
    age = patient.age_years(on)
    if age is not None:
        facts["pt.age_years"] = round(age, 3)
    if patient.sex != "unknown":
        facts["pt.sex"] = patient.sex
    return facts


def _of_diagnoses(diagnoses):
    facts = {}
    known = vocabulary().disorders
    for diagnosis in diagnoses:
        codes = [diagnosis.code] if diagnosis.code else []
        if diagnosis.code in known:
            codes.append(known[diagnosis.code].group)
        for code in codes:
            path = f"dx.{code}"
            if RANK[diagnosis.certainty] > RANK.get(facts.get(path), 0):
                facts[path] = diagnosis.certainty
    return facts


def _ck_values(steps):
    return [
        CkValue(on=step.performed_on, x_uln=step.facts["lab.ck.x_uln"])
        for step in steps
        if "lab.ck.x_uln" in step.facts
    ]


def onset_of(case, facts=None):
    """The first symptom as a PartialDate: by the history, else by the referral."""
    known = case.facts if facts is None else facts
    try:
        return parse(str(known.get("hx.onset_date") or case.onset))
    except ValidationError:  # told in words
        return UNKNOWN


def _alsfrs_r(onset, steps):
    """The latest total against an onset that is known to the month; else nothing to reckon from."""
    totals = [step for step in steps if "scale.alsfrs_r.total" in step.facts]
    if not totals or onset.precision not in (Precision.DAY, Precision.MONTH):
        return None
    last = max(totals, key=lambda step: (step.performed_on, step.code))
    return AlsfrsR(last.facts["scale.alsfrs_r.total"], (last.performed_on - onset.on).days)
