"""Thresholds of a result's numbers: under the fields of its form, and in words in its report."""

from django.template.loader import render_to_string

from clinical.thresholds import watched


def explain(form):
    """Put the thresholds of each number, with their source, under its field."""
    sex = form.step.patient.sex
    for name in watched().keys() & form.fields.keys():
        number, field = watched()[name], form.fields[name]
        lines = [(each, number.sentence(each)) for each in number.of(sex)]
        field.help_text = render_to_string(
            "results/_thresholds.html", {"name": name, "lines": lines, "source": number.source}
        )
        field.widget.attrs["data-nt-watched"] = name


def marks(result):
    """{column: (low or high, what its value asks for)} of the numbers beyond a threshold."""
    sex = result.step.patient.sex if result.step_id else ""
    found = {}
    for name, number in watched().items():
        value = getattr(result, name, None)
        if mark := number.mark(value, sex):
            found[name] = (mark, number.told(value, sex))
    return found
