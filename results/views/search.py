"""Find in all that is on record of one patient."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from audit.services import record
from results.matching import query
from results.search import search as search_in
from results.views.pages import patient_of

LONGEST = 100  # characters of what somebody types


@require_GET
def search(request, pk):
    """Hits by modality. That somebody looked is on record; what was typed is not."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    asked = query(text)
    patient = patient_of(request, pk)
    groups = [] if asked.is_too_short else search_in(patient, asked)
    count = sum(len(found) for _, found in groups)
    record(
        request.user,
        "chart.search",
        clinic_id=patient.clinic_id,
        patient_id=patient.pk,
        found=count,
        letters=len(text),
    )
    context = {"patient": patient, "q": text, "groups": groups, "count": count, "asked": asked}
    return render(request, "results/search.html", context)
