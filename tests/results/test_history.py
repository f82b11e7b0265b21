"""The history: what is told comes back, what is known is not asked again, relatives are written."""

import re

import pytest

from accounts.rls import ALL, clinics
from clinical.vocabulary import synonyms, vocabulary
from patients.models import Relative
from patients.services import save_relative
from results.history.models import EarlierTest, HistoryResult
from results.services import current_result
from tests import make
from tests.results import samples
from tests.results.posting import post, shown
from tests.results.test_saving_cost import MOST, statements

TOLD = {
    "complaint": "Trips over the left foot",
    "onset": "2023-05",
    "medications": "riluzole: 50 mg twice daily\nbaclofen 10 mg",
    "medical_history": "appendicectomy 1999\nhypothyroidism",
    "toxic_exposure": ["alcohol", "colchicine"],
    "family_history_nmd": "yes",
    "ph-foot_drop-status": "present",
    "ph-foot_drop-side": "left",
    "ph-foot_drop-onset": "2024",
    "ph-foot_drop-note": "catches on carpets",
    "ph-ptosis-status": "absent",
    "ph-cramps-status": "unknown",
    "ph-orthopnoea-status": "present",
    "rel-new1-relation": "mother",
    "rel-new1-affected": "yes",
    "rel-new1-condition": "wheelchair at 50",
    "rel-new1-age_years": "61",
    "rel-new1-deceased": "on",
    "rel-new2-relation": "brother",
    "rel-new2-affected": "no",
    "earlier-new1-what": "EMG",
    "earlier-new1-done": "2024-02",
    "earlier-new1-place": "St Elsewhere",
    "earlier-new1-outcome": "denervation in both legs",
    "earlier-new1-seen": "report",
}


@pytest.fixture
def step(case, doctor):
    return samples.step_for(case, "history", doctor)


def again(step, by):
    later = samples.step_for(step.case, "cardiac", by)  # a step of its own code, asked later
    later.modality, later.captures, later.label = "history", step.captures, "Second history"
    later.save()
    return later


def form_of(page, step, query=""):
    return page.get(f"/results/record/{step.pk}/{query}").context["form"]


def test_all_that_is_told_is_stored_typed_and_shown(page, step):
    assert post(page, step, **TOLD).status_code == 302
    history = current_result(step)
    assert (str(history.onset), history.onset_precision) == ("2023-05", "month")
    foot = history.symptoms.get(code="foot_drop")
    assert (foot.hpo_id, foot.status, foot.side) == ("HP:0009027", "present", "left")
    assert (str(foot.onset), foot.onset_precision, foot.note) == (
        *("2024", "year"),
        "catches on carpets",
    )
    assert history.symptoms.get(code="cramps").status == "unknown"
    assert step.facts["ph.foot_drop"] == "present"
    assert step.facts["ph.ptosis"] == "absent"
    assert "ph.cramps" not in step.facts  # unknown is no fact
    assert step.summary.startswith("Red flag: Breathless lying flat")
    report = shown(page.get(f"/results/step/{step.pk}/"))
    for said in (
        *("Trips over the left foot", "riluzole: 50 mg twice daily", "hypothyroidism"),
        *("yes, since 2024, catches on carpets", "denervation in both legs, 2024-02"),
        *("affected, wheelchair at 50, died at 61", "Family, as on record now"),
    ):
        assert said in report


def test_the_timeline_of_the_chart_begins_with_what_the_history_tells(page, step, doctor):
    post(page, step, **{name: typed for name, typed in TOLD.items() if name[:4] != "rel-"})
    later = {"ph-foot_drop-status": "present", "ph-foot_drop-side": "left"}
    answer = post(page, again(step, doctor), **later | {"ph-foot_drop-onset": "2023-11"})
    assert answer.status_code == 302, answer.context["form"].errors
    chart = page.get(f"/cases/{step.case_id}/").content.decode()
    told = " ".join(re.sub("<[^>]+>", " ", chart.partition(">Timeline<")[2]).split())
    for said in (
        "Nov 2023 Began: Foot dorsiflexor weakness / foot drop, left",
        "Feb 2024 Elsewhere: EMG: denervation in both legs · St Elsewhere",
        "May 2023 First symptom",
    ):
        assert told.count(said) == 1, said
    assert "2024 Began" not in told
    assert told.index("Feb 2024") < told.index("Nov 2023") < told.index("May 2023")


