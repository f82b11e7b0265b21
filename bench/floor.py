"""Two pages over the product's schema, as small as Django allows: what a worklist costs at least.

`lean` shows flat rows, `full` model instances, both the fifty first open steps of one clinic with
the columns of the product's table in bare markup. No tabs, counts, filters, log or scope.
"""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from workflows.models import Step

PAGE = 50
COLUMNS = (
    "id case_id label modality urgency stage due_on ordered_at door_open_since summary "
    "owner__given_name owner__family_name patient__given_names patient__family_name "
    "patient__birth_on patient__sex"
)
NAMES = COLUMNS.split()


def _open(clinic):
    return Step.objects.open().filter(clinic_id=clinic).order_by("sort_on", "id")


@login_required
def lean(request, clinic):
    today = timezone.localdate()
    found = _open(clinic).values_list(*NAMES)[:PAGE]
    rows = [_flat(dict(zip(NAMES, values, strict=True)), today) for values in found]
    return render(request, "lean.html", {"rows": rows})


def _flat(row, today):
    row["name"] = f"{row['patient__given_names']} {row['patient__family_name']}"
    row["owner"] = f"{row['owner__given_name'] or ''} {row['owner__family_name'] or ''}"
    row["age"] = (today - row["patient__birth_on"]).days // 365
    row["days"] = (today - row["door_open_since"]).days if row["door_open_since"] else ""
    row["due"] = f"{row['due_on']:%d %b}" if row["due_on"] else ""
    row["ordered"] = f"{row['ordered_at']:%d %b}" if row["ordered_at"] else ""
    return row


@login_required
def full(request, clinic):
    rows = _open(clinic).select_related("patient", "case", "owner")[:PAGE]
    return render(request, "full.html", {"rows": rows})


urlpatterns = [path("lean/<int:clinic>/", lean), path("full/<int:clinic>/", full)]
