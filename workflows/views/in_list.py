"""An act on a row beside its list, which stays where it is: the panel, and what is said of it."""

from django.shortcuts import render
from django_htmx.http import retarget, trigger_client_event

from audit.services import record
from workflows.meanwhile import last_change

PANEL, SAID = "peek", "#said"


def asks(request):
    """Whether the list asks, for its panel; without script there is none."""
    return bool(request.htmx) and request.htmx.target == PANEL


def page(request, context):
    """The form of an act, refused or not asked yet. htmx shows only what comes with 200."""
    step = context["step"]
    record(
        request.user,
        "step.view",
        clinic_id=step.clinic_id,
        patient_id=step.patient_id,
        case_id=step.case_id,
        step_id=step.pk,
    )
    return render(request, "workflows/_peek_act.html", context)


def done(request, step, undo):
    """One line under the list; the list hears of it and asks for its rows again."""
    step.refresh_from_db(fields=["version", "stage"])
    context = {"step": step, "undo": undo, "change": last_change(step)}
    answer = render(request, "workflows/_said.html", context)
    return trigger_client_event(retarget(answer, SAID), "nt:acted", {"key": str(step.pk)})