def test_a_correction_begins_with_every_line_as_it_stands(page, step):
    post(page, step, **TOLD)
    form = page.get(f"/results/correct/{step.pk}/").context["form"]
    for name in ("ph-foot_drop-side", "ph-foot_drop-onset", "ph-cramps-status", "complaint"):
        assert str(form[name].value()) == TOLD[name]
    assert form["earlier-r0-outcome"].value() == "denervation in both legs"
    kept = {bound.html_name: bound.value() for bound in form}
    kept = {name: value for name, value in kept.items() if value not in (None, "", [], False)}
    kept |= {"correction_reason": "typing error", "ph-foot_drop-side": "right"}
    assert post(page, step, "correct", **kept).status_code == 302
    corrected = current_result(step)
    assert corrected.symptoms.get(code="foot_drop").side == "right"
    assert corrected.earlier_tests.get().outcome == "denervation in both legs"


def test_the_family_is_written_once_and_changed_where_it_is_changed(page, step, doctor):
    post(page, step, **TOLD)
    mother, brother = Relative.objects.filter(patient=step.patient).order_by("pk")
    assert (mother.relation, mother.affected, mother.age_years) == ("mother", "yes", 61)
    assert mother.deceased
    assert brother.condition == ""
    later = again(step, doctor)
    form = form_of(page, later)
    assert form[f"rel-{mother.pk}-condition"].value() == "wheelchair at 50"
    typed = {b.html_name: b.value() for b in form if b.html_name.startswith("rel-") and b.value()}
    changed = {"complaint": "worse", f"rel-{brother.pk}-condition": "cramps"}
    assert post(page, later, **typed | changed).status_code == 302
    assert Relative.objects.filter(patient=step.patient).count() == 2
    brother.refresh_from_db()
    assert brother.condition == "cramps"
    assert mother.events.count() == 1  # nobody changed her


def test_a_relative_that_somebody_else_changed_is_not_written_over_unseen(page, step, doctor):
    mother = Relative(relation="mother", affected="no")
    save_relative(mother, patient=step.patient, by=doctor)
    form = form_of(page, step)
    sent = {"rel-seen": next(g for g in form.grids.values() if g.prefix == "rel").seen()}
    sent |= {f"rel-{mother.pk}-relation": "mother", f"rel-{mother.pk}-affected": "no"}
    mother.affected, mother.condition = "yes", "DM1"
    save_relative(mother, patient=step.patient, by=doctor)
    note = {f"rel-{mother.pk}-note": "asked on the phone"}
    answer = post(page, step, complaint="falls", **sent | note)
    assert answer.status_code == 422
    assert "It now says: mother, affected, DM1" in shown(answer)
    seen = next(g for g in answer.context["form"].grids.values() if g.prefix == "rel").seen()
    assert seen != sent["rel-seen"]
    untouched = post(page, step, complaint="falls", **sent)  # the line as it was shown
    assert untouched.status_code == 302
    mother.refresh_from_db()
    assert (mother.affected, mother.condition, mother.note) == ("yes", "DM1", "")


