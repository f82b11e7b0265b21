"""How the numbers of a patient went: all of them in a list, one of them as a chart and a table."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.services import record
from results.measures import measure_of, measures_of
from results.views.pages import patient_of

FEW = 6  # that the list shows without being asked for more


def _seen(request, pk):
    patient = patient_of(request, pk)
    record(request.user, "trend.view", clinic_id=patient.clinic_id, patient_id=patient.pk)
    return patient


@require_GET
def trends(request, pk):
    """Every number that was measured more than once; the chart asks for it as a part."""
    patient = _seen(request, pk)
    measures = measures_of(patient)
    few, more = (measures[:FEW], measures[FEW:]) if request.htmx else (measures, [])
    context = {"patient": patient, "few": few, "more": more, "count": len(measures)}
    template = "results/_trends.html" if request.htmx else "results/trends.html"
    return render(request, template, context)


@require_GET
def trend(request, pk, path):
    """One number as a chart, and the same values as a table."""
    patient = _seen(request, pk)
    measure = measure_of(patient, path)
    if measure is None:
        raise Http404
    return render(request, "results/trend.html", {"patient": patient, "measure": measure})
