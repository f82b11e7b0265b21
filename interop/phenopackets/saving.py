"""The rows of one imported case, made by the services of the house and settled once."""

from audit.services import record, written_together
from clinical.vocabulary import vocabulary
from interop.models import ImportedDocument
from interop.phenopackets import findings, measurements, people, variants
from interop.phenopackets.diseases import diseases
from interop.phenopackets.placing import TRIAGE
from interop.phenopackets.times import Moment, moment
from interop.strictjson import shown
from patients.partial import UNKNOWN, PartialDate, Precision
from patients.services import create_patient, save_relative
from results.services import record_result
from workflows import services
from workflows.clock import local_day
from workflows.services.settle import settle_once

REASON = 500
READ_BY_SOURCE = "Imported as the source interprets it; not read again here."
CONCLUDED = {"SOLVED", "UNSOLVED", "COMPLETED"}
NOT_MODELLED = {
    "biosamples": "biosamples",
    "medicalActions": "medical actions (treatments, procedures)",
    "files": "files",
}
OF_STEP = ("clinic", "case", "code", "modality", "captures", "result_status", "twin_of", "version")
DETAILS = ("resolution", "diseaseStage", "clinicalTnmFinding", "primarySite", "laterality")


class Saving:
    """One document on its way in."""

    def __init__(self, document, clinic, by, at):
        self.packet, self.whole, self.notes = document.packet, document.whole, document.notes
        self.clinic, self.by, self.at = clinic, by, at
        self.today = local_day(at, clinic)
        interpretations = self._own_interpretations()
        self.found = variants.found_in(interpretations)
        self.diseases = diseases(self.packet.get("diseases", ()), interpretations, self.notes)
        self.comment = f"Imported from phenopacket {document.id}."

    def _own_interpretations(self):
        """Interpretations, each variant that is said of a relative left out."""
        subject = self.packet["subject"]
        others = {
            person.get("individualId")
            for person in self.whole.get("pedigree", {}).get("persons", ())
        }
        others |= {p.get("subject", {}).get("id") for p in self.whole.get("relatives", ())}
        others -= {subject.get("id"), "", None}
        kept = []
        for interpretation in self.packet.get("interpretations", ()):
            diagnosis = interpretation.get("diagnosis", {})
            calls = diagnosis.get("genomicInterpretations", [])
            own = [call for call in calls if call.get("subjectOrBiosampleId") not in others]
            if len(own) < len(calls):
                self.notes.add("Variants of relatives are kept in the original only.")
            kept.append(
                {**interpretation, "diagnosis": {**diagnosis, "genomicInterpretations": own}}
            )
        return kept

    @property
    def who(self):
        return {"by": self.by, "at": self.at}

    def open_case(self):
        patient = people.patient_of(self.packet["subject"], self.clinic, self.notes)
        patient.clean_fields(exclude=["clinic", "search_key"])
        create_patient(patient, by=self.by, identifiers=people.identifiers_of(self.packet))
        for relative in people.relatives_of(self.whole, self.notes):
            save_relative(relative, patient=patient, by=self.by)
        onset = self._onset()
        return services.open_case(
            patient,
            referral_on=self.today,
            reason=self._reason(),
            onset=PartialDate(onset.day, Precision.DAY) if onset.day else UNKNOWN,
            onset_text=onset.in_words[:200],
            pathways=self._pathways(),
            **self.who,
        )

    def _onset(self):
        onsets = [disease.onset for disease in self.diseases if not disease.excluded]
        return next((onset for onset in onsets if onset), Moment())

    def _pathways(self):
        matching = dict.fromkeys(d.pathway for d in self.diseases if d.pathway)
        return list(matching) or [TRIAGE]

    def _reason(self):
        named = [
            f"{disease.label.strip()} ({disease.identifier})"
            for disease in self.diseases
            if not disease.excluded
        ]
        return f"Imported case: {'; '.join(named) or 'no disease named'}"[:REASON]

    def record_history(self, steps):
        seen = moment(self.packet["subject"].get("timeAtLastEncounter")).day
        draft = findings.history(
            self.packet.get("phenotypicFeatures", ()),
            self._onset(),
            comment=self.comment,
            performed_on=seen if seen and seen <= self.today else None,
            notes=self.notes,
        )
        if draft is not None:
            step = next(step for step in steps if step.modality == "history")
            self._record(step, draft)

    def record_variants(self, case, steps):
        draft = variants.report(
            self.found, comment=self.comment, performed_on=None, notes=self.notes
        )
        if draft is None:
            return
        step = _genetics_step(steps, variants.genes_of(self.found)) or self._add_step(
            case, "genetics", "Genetic report from the source"
        )
        self._record(step, draft)
        states = {found.interpretation.get("progressStatus") for found in self.found}
        if states <= CONCLUDED:
            services.review(step, note=READ_BY_SOURCE, **self.who)

    def record_measurements(self, case):
        """Values wait for review: nobody here has seen them, and one may be critical."""
        drafts, left = measurements.reports(
            self.packet.get("measurements", ()), comment=self.comment
        )
        for number, draft in enumerate(drafts, start=1):
            step = self._add_step(case, "labs", "Laboratory values from the source", number)
            self._record(step, draft)
        if left:
            self.notes.add(f"Kept in the original only: {left} measurements.")

    def _add_step(self, case, modality, label, number=1):
        """A step for a report that no step of the pathway asks for."""
        return services.add_step(
            case,
            code=f"imported_{modality}" + (f"_{number}" if number > 1 else ""),
            label=label,
            modality=modality,
            profile="soon",
            days=0,
            **self.who,
        )

    def _record(self, step, draft):
        """A source that gives no day of the test: the step has the day on which it came in."""
        step.performed_on = self.today
        record_result(step, draft, version=step.version, **self.who)

    def set_diagnoses(self, case):
        taken = set()
        for disease in self.diseases:
            code = "" if disease.code in taken else disease.code
            taken.add(code)
            if len(disease.label) > 200 or len(disease.identifier) > 60:
                self.notes.add(f"{shown(disease.identifier)}: its name is stored shortened.")
            services.set_diagnosis(
                case,
                certainty=disease.certainty,
                code=code,
                label=disease.label[:200],
                external_id=disease.identifier[:60],
                onset_text=disease.onset.in_words[:200],
                basis=disease.basis,
                **self.who,
            )

    def name_the_rest(self):
        """Say what only the original holds."""
        for field, words in NOT_MODELLED.items():
            if count := len(self.packet.get(field, ())):
                self.notes.add(f"Kept in the original only: {count} {words}.")
        for disease in self.packet.get("diseases", ()):
            if left := [name for name in DETAILS if disease.get(name)]:
                self.notes.add(f"Kept in the original only, of a disease: {', '.join(left)}.")
        summaries = [each for each in self.packet.get("interpretations", ()) if each.get("summary")]
        if summaries:
            self.notes.add("Kept in the original only: the summary of an interpretation.")


