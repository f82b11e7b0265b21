"""Saving a form costs the same few statements, whatever its modality and its size."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from results.registry import MODALITIES
from results.services import current_result
from tests.results import samples

MOST = 15
MOST_WITH_A_NEW_STEP = 15  # an uncertain variant also opens the step that looks at it again
TRACED = re.compile(r"SELECT set_config\('pghistory[^;]*; *")
# the transaction itself; and what every page begins with: session, person with her clinics
FRAME = re.compile(
    r"SAVEPOINT|RELEASE|SELECT current_setting|SELECT set_config\('nmd.clinics', 'all'|"
    r'SELECT "?django_session|SELECT "?accounts_user|SELECT person\.'
)


def statements(page, step, **more):
    """Of the whole request, from looking the step up to the last write."""
    with CaptureQueriesContext(connection) as caught:
        answer = page.post(f"/results/record/{step.pk}/", samples.fields(step, **more))
        sent = [TRACED.sub("", each["sql"]).strip() for each in caught.captured_queries]
    assert answer.status_code == 302, answer.context["form"].errors
    return [sql for sql in sent if not FRAME.match(sql)]


@pytest.mark.parametrize("modality", MODALITIES)
def test_saving_a_report_costs_few_statements(page, case, doctor, modality):
    step = samples.step_for(case, modality, doctor)
    certain = {"variant-1-acmg": "P"} if modality == "genetics" else {}
    assert len(statements(page, step, **certain)) <= MOST


def test_a_report_that_opens_a_step_of_its_own_costs_no_more_than_both(page, case, doctor):
    step = samples.step_for(case, "genetics", doctor)
    assert len(statements(page, step)) <= MOST_WITH_A_NEW_STEP


def test_a_full_examination_costs_no_more_than_a_line_of_it(page, case, doctor):
    step = samples.step_for(case, "exam", doctor)
    form = page.get(f"/results/record/{step.pk}/").context["form"]
    sides = ("-left", "-right", "-midline")
    full = {
        name: "4" for name in form.fields if name.startswith("strength-") and name.endswith(sides)
    }
    assert len(full) > 30
    assert len(statements(page, step, **full)) <= MOST
    step.refresh_from_db()
    assert current_result(step).strengths.count() >= len(full)
