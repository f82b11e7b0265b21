"""Files of a step: attach, look, withdraw. They lie outside the web root; this is the one door."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from results.attachments import services
from results.attachments.forms import AttachForm, WithdrawForm
from results.attachments.models import Attachment
from results.views.pages import log_look, page, step_of


@require_http_methods(["GET", "POST"])
def attach(request, pk):
    """Add files without a new version of the report."""
    step = step_of(request, pk, may="record")
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AttachForm(*sent, required=True)
    if form.is_valid():
        rows = services.attach(
            step, form.cleaned_data["attach"], by=request.user, at=timezone.now()
        )
        messages.success(request, f"{len(rows)} file{'s' if len(rows) > 1 else ''} attached.")
        return redirect("results:detail" if step.result_status else "results:record", step.pk)
    status = 422 if sent else 200
    attached = services.of_step(step)
    return page(request, "attach", step, status=status, uploads=form, attached=attached)


@require_GET
def file(request, pk):
    """The file itself, as what it is. Each look is on record."""
    found = _attachment(request, pk, may="see")
    log_look(request, found.step, "attachment.view", attachment=found.pk)
    try:
        content = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(content, content_type=found.kind, filename=found.download_name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "POST"])
def withdraw(request, pk):
    """Take a file back; asks why. It stays where it is, marked."""
    found = _attachment(request, pk, may="record")
    step = step_of(request, found.step_id, may="record")
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            services.withdraw(found, reason=reason, by=request.user, at=timezone.now())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "Withdrawn. The file is kept, and marked.")
            return redirect("results:detail" if step.result_status else "results:record", step.pk)
    status = 422 if form.errors else 200
    return page(request, "withdraw", step, status=status, form=form, attachment=found)


def _attachment(request, pk, may):
    found = Attachment.objects.for_user(request.user, may).select_related("step")
    return get_object_or_404(found, pk=pk)
