"""A patient's chart: the path as a picture, what comes next, what was found, what happened."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from audit.services import record
from patients.models import Patient, record_number
from patients.services import mark_viewed
from workflows import forms, services
from workflows.chart import chart_of
from workflows.charted import charted
from workflows.models import Case, Diagnosis, Proposal
from workflows.standing import with_standing
from workflows.views.acts import add_refusal, allowed


@require_GET
def patient(request, pk):
    """The newest case of a patient; a patient without one is offered to open one."""
    found = get_object_or_404(Patient.objects.for_user(request.user), pk=pk)
    newest = found.cases.order_by("-closed_at", "-opened_at").first()
    newest = found.cases.open().order_by("-opened_at").first() or newest
    if newest:
        return redirect("workflows:case", newest.pk)
    mark_viewed(found, request.user)
    may = allowed(request.user, found.clinic_id)
    context = {"patient": found, "may": may, "relatives": found.relatives.order_by("id")}
    return render(request, "workflows/patient.html", context)


def _case(request, pk, may):
    found = with_standing(Case.objects.for_user(request.user, may)).select_related(
        "patient", "clinic", "clinician", "coordinator"
    )
    found = get_object_or_404(found.annotate(record_number=record_number("patient_id")), pk=pk)
    found.patient.clinic, found.patient.record_number = found.clinic, found.record_number
    return found


@require_GET
def case(request, pk):
    found = charted(request.user, pk)
    if found is None:
        raise Http404
    record(
        request.user,
        "chart.view",
        clinic_id=found.clinic_id,
        patient_id=found.patient_id,
        case_id=found.pk,
    )
    context = chart_of(found)
    context["may"] = allowed(request.user, found.clinic_id)
    return render(request, "workflows/case.html", context)


@require_http_methods(["GET", "POST"])
def case_new(request, pk):
    found = get_object_or_404(Patient.objects.for_user(request.user, may="edit"), pk=pk)
    form = forms.CaseForm(request.POST or None, clinic_id=found.clinic_id, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.open_case(found, by=request.user, at=timezone.now(), **form.values())
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            return redirect("workflows:case", made.pk)
    mark_viewed(found, request.user)
    return render(request, "workflows/case_form.html", {"form": form, "patient": found})


@require_http_methods(["GET", "POST"])
def pathway_add(request, pk):
    found = _case(request, pk, may="decide")
    running = set(found.pathways.values_list("pathway", flat=True))
    form = forms.PathwayForm(request.POST or None, running=running)
    return _act(
        request,
        found,
        form,
        "Start another pathway",
        lambda data: services.start_pathway(
            found, data["pathway"], by=request.user, at=timezone.now()
        ),
    )


@require_http_methods(["GET", "POST"])
def step_add(request, pk):
    """Ask for a test that no pathway asks for now."""
    found = _case(request, pk, may="decide")
    return _act(
        request,
        found,
        forms.AddStepForm(request.POST or None),
        "Ask for a test",
        lambda data: services.ask_for(found, by=request.user, at=timezone.now(), **data),
        button="Ask for it",
    )


@require_http_methods(["GET", "POST"])
def diagnosis_add(request, pk):
    found = _case(request, pk, may="decide")
    form = forms.DiagnosisForm(request.POST or None)
    return _act(
        request,
        found,
        form,
        "Record a diagnosis",
        lambda data: services.set_diagnosis(found, by=request.user, at=timezone.now(), **data),
    )


@require_http_methods(["GET", "POST"])
def diagnosis_tell(request, pk):
    diagnosis = get_object_or_404(
        Diagnosis.objects.for_user(request.user, may="decide").current(), pk=pk
    )
    found = _case(request, diagnosis.case_id, may="decide")
    form = forms.TellDiagnosisForm(request.POST or None)
    return _act(
        request,
        found,
        form,
        f"Tell the patient: {diagnosis.label}, {diagnosis.get_certainty_display()}",
        lambda data: services.tell_diagnosis(diagnosis, by=request.user, at=timezone.now(), **data),
        button="Told",
    )


@require_http_methods(["GET", "POST"])
def case_close(request, pk):
    found = _case(request, pk, may="decide")
    still_open = [step for step in found.steps.order_by("sort_on", "id") if step.is_open]
    form = forms.CloseForm(request.POST or None, steps=still_open)
    return _act(
        request,
        found,
        form,
        "Close the case",
        lambda data: services.close_case(found, by=request.user, at=timezone.now(), **data),
        button="Close the case",
        note="Tick every step that is no longer needed. A step that is left open keeps the case "
        "open: nothing disappears by closing.",
    )


@require_http_methods(["GET", "POST"])
def case_pause(request, pk):
    found = _case(request, pk, may="coordinate")
    form = forms.PauseForm(request.POST or None)
    return _act(
        request,
        found,
        form,
        "Pause the case",
        lambda data: services.pause(found, by=request.user, at=timezone.now(), **data),
        button="Pause",
        note="Nothing new is begun until that day; emergencies go on. What has been done is still "
        "reported, reviewed and told. On the day the case goes on by itself, and what was "
        "due later moves by as long as the pause lasted.",
    )


@require_http_methods(["GET", "POST"])
def case_go_on(request, pk):
    found = _case(request, pk, may="coordinate")
    return _act(
        request,
        found,
        forms.forms.Form(request.POST if request.method == "POST" else None),
        "Let the case go on",
        lambda data: services.go_on(found, by=request.user, at=timezone.now()),
        button="Go on",
        note="The pause ends today; due days move by as long as it lasted.",
    )


def _act(request, found, form, title, do, *, button="Save", note=""):
    """Ask, do, go back to the chart; a refusal stands beside its field."""
    if request.method == "POST" and form.is_valid():
        try:
            do(form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"{title}: done.")
            return redirect("workflows:case", found.pk)
    mark_viewed(found.patient, request.user, case_id=found.pk)
    context = {
        "form": form,
        "title": title,
        "button": button,
        "note": note,
        "case": found,
        "patient": found.patient,
    }
    return render(request, "workflows/case_act.html", context)


@require_http_methods(["POST"])
def proposal(request, pk, decision):
    """Accept or decline what a rule proposed."""
    if decision not in ("accept", "decline"):
        raise Http404
    found = get_object_or_404(Proposal.objects.for_user(request.user, may="decide"), pk=pk)
    try:
        if decision == "accept":
            services.accept(found, by=request.user, at=timezone.now())
        else:
            reason = request.POST.get("reason", "")[:300]
            services.decline_proposal(found, reason=reason, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        word = {"accept": "Accepted", "decline": "Declined"}[decision]
        messages.success(request, f"{word}: {found.text}")
    if request.POST.get("from") == "contradictions":
        return redirect("workflows:contradictions")
    return redirect(f"/cases/{found.case_id}/#proposals")


@require_http_methods(["POST"])
def rule_accept(request, pk, rule):
    """Accept all that one rule proposed: its actions have one reason and one source."""
    found = _case(request, pk, may="decide")
    try:
        count = services.accept_rule(found, rule, by=request.user, at=timezone.now())
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Accepted: {count} proposals of one rule.")
    return redirect(f"/cases/{found.pk}/#proposals")
