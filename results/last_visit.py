"""Same as last visit: a first report begins with what the report before it said.

What was seen or told is taken over and marked. What was measured is asked again, and so is what
was concluded: a number copied to another day would be a result that nobody took.
"""

from results.services import FINAL, leader_of, model_for

NOT_TAKEN = {
    *("performed_on", "reported_on", "status", "version", "also_done", "comment", "accession"),
    *("conclusion", "ncs_conclusions", "emg_conclusions", "result_summary", "report_text"),
}
MEASURED_CELLS = {"value", "flag", "low", "high", "total"}


def latest_report(step):
    """The patient's latest report of this modality that counts, of another step, or None."""
    found = model_for(step).objects.filter(step__patient_id=step.patient_id, replaced_by=None)
    found = found.filter(status__in=FINAL).exclude(step_id=leader_of(step))
    return found.order_by("-performed_on", "-pk").first()


def take_over(form, report):
    """Fill an unbound form from an earlier report, in place; nothing is stored by that."""
    source = type(form)(step=form.step, standing=report)
    skipped = NOT_TAKEN | set(form._meta.model.LIMITS) | set(_measured(form))
    for name in set(form.fields) - skipped:
        value = source.initial.get(name)
        if source[name].value() not in (None, "", []) and value != form.initial.get(name):
            form.initial[name] = value
            form.mark_taken(name)
    return form


def _measured(form):
    for grid in form.grids.values():
        for line in grid.lines:
            columns = grid.columns if grid.is_measured else MEASURED_CELLS | _limited(grid.model)
            for column in columns:
                yield grid.name(line, column)


def _limited(model):
    """Columns with limits are measures; a table of another room (relatives) has none."""
    return set(getattr(model, "LIMITS", ()))
