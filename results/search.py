"""Find in all that is on record of one patient: reports line by line, notes, files, the case."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse

from clinical.vocabulary import vocabulary
from results.attachments.models import Attachment
from results.base import Status
from results.describe import entries
from results.registry import MODALITIES
from results.specimens.models import Specimen
from workflows.models import Case, Diagnosis, Step

FEW = 8  # lines of one report that are shown; the others are counted
NOTES = {  # columns of a step in which people write
    "note": "Note",
    "review_note": "Review note",
    "hold_reason": "On hold because",
    "ended_reason": "Ended because",
    "sent_to": "Sent to",
}


@dataclass(frozen=True)
class Line:
    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Place:
    """Something that has a title and says something: a step with its report, the referral."""

    group: str
    title: str
    url: str
    lines: list[Line]
    summary: str = ""
    step: Step | None = None
    on: object = None


@dataclass(frozen=True)
class Found:
    """A place that speaks of what was asked for: its title and lines as marked pieces."""

    place: Place
    title: list
    lines: list
    more: int


def search(patient, query):
    """[(group, [Found])] over all cases of a patient, the order of a work-up, newest first.

    Who may see the patient is the caller's question. Queries: one for each kind of place, of
    reports only the kinds that she has; their number does not grow with rows.
    """
    hits = [found for place in _places(patient) if (found := _found(place, query))]
    return [(group, list(those)) for group, those in groupby(hits, lambda hit: hit.place.group)]


def _found(place, query):
    context = f"{place.group} {place.title}"
    hits = [line for line in place.lines if query.fits(f"{line.label} {line.text}", context)]
    if not hits and place.summary and query.fits(place.summary, context):
        hits = [Line("", place.summary)]
    if not hits and not query.fits(place.title, place.group):
        return None
    shown = [
        {"label": query.parts(line.label), "text": query.excerpt(line.text), "url": line.url}
        for line in hits[:FEW]
    ]
    return Found(place, query.parts(place.title), shown, len(hits) - len(shown))


def _places(patient):
    """Everything that can be found; steps by modality, those with the newest report first."""
    steps = list(Step.objects.filter(patient=patient).order_by("-performed_on", "-pk"))
    steps.sort(key=lambda step: step.performed_on is None)
    said = _said_in_reports([step for step in steps if step.result_status and not step.twin_of_id])
    said = _with(said, _files(patient))
    said = _with(said, _specimens(patient))
    yield from _of_cases(patient)
    for modality in MODALITIES.values():
        for step in steps:
            if step.modality == modality.code:
                yield _step(step, modality.label, said.get(step.pk, []))


def _step(step, group, said):
    notes = [Line(label, getattr(step, column)) for column, label in NOTES.items()]
    has_report = step.result_status and step.result_status != Status.ENTERED_IN_ERROR
    return Place(
        group,
        step.label,
        reverse("results:detail" if has_report else "workflows:step", args=[step.pk]),
        [*(line for line in notes if line.text), *said],
        summary=step.summary if has_report else "",
        step=step,
        on=step.performed_on,
    )


def _said_in_reports(steps):
    """{step: lines of the report that stands}; nothing of one that was entered in error."""
    said = defaultdict(list)
    for modality in MODALITIES.values():
        keys = [step.pk for step in steps if step.modality == modality.code]
        if not keys:
            continue
        standing = modality.model.objects.filter(step_id__in=keys, replaced_by=None)
        standing = standing.exclude(status=Status.ENTERED_IN_ERROR).select_related("step__patient")
        for result in standing.prefetch_related(*modality.model.ROWS):
            for entry in entries(result):
                label = f"{entry.group}: {entry.label}" if entry.group else entry.label
                said[result.step_id].append(Line(label, entry.value))
    return said


def _with(said, more):
    for key, line in more:
        said[key].append(line)
    return said


def _files(patient):
    for each in Attachment.objects.filter(step__patient=patient, withdrawn_at=None):
        yield each.step_id, Line("File", each.name, reverse("results:file", args=[each.pk]))


def _specimens(patient):
    for each in Specimen.objects.filter(patient=patient):
        url = reverse("results:specimens", args=[each.step_id])
        yield each.step_id, Line("Specimen", f"{each.label}, {each.get_kind_display()}", url)


def _of_cases(patient):
    """What stands on the chart beside the tests: referrals, diagnoses, relatives."""
    diagnoses = defaultdict(list)
    for each in Diagnosis.objects.filter(patient=patient).current().order_by("-set_at"):
        words = f"{each.label}, {each.get_certainty_display()}"
        diagnoses[each.case_id] += [Line("Diagnosis", words), Line("It rests on", each.basis)]
    relatives = [
        Line(each.relation, ", ".join(filter(None, (each.condition, each.note))))
        for each in patient.relatives.order_by("pk")
    ]
    for case in Case.objects.filter(patient=patient).order_by("-referral_on", "-pk"):
        labels = [vocabulary().phenotypes[code].label for code in case.symptoms]
        said = [
            Line("Reason for referral", case.reason),
            Line("Symptoms", ", ".join(labels)),
            Line("First symptom", case.onset_text),
            Line("Closed because", case.closed_reason),
            *diagnoses[case.pk],
            *relatives,
        ]
        url = reverse("workflows:case", args=[case.pk])
        lines = [line for line in said if line.text]
        yield Place("Case and family", "Referral", url, lines, on=case.referral_on)
        relatives = []  # of the patient: told once
