"""Each modality keeps its contract, and every capture of the shipped pathways has a place."""

from types import SimpleNamespace

import pytest
from django.template.loader import get_template

from clinical.pathways import pathways
from clinical.vocabulary import vocabulary
from results.base import Result, Row
from results.registry import MODALITIES

PATIENT = SimpleNamespace(sex="male", age_years=lambda on: 4.0)


def step_like(definition):
    return SimpleNamespace(
        pk=1,
        twin_of_id=None,
        patient_id=1,
        code=definition.code,
        modality=definition.modality,
        captures=list(definition.captures),
        version=1,
        performed_on=None,
        patient=PATIENT,
        case=SimpleNamespace(facts={}, symptoms=(), onset_on=None),
    )


pytestmark = pytest.mark.usefixtures("rows")  # a form may look at what is on record
STEPS = [step for pathway in pathways().values() for step in pathway.steps]


def test_the_registry_and_the_vocabulary_name_the_same_modalities():
    assert set(MODALITIES) == set(vocabulary().enums["modality"])


@pytest.mark.parametrize("modality", MODALITIES.values(), ids=MODALITIES)
def test_a_modality_has_all_that_the_one_view_needs(modality):
    assert issubclass(modality.model, Result)
    assert get_template(modality.record_template)
    for name in ("facts", "captures", "summary"):
        assert getattr(modality.model, name) is not getattr(Result, name)
    for name in modality.model.ROWS:
        row = getattr(modality.model, name).rel.related_model
        assert issubclass(row, Row)
        assert row.title is not Row.title
        assert row.told is not Row.told
    columns = {field.name for field in modality.model._meta.fields}
    assert set(modality.model.LIMITS) <= columns
    form = modality.form(step=step_like(next(s for s in STEPS if s.modality == modality.code)))
    assert {section.title for section, *_ in form.sections()}


@pytest.mark.parametrize("definition", STEPS, ids=[step.code for step in STEPS])
def test_every_capture_of_a_step_can_be_recorded(definition):
    form = MODALITIES[definition.modality].form(step=step_like(definition))
    ticked = {code for code, _ in getattr(form.fields.get("also_done"), "choices", ())}
    missing = [
        capture
        for capture in form.asked
        if capture not in ticked and not (form.has_place_for(capture) and _field_of(form, capture))
    ]
    assert missing == []


def _field_of(form, capture):
    """Is there a field that answers the capture?"""
    code = capture.partition(":")[2]
    columns = {form.CAPTURE_OF.get(name, name) for name in form.fields}
    lines = {(grid.prefix, line.code) for grid in form.grids.values() for line in grid.lines}
    listed = {
        value
        for name in ("tests", "protocols", "ncs_sets", "emg_sets", "special_tests", "tissue")
        for value, _ in getattr(form.fields.get(name), "choices", ())
    }
    return (
        code in columns
        or code in listed
        or code in vocabulary().strength_sets
        or any(line == code for _, line in lines)
        or capture == "crit:mrc_sum_score"
    )
