"""The patient's earlier examinations: what a new one is compared with."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from results.base import Status

MOST = 20  # visits that are looked through


@dataclass(frozen=True)
class Visit:
    """One examination: {(movement, side): grade}, {(reflex, side): value}, {scale: total}."""

    on: date | None
    grades: dict
    reflexes: dict
    totals: dict


def earlier(model, patient_id, step_id, day=None):
    """Visits of other steps up to `day`, newest first, in one query. `model`: ExamResult."""
    found = model.objects.filter(
        step__patient_id=patient_id,
        replaced_by=None,
        status__in=[Status.FINAL, Status.CORRECTED],
    ).exclude(step_id=step_id)
    if day:
        found = found.filter(performed_on__lte=day)
    rows = found.order_by("-performed_on", "-pk").values_list(
        "performed_on",
        _lines(model, "strengths", "movement", "side", "grade"),
        _lines(model, "reflexes", "reflex", "side", "value"),
        _lines(model, "scores", "scale", "total"),
    )
    return [_visit(*row) for row in rows[:MOST]]


def _lines(model, name, *columns):
    """The rows `name` of each examination as JSON."""
    rows = getattr(model, name).rel.related_model.objects.filter(result_id=OuterRef("pk"))
    return ArraySubquery(rows.values(line=JSONObject(**{column: column for column in columns})))


def _visit(on, strengths, reflexes, scores):
    return Visit(
        on,
        {(line["movement"], line["side"]): line["grade"] for line in strengths},
        {(line["reflex"], line["side"]): line["value"] for line in reflexes},
        {
            line["scale"]: Decimal(str(line["total"]))
            for line in scores
            if line["total"] is not None
        },
    )


def last_graded(visits):
    """The latest visit with a strength grid, or None."""
    return next((visit for visit in visits if visit.grades), None)


def last_scored(visits, scale):
    """The latest visit with a total of this scale, or None."""
    return next((visit for visit in visits if scale in visit.totals), None)
