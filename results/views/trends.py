"""How the numbers of a patient went: all of them in a list, one of them as a chart and a table."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from audit.services import record
from patients.models import Patient, record_number
from results.measures import measure_of, measures_of

FEW = 6  # that the list shows without being asked for more


def patient_of(request, pk, verb):
    """The patient, or 404 where she is not the user's; that somebody looked is on record."""
    found = Patient.objects.for_user(request.user).select_related("clinic")
    patient = get_object_or_404(found.annotate(record_number=record_number()), pk=pk)
    record(request.user, verb, clinic_id=patient.clinic_id, patient_id=patient.pk)
    return patient


@require_GET
def trends(request, pk):
    """Every number that was measured more than once; the chart asks for it as a part."""
    patient = patient_of(request, pk, "trend.view")
    measures = measures_of(patient)
    few, more = (measures[:FEW], measures[FEW:]) if request.htmx else (measures, [])
    context = {"patient": patient, "few": few, "more": more, "count": len(measures)}
    template = "results/_trends.html" if request.htmx else "results/trends.html"
    return render(request, template, context)


@require_GET
def trend(request, pk, path):
    """One number as a chart, and the same values as a table."""
    patient = patient_of(request, pk, "trend.view")
    measure = measure_of(patient, path)
    if measure is None:
        raise Http404
    return render(request, "results/trend.html", {"patient": patient, "measure": measure})
