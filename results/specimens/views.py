"""The specimens of a step: where each is, how it came there, and the next move."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from patients.models import clinics_for
from results.specimens.forms import MoveForm, SpecimenForm
from results.specimens.models import Kind, Specimen
from results.specimens.services import add_specimen, move_specimen, nothing_left, of_step
from results.views.pages import page, step_of


@require_http_methods(["GET", "POST"])
def specimens(request, pk):
    """All specimens of a step; a POST adds one."""
    step = step_of(request, pk, may="record" if request.method == "POST" else "see")
    form = SpecimenForm(request.POST or None, initial=_usual(step))
    if form.is_valid() and _done(
        form, lambda data: add_specimen(step, by=request.user, at=timezone.now(), **data)
    ):
        messages.success(request, f"{form.cleaned_data['label']} is on the list.")
        return redirect("results:specimens", step.pk)
    return _page(request, step, form)


@require_http_methods(["POST"])
def specimen_move(request, pk):
    """Write down what happened to one specimen."""
    found = get_object_or_404(Specimen.objects.for_user(request.user, may="record"), pk=pk)
    form = MoveForm(request.POST, prefix=f"s{found.pk}")
    if form.is_valid() and _done(
        form, lambda data: move_specimen(found, by=request.user, at=timezone.now(), **data)
    ):
        messages.success(request, f"{found.label}: {form.cleaned_data['move'].replace('_', ' ')}.")
        return redirect("results:specimens", found.step_id)
    step = step_of(request, found.step_id, may="record")
    fresh = SpecimenForm(initial=_usual(step))
    return _page(request, step, fresh, refused={found.pk: form})


def _usual(step):
    """What is most often taken for such a test, now."""
    kind = Kind.FROZEN if step.modality == "biopsy" else Kind.BLOOD
    return {"taken_at": timezone.localtime(), "kind": kind}


def _done(form, act):
    try:
        act(form.cleaned_data)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return False
    return True


def _page(request, step, form, refused=None):
    found = of_step(step)
    now = {"moved_at": timezone.localtime()}
    rows = [
        (each, (refused or {}).get(each.pk) or MoveForm(prefix=f"s{each.pk}", initial=now))
        for each in found
    ]
    wrong = bool(refused) or (form.is_bound and not form.is_valid())
    return page(
        request,
        "specimens",
        step,
        status=422 if wrong and not request.htmx else 200,
        form=form,
        rows=rows,
        nothing_left=nothing_left(step, found),
        may_record=step.clinic_id in clinics_for(request.user, "record"),
    )
