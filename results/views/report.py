"""The report that stands, with its history; and taking it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from patients.models import clinics_for
from results import describe, letter, versions
from results.attachments import services as attachments
from results.attachments.forms import AttachForm
from results.base import Status
from results.forms import RetractForm
from results.registry import MODALITIES
from results.services import current_result, mark_entered_in_error
from results.views.pages import act, page, step_of


@require_GET
def detail(request, pk):
    """The report that stands, and each earlier version beside its correction."""
    step = step_of(request, pk, may="see")
    found = versions.all_of(step)
    if not found:
        raise Http404
    return page(
        request,
        "detail",
        step,
        result=found[0],
        entries=describe.entries(found[0], without=MODALITIES[step.modality].shown_apart),
        attached=attachments.of_step(step),
        uploads=AttachForm(),
        letter=letter.paragraph(found[0], step.label),
        changes=versions.changes(found),
        may_record=step.clinic_id in clinics_for(request.user, "record"),
        beside=MODALITIES[step.modality].beside(found[0], request.user),
    )


@require_GET
def text(request, pk):
    """The report as a paragraph for the letter."""
    step = step_of(request, pk, may="see")
    result = current_result(step)
    if result is None:
        raise Http404
    answer = letter.paragraph(result, step.label)
    return HttpResponse(answer, content_type="text/plain; charset=utf-8")


@require_http_methods(["GET", "POST"])
def retract(request, pk):
    """Take a report back that was entered in error; asks why."""
    step = step_of(request, pk, may="record")
    standing = current_result(step)
    if standing is None or standing.status == Status.ENTERED_IN_ERROR:
        return redirect("results:detail", step.pk)
    form = RetractForm(request.POST or None, initial={"version": step.version})
    if form.is_valid():
        try:
            mark_entered_in_error(
                step, reason=form.cleaned_data["correction_reason"], **act(request, form)
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Taken back. Its values no longer count.")
            return redirect("results:detail", step.pk)
    return page(request, "retract", step, form=form, result=standing)
