"""Every message of a clinic: what is planned, what went out, and what was given up."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from audit.services import record
from patients.models import clinics_for
from workflows.models import Reminder
from workflows.models.reminder import State
from workflows.reminders import volume
from workflows.reminders.again import send_again

SHOWN = 100
TAB = {True: "dead", False: "planned"}  # which opens first: of the clinic, one's own
TABS = {
    "dead": ("Given up", Q(state=State.DEAD)),
    # two indexes, so two conditions
    "planned": ("Planned", Q(state=State.PLANNED) | Q(state__in=[State.LEASED, State.SENDING])),
    "sent": ("Sent", Q(state=State.SENT)),
    "withdrawn": ("Withdrawn", Q(state=State.WITHDRAWN)),
}


def given_up(user):
    """Messages that nobody got, in the clinics that the user administers."""
    return Reminder.objects.filter(
        clinic_id__in=clinics_for(user, may="administer"), state=State.DEAD, digest=None
    )


@require_GET
def sent_mail(request):
    """One's own messages; for admins, unless they ask for theirs, all of their clinics."""
    clinics = clinics_for(request.user, may="administer")
    of_clinic = bool(clinics) and request.GET.get("of") != "me"
    tab = request.GET.get("tab") if request.GET.get("tab") in TABS else TAB[of_clinic]
    rows = Reminder.objects.filter(TABS[tab][1], digest=None)
    whose = {"clinic_id__in": clinics} if of_clinic else {"recipient": request.user}
    order = "next_attempt_at" if tab == "planned" else "-pk"
    rows = rows.filter(**whose).select_related("recipient", "step").order_by(order, "pk")
    rows = _with_lines(rows[:SHOWN])
    record(request.user, "messages.view", tab=tab, shown=len(rows))
    context = {
        "tab": tab,
        "tabs": [(name, word) for name, (word, _) in TABS.items()],
        "rows": rows,
        "n_dead": given_up(request.user).count() if of_clinic else 0,
        "of_clinic": of_clinic,
        "is_admin": bool(clinics),
        "volumes": volume.volumes(clinics) if of_clinic else [],
        "volume_days": volume.DAYS,
        "volume_most": volume.MOST,
    }
    return render(request, "workflows/sent_mail.html", context)


def _with_lines(rows):
    """Each with what it is about: its step, or those of a daily message."""
    rows = {row.pk: row for row in rows}
    for row in rows.values():
        row.lines = [row] if row.step else []
    lines = Reminder.objects.filter(digest__in=[pk for pk, row in rows.items() if not row.step])
    for line in lines.select_related("step").order_by("pk"):
        rows[line.digest_id].lines.append(line)
    return list(rows.values())


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
