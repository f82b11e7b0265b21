"""Laboratory values: units, words, panels, critical values, and how a value went."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from clinical.vocabulary import vocabulary
from results.labs import units
from results.services import current_result
from results.trends import trend, trends
from tests import make
from tests.results.posting import post, shown
from workflows import services as workflow
from workflows.models import Reminder
from workflows.reminders.message import content

TODAY = timezone.localdate()
NUMERIC = [a for a in vocabulary().analytes.values() if a.value_type == "numeric"]
UNITS = [(a, unit) for a in NUMERIC for unit in (a.unit, *units.alternatives(a))]
AMOUNTS = st.decimals(min_value=0, max_value=1_000_000, places=6)


@pytest.fixture
def labs(case):
    return case.steps.get(code="tri_labs")


def another(case, doctor, code="again", captures=("lab:ck",)):
    return workflow.add_step(
        case,
        code=code,
        label="CK again",
        modality="labs",
        captures=list(captures),
        profile="soon",
        days=7,
        by=doctor,
        at=timezone.now(),
    )


def words(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


@pytest.mark.parametrize(("analyte", "unit"), UNITS, ids=lambda x: getattr(x, "code", x))
@given(amount=AMOUNTS)
def test_a_unit_there_and_back_is_the_same_amount(analyte, unit, amount):
    one = units.convert(analyte, 1, unit) - units.convert(analyte, 0, unit)
    back = units.convert(analyte, units.restate(analyte, amount, unit), unit)
    rounding = abs(one) * Decimal("0.0000005") + Decimal("1e-15")  # what six decimals can hold
    assert abs(back - amount) <= rounding


def test_a_word_of_the_vocabulary_is_chosen_and_spelled_out(page, case, doctor):
    step = another(case, doctor, captures=["lab:spep", "lab:ife", "lab:jo1_ab", "lab:ana"])
    answer = page.get(f"/results/record/{step.pk}/")
    assert ("m_protein_igm", "M protein IgM") in answer.context["form"].fields[
        "lab-spep-value"
    ].choices
    typed = {"lab-spep-value": "m_protein_igm", "lab-ife-value": "igm_kappa"}
    post(page, step, **typed, **{"lab-jo1_ab-value": "neg", "lab-ana-value": "1:160"})
    flags = {row.analyte: row.flag for row in current_result(step).rows("values")}
    assert flags == {"spep": "positive", "ife": "positive", "jo1_ab": "negative", "ana": ""}
    report = words(page.get(f"/results/step/{step.pk}/"))
    assert "M protein IgM" in report
    assert "IgM kappa" in report
    form = page.get(f"/results/correct/{step.pk}/").context["form"]
    assert form["lab-spep-value"].value() == "m_protein_igm"
    assert form["lab-ana-value"].value() == "1:160"


def test_a_panel_and_a_test_are_added_without_script(page, labs):
    answer = post(page, labs, **{"add-line": "lab", "lab-add": "panel_csf", "lab-ck-value": "200"})
    assert answer.status_code == 200
    html = answer.content.decode()
    panel = vocabulary().panels["panel_csf"].analytes
    assert all(f'name="lab-{code}-value"' in html for code in panel)
    assert 'value="200"' in html
    added = {"lab-lines": " ".join(panel), "add-line": "lab", "lab-add": "ferritin"}
    html = post(page, labs, **added).content.decode()
    assert f'name="lab-{panel[0]}-value"' in html
    post(page, labs, **{"lab-lines": "csf_protein", "lab-csf_protein-value": "40"})
    assert labs.facts["lab.csf_protein.value"] == 40


def test_the_table_is_labelled_for_a_screen_reader_and_shows_our_limits(page, labs):
    html = page.get(f"/results/record/{labs.pk}/").content.decode()
    table = html[html.index('data-nt-keys="down"') : html.index("</table>")]
    assert table.count('scope="col"') == 6
    assert table.count('<th scope="row"') == table.count("<tr>") - 1
    cells = re.findall(r"<(?:input|select)[^>]*>", table)
    assert [cell for cell in cells if "aria-label" not in cell] == []
    assert "ours 30–170" in table


def test_a_critical_value_alerts_at_once_and_cannot_be_closed_unread(page, case, labs, doctor):
    answer = post(page, labs, **{"lab-ck-value": "15000"})
    assert labs.flag == "critical"
    assert "Who has it in hand is told at once" in words(page.get(answer.url))
    chase = Reminder.objects.filter(step=labs, kind="critical").order_by("due_at")
    reminder = chase.get(due_at__lte=timezone.now())
    assert (reminder.recipient_id, reminder.state) == (labs.owner_id or doctor.pk, "planned")
    assert len(chase) > 1, "and the hour after, as long as nobody has read it"
    assert reminder.next_attempt_at <= timezone.now()
    reminder.lines = [reminder]  # as a worker claims it
    mail = content(reminder, timezone.now()).decode()
    assert "Subject: NMD Tracker: a test report has a critical value" in mail
    assert case.patient.family_name not in mail
    with pytest.raises(ValidationError, match="review it"):
        workflow.cancel(labs, reason="not wanted", by=doctor, at=timezone.now())
    with pytest.raises(ValidationError, match="Review the report before"):
        workflow.tell(labs, how="letter", by=doctor, at=timezone.now())
    open_ = [step.pk for step in case.steps.all() if step.is_open]
    with pytest.raises(ValidationError, match="Review and tell first"):
        workflow.close_case(case, reason="moved", by=doctor, at=timezone.now(), not_needed=open_)
    workflow.review(labs, by=doctor, at=timezone.now())
    assert {each.state for each in chase.all()} == {"withdrawn"}
    assert "nobody has reviewed" not in words(page.get(f"/steps/{labs.pk}/"))


def test_a_preliminary_critical_value_counts_as_unread_too(page, case, labs, doctor):
    post(page, labs, status="preliminary", **{"lab-ck-value": "15000"})
    assert labs.reported_at is None
    assert "A critical value that nobody has reviewed" in words(page.get(f"/steps/{labs.pk}/"))
    assert Reminder.objects.filter(step=labs, kind="critical", state="planned").exists()
    with pytest.raises(ValidationError, match="critical value that nobody has reviewed"):
        workflow.cancel(labs, reason="not wanted", by=doctor, at=timezone.now())
    open_ = [step.pk for step in case.steps.all() if step.is_open]
    with pytest.raises(ValidationError, match="Review and tell first"):
        workflow.close_case(case, reason="moved", by=doctor, at=timezone.now(), not_needed=open_)


def test_earlier_values_stand_beside_with_limits_and_change(page, case, labs, doctor):
    before = (TODAY - timedelta(days=30)).isoformat()
    post(page, labs, performed_on=before, **{"lab-ck-value": "300", "lab-ck-high": "170"})
    step = another(case, doctor)
    assert "before: 300 on" in words(page.get(f"/results/record/{step.pk}/"))
    ukat = {"lab-ck-unit": "ukat/L", "lab-ck-value": "10", "lab-ck-high": "3"}
    post(page, step, **ukat)
    first, last = trend(case.patient_id, "lab.ck.value")
    assert (first.value, first.high, first.flag, first.change) == (300, 170, "high", None)
    assert (last.value, last.high, last.change) == (600, 180, 300)
    html = page.get(f"/results/step/{step.pk}/").content.decode()
    assert 'class="nt-svg nt-spark"' in html
    assert "2 values from" in html
    assert "+300" in html


def test_any_number_has_a_trend_in_a_constant_number_of_queries(
    page, case, doctor, django_assert_num_queries
):
    paths = ["lab.ck.value", "lab.alt.value", "resp.fvc_upright_pct"]
    for number in range(3):
        step = another(case, doctor, code=f"again{number}")
        day = (TODAY - timedelta(days=9 - number)).isoformat()
        post(page, step, performed_on=day, **{"lab-ck-value": str(100 + number)})
    make.reported(another(case, doctor, code="fvc"), doctor, {"resp.fvc_upright_pct": 81})
    with django_assert_num_queries(4):
        found = trends(case.patient_id, paths)
    assert [point.value for point in found["lab.ck.value"]] == [100, 101, 102]
    assert [point.value for point in found["resp.fvc_upright_pct"]] == [81]
    assert found["lab.alt.value"] == []


def test_units_are_written_as_people_write_them_and_kept_as_codes(page, case, doctor):
    step = another(case, doctor, "thyroid", ["lab:tsh"])
    html = shown(page.get(f"/results/record/{step.pk}/"))
    assert '<option value="m[IU]/L" selected>mIU/L</option>' in html
    assert "mIU/L · ours" in html
