"""Absences: from when to when, and who stands in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Clinic
from audit.services import record
from patients.models import clinics_for
from workflows import forms, services
from workflows.models import Absence
from workflows.views.acts import add_refusal


@require_http_methods(["GET", "POST"])
def absences(request, code=None):
    """What is entered and to come in one clinic, and the form for one more."""
    places = list(Clinic.objects.filter(pk__in=clinics_for(request.user)).order_by("name"))
    clinic = _one_of(places, code)
    form = forms.AbsenceForm(request.POST or None, clinic=clinic, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_absence(
                clinic=clinic, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Entered: work moves on the first day, back after the last.")
            return redirect("workflows:absences_of", clinic.code)
    today = timezone.localdate()
    rows = Absence.objects.filter(clinic=clinic, ends_on__gte=today, cancelled_at=None)
    record(request.user, "absences.view", clinic_id=clinic.pk)
    context = {
        "form": form,
        "clinic": clinic,
        "clinics": places,
        "rows": rows.select_related("user", "deputy"),
        "today": today,
    }
    return render(request, "workflows/absences.html", context)


def _one_of(places, code):
    for clinic in places:
        if code in (None, clinic.code):
            return clinic
    raise Http404


@require_POST
def absence_cancel(request, pk):
    mine = Absence.objects.filter(clinic_id__in=clinics_for(request.user, "coordinate"))
    found = get_object_or_404(mine.select_related("clinic"), pk=pk)
    try:
        services.cancel_absence(found, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "Absence cancelled: what is hers is hers again.")
    return redirect("workflows:absences_of", found.clinic.code)
