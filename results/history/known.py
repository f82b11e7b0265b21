"""What an earlier visit, an import or the referral established: shown, and not asked again."""

from dataclasses import dataclass
from datetime import date

from clinical.vocabulary import humanise, in_sentence, vocabulary
from workflows.facts import counts
from workflows.models import Step

PREFIXES = ("hx.", "ph.")
REFERRAL = "named in the referral"


@dataclass(frozen=True)
class Known:
    """One fact with its day and where it comes from."""

    value: object
    on: date
    source: str

    def __str__(self):
        return f"{spoken(self.value)}, {self.on:%-d %b %Y}, {self.source}"


def spoken(value):
    """The value of a fact inside a sentence: a code of the vocabulary, or people's own words."""
    if isinstance(value, list):
        return ", ".join(spoken(each) for each in value) or "none"
    if not isinstance(value, str) or " " in value:
        return str(value).rstrip(".")
    return in_sentence(humanise(value))


def by_source(answers):
    """{(source, day): ["present: Numbness", "Course: relapsing"]}, latest first.

    `answers`: [(label, Known, is it a symptom?)].
    """
    found = {}
    for label, known, is_symptom in answers:
        of_source = found.setdefault((known.source, known.on), {})
        head = spoken(known.value) if is_symptom else label
        of_source.setdefault(head, []).append(label if is_symptom else spoken(known.value))
    ordered = sorted(found, key=lambda source: source[1], reverse=True)
    return {
        source: [f"{head}: {', '.join(said)}" for head, said in found[source].items()]
        for source in ordered
    }


def known_before(step):
    """{fact path: Known} of the patient's other steps, the latest test winning; one query."""
    case = step.case
    found = {
        f"ph.{code}": Known("present", case.referral_on, REFERRAL)
        for code in case.symptoms
        if code in vocabulary().phenotypes
    }
    if case.onset_on:
        found["hx.onset_date"] = Known(str(case.onset), case.referral_on, REFERRAL)
    others = Step.objects.filter(patient_id=step.patient_id).exclude(result_status="")
    others = others.exclude(pk__in=[step.pk, step.twin_of_id or step.pk])
    others = others.only("performed_on", "result_status", "facts", "label", "code", "reported_by")
    for other in sorted(filter(counts, others), key=lambda each: (each.performed_on, each.code)):
        source = other.label if other.reported_by_id else "imported"
        for path, value in other.facts.items():
            if path.startswith(PREFIXES):
                found[path] = Known(value, other.performed_on, source)
    return found
