"""What every page about a step's result needs: the step under the one access rule, the frame."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from audit import services as audit
from patients.models import Patient, record_number
from results.registry import MODALITIES
from workflows.models import Step


def step_of(request, pk, may):
    """The step, or 404 where it is not the user's; that she looked is on record."""
    found = Step.objects.for_user(request.user, may=may)
    found = found.select_related(
        "patient", "clinic", "case__clinician", "case__clinic", "reviewed_by"
    )
    found = found.annotate(record_number=record_number("patient_id"))
    step = get_object_or_404(found, pk=pk)
    step.patient.record_number = step.record_number
    if step.modality not in MODALITIES:
        raise Http404
    if request.method == "GET":
        log_look(request, step)
    return step


def patient_of(request, pk):
    """The patient with what the band shows of her, or 404 where she is not the user's."""
    found = Patient.objects.for_user(request.user).select_related("clinic")
    return get_object_or_404(found.annotate(record_number=record_number()), pk=pk)


def log_look(request, step, verb="result.view", **detail):
    audit.record(
        request.user,
        verb,
        clinic_id=step.clinic_id,
        patient_id=step.patient_id,
        case_id=step.case_id,
        step_id=step.pk,
        **detail,
    )


def act(request, form):
    """Who acts, when, and on which version of the step."""
    version = form.cleaned_data.get("version")
    return {"by": request.user, "at": timezone.now(), "version": version or 0}


def page(request, name, step, *, status=200, **context):
    """A whole page, or for htmx the part of it that changes."""
    template = f"results/_{name}.html" if request.htmx else f"results/{name}.html"
    modality = MODALITIES[step.modality]
    context |= {"step": step, "patient": step.patient, "modality": modality, **_banner(step.case)}
    return render(request, template, context, status=status)


def _banner(case):
    """What the band with the patient's name shows of the case."""
    diagnoses = case.diagnoses.current().exclude(certainty="excluded")
    return {
        "case": case,
        "days_since_referral": (timezone.localdate() - case.referral_on).days,
        "diagnosis": diagnoses.order_by("-set_at").first(),
    }
