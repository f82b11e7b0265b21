"""Find a patient, take her details down, correct them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from audit.services import record
from patients import services
from patients.forms import PatientForm, RelativeForm
from patients.models import Patient, clinics_for
from patients.search import SHORTEST, likely_doubles, search


@require_GET
def search_page(request):
    text = request.GET.get("q", "").strip()[:100]
    found = search(request.user, text) if text else []
    if text:
        record(request.user, "patient.search", found=len(found), letters=len(text))
    context = {
        "q": text,
        "found": found,
        "too_short": bool(text) and len(text) < SHORTEST,
        "may_add": bool(clinics_for(request.user, may="edit")),
    }
    template = "patients/_found.html" if request.htmx else "patients/search.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
def new(request):
    clinics = clinics_for(request.user, may="edit")
    if not clinics:
        raise Http404
    form = PatientForm(request.POST or None, clinics=clinics)
    doubles = []
    if request.method == "POST" and form.is_valid():
        doubles = likely_doubles(form.instance, form.cleaned_data["mrn"])
        if not doubles or request.POST.get("another") == "1":
            patient = _create(form, request.user)
            return redirect("workflows:case_new", patient.pk)
    return render(request, "patients/form.html", {"form": form, "doubles": doubles})


def _create(form, by):
    return services.create_patient(form.instance, by=by, mrn=form.cleaned_data["mrn"])


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    patient = get_object_or_404(Patient.objects.for_user(request.user, may="edit"), pk=pk)
    clinics = clinics_for(request.user, may="edit")
    form = PatientForm(request.POST or None, instance=patient, clinics=clinics)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                services.edit_patient(
                    form.instance,
                    version=form.cleaned_data["version"],
                    mrn=form.cleaned_data["mrn"],
                    by=request.user,
                )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect("workflows:patient", patient.pk)
    services.mark_viewed(patient, request.user)
    stands = Patient.objects.get(pk=patient.pk)
    context = {"form": form, "patient": stands, "relatives": stands.relatives.order_by("id")}
    return render(request, "patients/form.html", context)


@require_http_methods(["GET", "POST"])
def relative(request, pk, relative=None):
    patient = get_object_or_404(Patient.objects.for_user(request.user, may="edit"), pk=pk)
    instance = get_object_or_404(patient.relatives, pk=relative) if relative else None
    form = RelativeForm(request.POST or None, instance=instance, patient=patient)
    if request.method == "POST" and form.is_valid():
        services.save_relative(form.save(commit=False), patient=patient, by=request.user)
        return redirect("workflows:patient", patient.pk)
    services.mark_viewed(patient, request.user)
    return render(request, "patients/relative.html", {"form": form, "patient": patient})
