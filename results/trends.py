"""How a measure went: every value of a patient over all tests, with its limits, oldest first.

A measure is named by its fact path: `lab.ck.value`, `resp.fvc_upright_pct`, `scale.alsfrs_r.total`.
Who may see the patient is the caller's question.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q

from results.cardiac.models import CardiacValue
from results.labs.models import LabValue
from results.other.models import OtherValue
from workflows.models import Step

LAB_ROWS = (LabValue, CardiacValue, OtherValue)
COURSES = ("lab", "scale", "resp", "card", "ex", "ncs", "rns", "emg", "mri")  # families of facts


@dataclass(frozen=True)
class Point:
    """One value (in the vocabulary's unit) of one day; limits are those of its own report."""

    on: date
    value: float
    low: float | None = None
    high: float | None = None
    flag: str = ""
    preliminary: bool = False
    step_id: int = 0
    change: float | None = None  # since the value before
    usual: bool = False  # the limits are not those of the report but the vocabulary's


def trend(patient_id, path):
    """The points of one measure."""
    return trends(patient_id, [path])[path]


def trends(patient_id, paths, without_step=None):
    """{path: [Point]} for all paths in as many queries as for one. `without_step`: leave it out."""
    found = {path: [] for path in paths}
    if not found:
        return found
    named = reduce(or_, (Q(facts__has_key=path) for path in paths))
    steps = Step.objects.filter(named, patient_id=patient_id, twin_of=None)
    steps = steps.exclude(performed_on=None).exclude(pk=without_step)
    steps = list(
        steps.order_by("performed_on", "pk").only("performed_on", "facts", "result_status")
    )
    rows = _lab_rows(steps, paths)
    for step in steps:
        for path in paths:
            value = step.facts.get(path)
            if is_number(value):
                before = found[path][-1].value if found[path] else None
                found[path].append(_point(step, value, before, rows.get((step.pk, path))))
    return found


def measured_twice(patient_id):
    """{path: [Point]} of every number that two tests of the patient or more have given.

    A multiple of the upper limit is left out where the value itself is known.
    """
    steps = Step.objects.filter(patient_id=patient_id, twin_of=None).exclude(performed_on=None)
    times = Counter(
        path
        for facts in steps.values_list("facts", flat=True)
        for path, value in facts.items()
        if path.split(".")[0] in COURSES and is_number(value)
    )
    paths = {path for path, count in times.items() if count > 1}
    paths -= {path.replace(".value", ".x_uln") for path in paths if path.endswith(".value")}
    return trends(patient_id, sorted(paths))


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def _lab_rows(steps, paths):
    """{(step, path): the row that holds the value with its limits}, of current reports."""
    codes = [path.split(".")[1] for path in paths if path.startswith("lab.")]
    keys = [step.pk for step in steps]
    if not codes or not keys:
        return {}
    found = {}
    for model in LAB_ROWS:
        rows = model.objects.filter(analyte__in=codes, result__step_id__in=keys)
        rows = rows.filter(result__replaced_by=None).select_related("result")
        found |= {(row.result.step_id, f"lab.{row.analyte}.value"): row for row in rows}
    return found


def _point(step, value, before, row):
    low, high = (None, None) if row is None else (row.in_our_unit(n) for n in (row.low, row.high))
    return Point(
        on=step.performed_on,
        value=value,
        low=low,
        high=high,
        flag="" if row is None else row.flag,
        preliminary=step.result_status == "preliminary",
        step_id=step.pk,
        change=None if before is None else round(value - before, 6),
    )
