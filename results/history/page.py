"""What the page of a history shows beside its lines."""


def detail(result, user):
    """The family as it stands now: relatives are the patient's rows, not those of a report."""
    return {"relatives": list(result.step.patient.relatives.order_by("pk"))}
