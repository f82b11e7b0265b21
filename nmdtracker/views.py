"""Pages about the running system: is it alive, what mail went out."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from audit.services import record
from nmdtracker import components as parts
from nmdtracker.embedded import outbox as sink
from nmdtracker.guard import weakness
from patients.models import clinics_for


@login_not_required
@require_GET
def live(request):
    return JsonResponse({"status": "alive"})


@login_not_required
@require_GET
def ready(request):
    """503 while the database does not answer or the site could look past row-level security."""
    if found := weakness():
        return JsonResponse({"status": found}, status=503)
    return JsonResponse({"status": "ready"})


@require_GET
def outbox(request):
    """Messages that the local mail sink took. For admins of a clinic; others find nothing here."""
    if not clinics_for(request.user, may="administer"):
        raise Http404
    record(request.user, "outbox.view")
    return render(request, "outbox.html", {"messages_sent": sink.messages()[:100]})


@require_GET
def components(request):
    """Every part of the screens on one page, for whoever builds or judges them."""
    return render(request, "components.html", parts.samples(timezone.localdate()))
