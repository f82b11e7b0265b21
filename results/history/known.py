"""What an earlier visit, an import or the referral established: shown, and not asked again."""

from dataclasses import dataclass
from datetime import date

from clinical.vocabulary import humanise, vocabulary
from workflows.facts import counts
from workflows.models import Step

PREFIXES = ("hx.", "ph.")


@dataclass(frozen=True)
class Known:
    """One fact with its day and where it comes from."""

    value: object
    on: date
    source: str

    def __str__(self):
        return f"{spoken(self.value)}, {self.on:%-d %b %Y}, {self.source}"


def spoken(value):
    if isinstance(value, list):
        return ", ".join(humanise(each) for each in value) or "none"
    return humanise(value).lower() if isinstance(value, str) else str(value)


def known_before(step):
    """{fact path: Known} of the patient's other steps, the latest test winning; one query."""
    case = step.case
    found = {
        f"ph.{code}": Known("present", case.referral_on, "named in the referral")
        for code in case.symptoms
        if code in vocabulary().phenotypes
    }
    others = Step.objects.filter(patient_id=step.patient_id).exclude(result_status="")
    others = others.exclude(pk__in=[step.pk, step.twin_of_id or step.pk])
    others = others.only("performed_on", "result_status", "facts", "label", "code", "reported_by")
    for other in sorted(filter(counts, others), key=lambda each: (each.performed_on, each.code)):
        source = other.label if other.reported_by_id else "imported"
        for path, value in other.facts.items():
            if path.startswith(PREFIXES):
                found[path] = Known(value, other.performed_on, source)
    return found
