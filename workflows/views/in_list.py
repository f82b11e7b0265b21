"""An act on a row beside its list, which stays where it is: the panel, and what is said of it."""

from django.shortcuts import render
from django_htmx.http import retarget, trigger_client_event

from audit.services import record
from workflows.meanwhile import last_change

PANEL, SAID, UNDONE = "peek", "#said", "undo-"


def asks(request):
    """Whether a list asks: for its panel, or in one row for an undo. Without script none does."""
    target = (request.htmx and request.htmx.target) or ""
    return target == PANEL or target.startswith(UNDONE)


def page(request, context):
    """The form of an act, refused or not asked yet. htmx shows only what comes with 200.

    Where somebody changed the step meanwhile the list asks for its rows again, too.
    """
    if request.htmx.target.startswith(UNDONE):
        return render(request, "workflows/_undone.html", context)
    step = context["step"]
    record(
        request.user,
        "step.view",
        clinic_id=step.clinic_id,
        patient_id=step.patient_id,
        case_id=step.case_id,
        step_id=step.pk,
    )
    answer = render(request, "workflows/_peek_act.html", context)
    return trigger_client_event(answer, "nt:changed") if context["changed"] else answer


def done(request, step, undo):
    """One line about it; a list hears of it and asks for its rows again."""
    step.refresh_from_db(fields=["version", "stage"])
    context = {"step": step, "undo": undo, "change": last_change(step)}
    if request.htmx.target.startswith(UNDONE):
        return render(request, "workflows/_undone.html", context)
    answer = render(request, "workflows/_said.html", context)
    return trigger_client_event(retarget(answer, SAID), "nt:acted", {"key": str(step.pk)})
