"""Every message of a clinic: what is planned, what went out, and what was given up."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from audit.services import record
from patients.models import clinics_for
from workflows.models import Reminder
from workflows.models.reminder import State
from workflows.reminders.again import send_again

SHOWN = 100
TABS = {
    "dead": ("Given up", [State.DEAD]),
    "planned": ("Planned", [State.PLANNED, State.LEASED, State.SENDING]),
    "sent": ("Sent", [State.SENT]),
    "withdrawn": ("Withdrawn", [State.WITHDRAWN]),
}


def given_up(user):
    """Messages that nobody got, in the clinics that the user administers."""
    return Reminder.objects.filter(
        clinic_id__in=clinics_for(user, may="administer"), state=State.DEAD
    )


@require_GET
def sent_mail(request):
    """For admins of a clinic; others find nothing here. No patient is named."""
    clinics = clinics_for(request.user, may="administer")
    if not clinics:
        raise Http404
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else "dead"
    order = "next_attempt_at" if tab == "planned" else "-pk"
    rows = Reminder.objects.filter(clinic_id__in=clinics, state__in=TABS[tab][1])
    rows = rows.select_related("recipient", "step").order_by(order, "pk")[:SHOWN]
    record(request.user, "messages.view", tab=tab)
    context = {
        "tab": tab,
        "tabs": [(name, word) for name, (word, _) in TABS.items()],
        "rows": list(rows),
        "n_dead": given_up(request.user).count(),
    }
    return render(request, "workflows/sent_mail.html", context)


@require_POST
def again(request):
    """Send ticked messages that were given up again."""
    if not clinics_for(request.user, may="administer"):
        raise Http404
    keys = [int(key) for key in request.POST.getlist("message") if key.isdecimal()][:SHOWN]
    rows = given_up(request.user).filter(pk__in=[key for key in keys if key < 2**62])
    count = send_again(rows, by=request.user, at=timezone.now())
    if count:
        messages.success(request, f"{count} will be tried again in a moment.")
    else:
        messages.error(request, "Tick what is to be sent again.")
    return redirect("workflows:sent_mail")
