"""Pages of genetics alone: another class for a variant."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from results.base import Status
from results.genetics.reclassify import ReclassifyForm, reclassify
from results.services import current_result
from results.views.pages import page, step_of
from workflows.views.acts import add_refusal


@require_http_methods(["GET", "POST"])
def reclassify_variant(request, pk, position):
    """A class that a laboratory has changed; the report is reviewed and told again."""
    step = step_of(request, pk, may="record")
    standing = current_result(step) if step.modality == "genetics" else None
    if standing is None or standing.status not in (Status.FINAL, Status.CORRECTED):
        raise Http404
    variants = standing.rows("variants")
    if position >= len(variants):
        raise Http404
    variant = variants[position]
    form = ReclassifyForm(
        request.POST or None,
        variant=variant,
        conclusion=standing.result_summary,
        initial={"version": step.version},
    )
    if form.is_valid():
        try:
            reclassify(step, position, by=request.user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "The new class is on record; review it and tell the patient.")
            return redirect("results:detail", step.pk)
    return page(request, "reclassify", step, form=form, result=standing, variant=variant)