def save(document, sha256, *, clinic, by, at):
    """All rows of a document in the caller's transaction; returns its ImportedDocument."""
    with written_together():
        return _save(Saving(document, clinic, by, at), document, sha256)


def _save(saving, document, sha256):
    with settle_once():
        case = saving.open_case()
        steps = list(case.steps.only(*OF_STEP).order_by("pk"))
        saving.record_history(steps)
        saving.record_variants(case, steps)
        saving.record_measurements(case)
        saving.set_diagnoses(case)
        saving.name_the_rest()
    row = ImportedDocument.objects.create(
        clinic=saving.clinic,
        kind=document.kind,
        external_id=document.id,
        sha256=sha256,
        content=document.text,
        patient_id=case.patient_id,
        case=case,
        imported_at=saving.at,
        imported_by=saving.by,
        notes=document.notes,
    )
    _log(row)
    return row


def _log(row):
    record(
        row.imported_by,
        "case.import",
        clinic_id=row.clinic_id,
        patient_id=row.patient_id,
        case_id=row.case_id,
        at=row.imported_at,
        document=row.pk,
        kind=row.kind,
        notes=len(row.notes),
    )


def _genetics_step(steps, genes):
    """The step whose test covers one of the genes, the narrowest such test first; or None."""
    tests, fitting = vocabulary().genetic_tests, []
    for step in steps:
        for capture in step.captures if step.modality == "genetics" else ():
            test = tests.get(capture.removeprefix("gen:"))
            if test and set(test.genes) & set(genes):
                fitting.append((len(test.genes), step.pk, step))
    return min(fitting)[2] if fitting else None
