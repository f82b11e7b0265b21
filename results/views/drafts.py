"""A draft keeps itself while somebody types; it is never shown as a result."""

from django.contrib import messages
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from results.drafts import services as drafts
from results.drafts.models import Ended
from workflows.models import Step


@require_http_methods(["GET", "POST"])
def draft(request, pk):
    """Keep what stands in the form. A page that outlived its session asks for a fresh token."""
    step = _step(request, pk)
    if request.method == "GET":
        return JsonResponse({"token": get_token(request), "user": request.user.pk})
    try:
        kept_at = drafts.keep(step, request.POST, by=request.user, at=timezone.now())
    except drafts.Overtaken as later:
        return JsonResponse({"later": _clock(later.saved_at)}, status=409)
    return JsonResponse({"saved": _clock(kept_at)})


@require_POST
def discard(request, pk):
    """Stop offering the draft. Its row stays."""
    step = _step(request, pk)
    drafts.end(step, request.user, Ended.DISCARDED, timezone.now())
    messages.success(request, "The draft is discarded.")
    return redirect("results:record", step.pk)


def _step(request, pk):
    return get_object_or_404(Step.objects.for_user(request.user, may="record"), pk=pk)


def _clock(moment):
    return f"{timezone.localtime(moment):%H:%M:%S}"
