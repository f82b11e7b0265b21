"""Relatives tested for a variant of the report, and other patients of the family who have it."""

from django.db.models import Q

from clinical.vocabulary import vocabulary
from patients.models import Patient, Relative
from results import fields
from results.base import Status
from results.genetics.models import Carries, FamilyTest, GeneticResult
from results.grids import Grid, Line


class FamilyGrid(Grid):
    """A line for each relative on record."""

    prefix = "family"
    relation = "family_tests"
    title = "Relatives tested for it"
    hint = "relatives are added on the chart"
    heading = "Relative"
    model = FamilyTest
    columns = {
        "carries": "Outcome",
        "variant": "Variant no.",
        "zygosity": "Zygosity",
        "tested_on": "Tested on",
        "note": "Note",
    }

    def __init__(self, form):
        self.relatives = {
            str(each.pk): each
            for each in Relative.objects.filter(patient_id=form.step.patient_id).order_by("id")
        }
        super().__init__(form)

    def make_lines(self):
        for key, relative in self.relatives.items():
            yield Line(key, relative.relation.capitalize(), hint=relative.name)

    def cell(self, line, column):
        label = self.cell_label(line, column)
        if column == "carries":
            return fields.choice(label, Carries.choices, nothing="not tested")
        if column == "zygosity":
            return fields.choice(label, fields.labelled(vocabulary().zygosities))
        if column == "tested_on":
            return fields.PastDateField(label=label, required=False)
        if column == "variant":
            return fields.NumberField(label=label, required=False, whole=True)
        return fields.plain(FamilyTest._meta.get_field("note"))

    def read(self, row):
        return str(row.relative_id), {column: getattr(row, column) for column in self.columns}

    def make(self, line, values):
        if not values["carries"]:
            return []
        values = {name: value for name, value in values.items() if value not in (None, "")}
        return [FamilyTest(relative=self.relatives[line.code], **values)]


def detail(result, user):
    """What the page of a report shows of the family."""
    return {"relatives": relatives_with(result, user)}


def relatives_with(result, user):
    """[(relation, patient, report, variant)]: linked patients whose report has a variant of this.

    Links count in both directions; a report that was replaced or taken back does not.
    """
    wanted = {variant.change for variant in result.rows("variants") if all(variant.change)}
    relations = _relations(result.step.patient_id) if wanted else {}
    if not relations:
        return []
    reports = GeneticResult.objects.filter(
        step__patient__in=Patient.objects.for_user(user).filter(pk__in=relations),
        replaced_by=None,
    ).exclude(status=Status.ENTERED_IN_ERROR)
    reports = reports.select_related("step__patient").prefetch_related("variants")
    return [
        (relations[report.step.patient_id], report.step.patient, report, variant)
        for report in reports.order_by("step__patient_id", "-performed_on", "-id")
        for variant in report.rows("variants")
        if variant.change in wanted
    ]


def _relations(patient_id):
    """{linked patient: what she is to this one}."""
    links = Relative.objects.filter(Q(patient_id=patient_id) | Q(linked_patient_id=patient_id))
    found = {}
    for link in links.exclude(linked_patient=None):
        if link.patient_id == patient_id:
            found[link.linked_patient_id] = link.relation
        else:
            found.setdefault(link.patient_id, f"whose {link.relation} is this patient")
    return found
