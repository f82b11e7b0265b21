"""A report saved by a script: no reload, the same answers."""

from django.utils import timezone

TODAY = timezone.localdate().isoformat()
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "result"}


def post(page, step, **fields):
    data = {"performed_on": TODAY, "status": "final", "version": step.version} | fields
    return page.post(f"/results/record/{step.pk}/", data, **HTMX)


def test_a_saved_report_names_the_next_page_and_leaves_the_running_one(page, case):
    exam = case.steps.get(code="tri_exam")
    answer = post(page, exam, **{"strength-hip_flexion-left": "4"})
    assert answer.status_code == 200
    assert f'"path": "/steps/{exam.pk}/"' in answer["HX-Location"]
    exam.refresh_from_db()
    assert exam.result_status == "final"


def test_a_refused_report_comes_back_as_the_form_alone_with_its_count(page, case):
    answer = post(page, case.steps.get(code="tri_exam"), **{"strength-hip_flexion-left": "6"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in html
    assert "“6” is no MRC grade" in html
    assert 'hx-swap-oob="true"' in html
    assert "1 to correct" in html
