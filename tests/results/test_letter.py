"""The paragraph for the letter: what was found, in plain sentences, for each modality."""

import re

import pytest

from audit.models import Event
from results.registry import MODALITIES
from tests.results import samples

TODAY = f"{samples.TODAY:%-d %B %Y}"
PRINTED = re.compile(r"<tfoot[^>]*>.*Vasquez-Holm.*0047-2291.*preliminary.*</tfoot>")
SAID = {
    "history": ["Course: Chronic progressive.", "present: muscle weakness", "riluzole 50 mg"],
    "exam": [
        "4−: hip flexion left",
        "5: shoulder abduction on both sides",
        "hip flexion right",
        "3: knee reflex left",
        "Gowers manoeuvre: Partial.",
    ],
    "labs": ["creatine kinase 4\u2009200 U/L (≤ 170), above the limit", "creatinine 0.8 mg/dL"],
    "mri": ["periventricular lesion(s) present, 3", "infratentorial lesion(s) absent"],
    "emg": ["sural left", "12 µV", "tongue right fibrillations 2+", "Normal study."],
    "biopsy": ["Site: Deltoid.", "Side: Left.", "Rimmed vacuoles, Necrosis and regeneration."],
    "genetics": ["CAPN3 c.550del", "p.(Thr184fs)", "uncertain significance"],
    "respiratory": ["FVC upright 49 % predicted."],
    "cardiac": ["ECG: Normal.", "PR 146 ms.", "Left ventricular ejection fraction 56 %."],
    "other": ["Gold Coast criteria 2020", "Met", "Conclusion: Motor neurone disease."],
}
READ = {"labs": "Read as abnormal.", "cardiac": "Read as normal.", "mri": "Read as abnormal."}


def text_of(page, case, doctor, modality, **more):
    step = samples.step_for(case, modality, doctor)
    answer = page.post(f"/results/record/{step.pk}/", samples.fields(step, **more))
    assert answer.status_code == 302, answer.context["form"].errors
    step.refresh_from_db()
    return step, fetch(page, step)


def fetch(page, step):
    answer = page.get(f"/results/step/{step.pk}/text/")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    return answer.content.decode()


@pytest.mark.parametrize("modality", MODALITIES)
def test_the_letter_says_what_was_found(page, case, doctor, modality):
    step, text = text_of(page, case, doctor, modality)
    assert text.startswith(f"{step.label}, {TODAY}")
    for words in [*SAID[modality], READ.get(modality, "")]:
        assert words in text
    assert "PRELIMINARY" not in text
    assert "None" not in text
    assert "  " not in text
    assert "Vasquez" not in text
    assert text.split("\n")[0] in page.get(f"/results/step/{step.pk}/").content.decode().replace(
        "&#x27;", "'"
    )


def test_a_conclusion_stands_last_and_a_story_in_its_own_lines(page, case, doctor):
    _, text = text_of(page, case, doctor, "mri")
    assert text.index("Conclusion:") > text.index("lesion(s) absent")
    _, told = text_of(page, case, doctor, "history")
    assert told.split("\n")[1:] == [
        "Story in the patient's words: Trips since spring.",
        "No cramps.",
    ]


def test_a_preliminary_report_says_so_loudly_and_everywhere(page, case, doctor):
    step, text = text_of(page, case, doctor, "labs", status="preliminary")
    assert "PRELIMINARY REPORT, NOT FINAL" in text
    addresses = [f"/results/step/{step.pk}/", f"/steps/{step.pk}/", f"/steps/{step.pk}/peek/"]
    for address in [*addresses, f"/cases/{case.pk}/", "/worklist/"]:
        assert "Preliminary" in page.get(address).content.decode(), address
    assert PRINTED.search(page.get(addresses[0]).content.decode())
    assert 'class="nt-watermark"' in page.get(addresses[0]).content.decode()


def test_a_correction_and_an_error_say_why(page, case, doctor):
    step, _ = text_of(page, case, doctor, "labs")
    fixed = samples.fields(step, **{"lab-ck-value": "150", "correction_reason": "Sample mixed up"})
    assert page.post(f"/results/correct/{step.pk}/", fixed).status_code == 302
    assert f"Corrected on {TODAY}, in place of an earlier report: Sample mixed up." in fetch(
        page, step
    )
    step.refresh_from_db()
    back = {"correction_reason": "Another patient", "version": step.version}
    page.post(f"/results/retract/{step.pk}/", back)
    text = fetch(page, step)
    assert "ENTERED IN ERROR, do not use (Another patient)" in text
    assert "150" not in text


def test_reading_the_text_is_a_look(page, case, doctor):
    step, _ = text_of(page, case, doctor, "labs")
    assert Event.objects.filter(verb="result.view", step_id=step.pk).count() == 1