def test_what_is_known_is_shown_and_not_asked_again(page, step, doctor):
    before = samples.step_for(step.case, "exam", doctor)
    make.reported(before, doctor, {"ph.dysphagia": "present", "hx.progression": "subacute"})
    form = form_of(page, step)
    sections = {section.title: (bound, grids) for section, bound, grids, _ in form.sections()}
    bound, [table] = sections["Known already"]
    assert [field.name for field in bound] == ["progression"]
    assert "dysphagia" in [line.code for line in table.lines]
    asked = [
        grid for title, (_, grids) in sections.items() if "Symptoms" in title for grid in grids
    ]
    assert "dysphagia" not in [line.code for grid in asked for line in grid.lines]
    assert next(line.hint for line in table.lines if line.code == "dysphagia").startswith(
        "Known: present, "
    )
    assert form.fields["progression"].help_text.startswith("Known: subacute, ")
    post(page, step, **TOLD)
    later = again(step, doctor)
    html = shown(page.get(f"/results/record/{later.pk}/"))
    assert "EMG, denervation in both legs, 2024-02" in html
    assert "Known: appendicectomy 1999, hypothyroidism" in html
    flags = form_of(page, later).sections()[2]
    assert flags[0].title == "Red flags: always asked"  # for safety, known or not
    hints = {line.code: line.hint for line in flags[2][0].lines}
    assert hints["orthopnoea"].startswith("Known: present")


def test_every_symptom_has_one_line_and_is_found_by_words_that_mean_only_it(page, step):
    form = form_of(page, step)
    lines = [line for grid in form.grids.values() if grid.prefix == "ph" for line in grid.lines]
    assert sorted(line.code for line in lines) == sorted(vocabulary().phenotypes)
    words = [word.lower() for line in lines for word in line.words.split("|")]
    twice = {word for word in words if words.count(word) > 1}
    labels = {p.label.lower() for p in vocabulary().phenotypes.values()}
    assert twice <= labels | {p.seed for p in vocabulary().phenotypes.values()}
    assert "drooping eyelids" in words
    assert "hp:0000508" in words


def test_a_word_of_no_symptom_and_a_symptom_without_words_are_refused():
    known = vocabulary().phenotypes
    with pytest.raises(ValueError, match=r"no phenotype has the code .'ptossis'"):
        synonyms.with_words(known, synonyms.read() | {"ptossis": ["droop"]})
    with pytest.raises(ValueError, match=r"without synonyms: .'ptosis'"):
        synonyms.with_words(known, {c: w for c, w in synonyms.read().items() if c != "ptosis"})


def test_without_script_a_button_gives_more_lines_and_judges_nothing(page, step):
    answer = post(page, step, **{"add-line": "rel", "rel-new1-age_years": "old", "onset": "March"})
    form = answer.context["form"]
    assert answer.status_code == 200
    assert "rel-new6-relation" in form.fields
    assert form["rel-new1-age_years"].value() == "old"
    assert not form.errors
    assert form["toxic_exposure"].value() is None  # nothing ticked is not "none of these"
    assert HistoryResult.objects.count() == 0


def test_a_long_history_costs_no_more_than_a_short_one(page, step, doctor):
    save_relative(Relative(relation="father"), patient=step.patient, by=doctor)
    father = Relative.objects.get()
    long = TOLD | {f"rel-{father.pk}-relation": "father", f"rel-{father.pk}-affected": "no"}
    long |= {f"ph-{code}-status": "absent" for code in vocabulary().phenotypes}
    long |= {f"rel-new{n}-relation": f"cousin {n}" for n in range(1, 9)} | {"rel-blanks": "9"}
    long |= {f"earlier-new{n}-what": f"CK {n}" for n in range(1, 9)} | {"earlier-blanks": "9"}
    sent = statements(page, step, **long)
    assert len(sent) <= MOST
    assert current_result(step).symptoms.count() == len(vocabulary().phenotypes)
    assert Relative.objects.count() == 9


def test_another_clinic_sees_no_earlier_test(page, step):
    post(page, step, **TOLD)
    with clinics(ALL):
        other = make.clinic("south")
    with clinics([other.pk]):
        assert current_result(step) is None
        assert not Relative.objects.exists()
        assert not EarlierTest.objects.exists()


def test_a_relative_keeps_her_age_on_her_own_page(page, step):
    address = f"/patients/{step.patient_id}/relatives/new/"
    page.post(address, {"relation": "aunt", "sex": "female", "affected": "yes", "age_years": "70"})
    assert Relative.objects.get().age_years == 70
    refused = page.post(address, {"relation": "aunt", "sex": "female", "age_years": "170"})
    assert "120" in shown(refused)
