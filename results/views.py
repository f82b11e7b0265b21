"""One record, correct and detail view for every modality."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from audit import services as audit
from patients.models import clinics_for
from results import describe, versions
from results.base import Status
from results.forms import RetractForm
from results.registry import MODALITIES
from results.services import (
    correct_result,
    current_result,
    mark_entered_in_error,
    record_result,
)
from workflows.models import Step

FINAL = (Status.FINAL, Status.CORRECTED)


@require_http_methods(["GET", "POST"])
def record(request, pk):
    """A first report, preliminary or final; a final one is corrected, not recorded again."""
    step = _step(request, pk, may="record")
    standing = current_result(step) if step.result_status else None
    if standing and standing.status in FINAL and request.method == "GET":
        return redirect("results:correct", step.pk)
    if standing and standing.status == Status.ENTERED_IN_ERROR:
        standing = None  # taken back: the next report starts from nothing
    form = MODALITIES[step.modality].form(request.POST or None, step=step, standing=standing)
    if form.is_valid():
        draft = form.draft()
        try:
            record_result(step, draft, **_act(request, form))
        except ValidationError as refusal:
            return _refused(request, step, form, refusal)
        return _saved(request, step, draft)
    return _form_page(request, step, form, "record")


@require_http_methods(["GET", "POST"])
def correct(request, pk):
    """A new version of a final report; the earlier one stays on record."""
    step = _step(request, pk, may="record")
    standing = current_result(step)
    if standing is None or standing.status not in FINAL:
        return redirect("results:record", step.pk)
    form = MODALITIES[step.modality].form(
        request.POST or None, step=step, standing=standing, correcting=True
    )
    if form.is_valid():
        draft, reason = form.draft(), form.cleaned_data["correction_reason"]
        try:
            correct_result(step, draft, reason=reason, **_act(request, form))
        except ValidationError as refusal:
            return _refused(request, step, form, refusal)
        return _saved(request, step, draft)
    return _form_page(request, step, form, "correct")


@require_http_methods(["GET", "POST"])
def retract(request, pk):
    """Take a report back that was entered in error; asks why."""
    step = _step(request, pk, may="record")
    standing = current_result(step)
    if standing is None or standing.status == Status.ENTERED_IN_ERROR:
        return redirect("results:detail", step.pk)
    form = RetractForm(request.POST or None, initial={"version": step.version})
    if form.is_valid():
        try:
            mark_entered_in_error(
                step, reason=form.cleaned_data["correction_reason"], **_act(request, form)
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Taken back. Its values no longer count.")
            return redirect("results:detail", step.pk)
    return _render(request, "retract", step, form=form, result=standing)


@require_GET
def detail(request, pk):
    """The report that stands, and each earlier version beside its correction."""
    step = _step(request, pk, may="see")
    found = versions.all_of(step)
    if not found:
        raise Http404
    return _render(
        request,
        "detail",
        step,
        result=found[0],
        entries=describe.entries(found[0]),
        changes=versions.changes(found),
        may_record=step.clinic_id in clinics_for(request.user, "record"),
    )


def _step(request, pk, may):
    """The step, or 404 where it is not the user's; that she looked is on record."""
    found = Step.objects.for_user(request.user, may=may)
    found = found.select_related("patient", "clinic", "case__clinician", "case__clinic")
    step = get_object_or_404(found.prefetch_related("patient__identifiers"), pk=pk)
    if step.modality not in MODALITIES:
        raise Http404
    if request.method == "GET":
        audit.record(
            request.user,
            "result.view",
            clinic_id=step.clinic_id,
            patient_id=step.patient_id,
            case_id=step.case_id,
            step_id=step.pk,
        )
    return step


def _act(request, form):
    version = form.cleaned_data.get("version")
    return {"by": request.user, "at": timezone.now(), "version": version or 0}


def _saved(request, step, draft):
    word = draft.get_status_display().lower()
    messages.success(request, f"{step.label}: {word} report saved.")
    if draft.flag() == "critical":
        messages.warning(request, "This result is critical: review it today.")
    return redirect("workflows:step", step.pk)


def _refused(request, step, form, refusal):
    """Say why; after somebody else's save, show both versions and keep what was typed."""
    if getattr(refusal, "code", "") != "stale":
        form.add_error(None, refusal)
        return _form_page(request, step, form, "correct" if form.correcting else "record")
    step = _step(request, step.pk, may="record")
    theirs = current_result(step) if step.result_status else None
    mine = form.draft()
    correcting = bool(theirs and theirs.status in FINAL)
    form = MODALITIES[step.modality].form(
        _with_version(request.POST, step), step=step, standing=theirs, correcting=correcting
    )
    return _form_page(
        request,
        step,
        form,
        "correct" if correcting else "record",
        stale=str(refusal.messages[0]),
        theirs=theirs,
        pairs=[pair for pair in describe.pairs(theirs, mine) if pair.changed] if theirs else [],
        status=409,
    )


def _with_version(posted, step):
    """What was typed, with the token of what stands now: saving again is a decision."""
    posted = posted.copy()
    posted["version"] = step.version
    return posted


def _form_page(request, step, form, act, *, status=None, **more):
    """htmx swaps in only what comes with 200; a browser and a script learn the true status."""
    refused = form.is_bound and not form.is_valid()
    status = 200 if request.htmx else status or (422 if refused else 200)
    return _render(request, "record", step, form=form, act=act, status=status, **more)


def _render(request, page, step, *, status=200, **context):
    name = f"results/_{page}.html" if request.htmx else f"results/{page}.html"
    modality = MODALITIES[step.modality]
    context |= {"step": step, "patient": step.patient, "modality": modality, **_banner(step.case)}
    return render(request, name, context, status=status)


def _banner(case):
    """What the band with the patient's name shows of the case."""
    diagnoses = case.diagnoses.current().exclude(certainty="excluded")
    return {
        "case": case,
        "days_since_referral": (timezone.localdate() - case.referral_on).days,
        "diagnosis": diagnoses.order_by("-set_at").first(),
    }
