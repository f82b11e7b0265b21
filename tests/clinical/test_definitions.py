"""Definitions are checked on load; every problem has its file, rule or step, and field."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from clinical.check import main
from clinical.pathways import DefinitionError, catalogue, load, pathways
from tests.clinical.case import GLOBAL, pathway_yaml, rule_yaml, step_yaml, trial

ROOT = Path(__file__).parents[2]
WHEN = "{fact: pt.age_years, op: lt, value: 18}"
ALERT = "{alert: {level: info, to: clinician, text: hello}}"


def problems(*steps: str, rules: tuple[str, ...] = (), **more: str) -> tuple[str, ...]:
    with pytest.raises(DefinitionError) as refused:
        trial(*(steps or (step_yaml("a"),)), rules=rules, more=more)
    return refused.value.problems


def test_the_shipped_definitions_are_sound_and_complete():
    shipped = catalogue()
    assert (len(shipped.pathways), len(shipped.steps), len(shipped.rules)) == (10, 128, 209)
    assert all(rule.source_text for rule in shipped.rules.values())
    assert all(step.doors for step in shipped.steps.values())


def test_every_shipped_rule_can_be_put_in_words():
    shipped = catalogue()
    for rule in shipped.rules.values():
        words = shipped.words(rule)
        assert words
        assert "_" not in words, words


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"modality": "xray"}, "trial.yaml: step a: modality: unknown modality 'xray'"),
        ({"owner": "porter"}, "trial.yaml: step a: owner: unknown owner 'porter'"),
        ({"default": "maybe"}, "trial.yaml: step a: default: unknown default 'maybe'"),
        ({"profile": "soonish"}, "trial.yaml: step a: profile: unknown profile 'soonish'"),
        ({"requires": "[b]"}, "trial.yaml: step a: requires: unknown step 'b'"),
        ({"requires": "[a]"}, "trial.yaml: step a: requires: cycle a → a (expected none)"),
        ({"capture": "['lab:cck']"}, "capture: unknown capture 'lab:cck' (expected lab:ck)"),
        ({"capture": "['xx:ck']"}, "capture: unknown capture 'xx:ck'"),
        ({"capture": "ck"}, "trial.yaml: step a: capture: 'ck' (expected a list)"),
        (
            {"target": "{days: 1, from: b, source: book}"},
            "trial.yaml: step a: target.from: unknown origin 'b' (expected referral)",
        ),
        (
            {"target": "{days: 1, from: referral, source: bok}"},
            "trial.yaml: step a: target.source: unknown source 'bok' (expected book)",
        ),
        (
            {"target": "{days: soon, from: referral, source: book}"},
            "trial.yaml: step a: target: days: 'soon' (expected a whole number)",
        ),
        (
            {"target": "{days: -1, from: referral, source: book}"},
            "trial.yaml: step a: target: days: -1 (expected 0 or more)",
        ),
        ({"lable": "x"}, "trial.yaml: step a: lable: unknown field 'lable' (expected label)"),
        ({"label": "''"}, "trial.yaml: step a: label: '' (expected text)"),
    ],
)
def test_a_wrong_step_is_named_with_its_field(fields, expected):
    assert any(expected in problem for problem in problems(step_yaml("a", **fields)))


@pytest.mark.parametrize(
    ("when", "then", "expected"),
    [
        ("{fact: pt.age, op: lt, value: 1}", ALERT, "when: unknown fact 'pt.age'"),
        ("{fact: pt.age_years, op: le, value: 1}", ALERT, "when: unknown operator 'le'"),
        ("{fact: pt.age_years, op: lt, value: old}", ALERT, "lt 'old' (expected a number)"),
        ("{fact: pt.age_years, op: eq, value: true}", ALERT, "eq True (expected a number)"),
        ("{fact: pt.sex, op: eq, value: man}", ALERT, "eq 'man' (expected one of female, male)"),
        ("{fact: pt.sex, op: eq, value: unknown}", ALERT, "unknown is never a value"),
        ("{fact: pt.sex, op: gt, value: male}", ALERT, "only numbers have an order"),
        ("{fact: pt.sex, op: in, value: male}", ALERT, "(expected a list of values)"),
        ("{fact: pt.sex, op: eq, value: [male]}", ALERT, "(expected one value)"),
        ("{fact: pt.sex, op: contains, value: male}", ALERT, "pt.sex is no list"),
        ("{fact: pt.sex, op: missing, value: 1}", ALERT, "(expected true or false)"),
        ("{fact: mri.dit, op: eq, value: 1}", ALERT, "(expected true or false)"),
        ("{fact: ex.mrc_sum, op: lt, value: 61}", ALERT, "(expected at most 60)"),
        ("{fact: ex.weakness_pattern, op: eq, value: axial}", ALERT, "the fact is a list"),
        (
            "{fact: ex.weakness_pattern, op: contains, value: axal}",
            ALERT,
            "contains 'axal' (expected a list of proximal",
        ),
        ("{fact: step.b, op: eq, value: ready}", ALERT, "when: unknown step 'b'"),
        ("{fact: pathway.alz, op: eq, value: active}", ALERT, "when: unknown pathway 'alz'"),
        ("{all: []}", ALERT, "when: all: [] (expected a list with at least one condition)"),
        (WHEN, "", "then: no action (expected at least one)"),
        (WHEN, "{shout: {to: clinician}}", "then: unknown action 'shout'"),
        (WHEN, "{activate: {step: b}}", "then: activate: unknown step 'b'"),
        (WHEN, "{activate: a}", "activate: 'a' (expected step)"),
        (WHEN, "{activate: {step: a, days: 3}}", "activate: days: unknown field 'days'"),
        (WHEN, "{start_pathway: {pathway: alz}}", "start_pathway: unknown pathway 'alz'"),
        (WHEN, "{set_dx: {dx: dmdd, status: probable}}", "unknown disorder 'dmdd' (expected dmd)"),
        (WHEN, "{set_dx: {dx: dmd, status: likely}}", "set_dx.status: unknown status 'likely'"),
        (WHEN, "{show_treatment_option: {treatment: riluzol}}", "(expected riluzole)"),
        (WHEN, "{create_referral: {to: cardio, profile: urgent}}", "(expected cardiology)"),
        (WHEN, "{prioritise: {step: a, profile: fast, days: 3}}", "unknown profile 'fast'"),
        (WHEN, "{prioritise: {step: a, profile: urgent, days: -1}}", "-1 (expected 0 or more)"),
        (WHEN, "{alert: {level: loud, to: clinician, text: x}}", "unknown level 'loud'"),
        (WHEN, f"{ALERT}, {ALERT}", "alert clinician stands there twice"),
    ],
)
def test_a_wrong_rule_is_named_with_its_field(when, then, expected):
    found = problems(rules=(rule_yaml("r", when, then),))
    assert any(expected in problem for problem in found), found
    assert all(problem.startswith("trial.yaml: rule r: ") for problem in found), found


def test_an_unknown_source_is_named():
    rule = rule_yaml("r", WHEN, ALERT).replace("source: book", "source: bible")
    assert "trial.yaml: rule r: source: unknown source 'bible'" in problems(rules=(rule,))[0]


def test_duplicate_ids_are_found_within_and_across_files():
    found = problems(
        step_yaml("a"),
        step_yaml("a"),
        rules=(rule_yaml("r", WHEN, ALERT),),
        **{
            "zz.yaml": pathway_yaml(step_yaml("b"), rules=(rule_yaml("r", WHEN, ALERT),), code="zz")
        },
    )
    assert "trial.yaml: step a: id: also used in trial.yaml (expected a new id)" in found
    assert "zz.yaml: rule r: id: also used in trial.yaml (expected a new id)" in found
    again = problems(step_yaml("a"), **{"zz.yaml": pathway_yaml(step_yaml("b"))})
    assert "zz.yaml: id: trial is also the id of trial.yaml (expected a new id)" in again


def test_a_cycle_is_reported_once_with_its_path():
    a, b, c = (step_yaml(x, requires=f"[{y}]") for x, y in ("ab", "bc", "ca"))
    assert problems(a, b, c) == (
        "trial.yaml: step a: requires: cycle a → b → c → a (expected none)",
    )


def test_all_problems_come_in_one_report():
    broken = rule_yaml("r", "{fact: pt.age, op: le, value: 1}", "{shout: {}}")
    found = problems(step_yaml("a", modality="xray", owner="porter"), rules=(broken,))
    assert len(found) == 4, found


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("x.yaml", "a: [", "x.yaml: file: not readable as YAML"),
        ("x.yaml", "- a", "x.yaml: file: list (expected a mapping)"),
        ("x.yaml", "id: x", "x.yaml: steps: none (expected at least one step)"),
    ],
)
def test_a_file_that_is_no_pathway_is_refused(name, text, expected):
    assert any(problem.startswith(expected) for problem in problems(**{name: text}))


def test_without_the_global_file_a_base_is_needed_and_its_pathways_stay():
    own = pathway_yaml(step_yaml("sma_own"), code="sma")
    with pytest.raises(DefinitionError, match=r"global\.yaml: file: missing"):
        load({"sma.yaml": own})
    edited = load({"sma.yaml": own}, base=catalogue())
    assert [step.code for step in edited.pathways["sma"].steps] == ["sma_own"]
    assert edited.pathways["als"] == pathways()["als"]
    assert edited.global_rules == catalogue().global_rules


def test_an_entry_condition_suggests_its_pathway():
    entry = pathway_yaml(step_yaml("a")) + f"entry: {WHEN}\n"
    loaded = load({"global.yaml": GLOBAL, "trial.yaml": entry})
    assert [rule.code for rule in loaded.global_rules] == ["trial_entry"]
    assert loaded.global_rules[0].confirm


def test_a_pathway_is_immutable_and_doors_follow_from_what_it_captures():
    steps = catalogue().steps
    assert [door.value for door in steps["md_ck"].doors] == [
        "ordered",
        "performed",
        "reported",
        "reviewed",
        "told",
    ]
    assert [door.value for door in steps["md_exam"].doors] == ["performed", "reported", "reviewed"]
    assert [door.value for door in steps["tri_mdt"].doors] == ["performed", "reported", "reviewed"]
    assert [door.value for door in steps["als_dx"].doors][-1] == "told"
    assert steps["mys_cancer"].doors[0] == "ordered"
    with pytest.raises(AttributeError):
        steps["md_ck"].label = "x"  # type: ignore[misc]
    assert replace(steps["md_ck"], label="x").label == "x"


def test_the_check_prints_counts_or_every_problem(tmp_path, capsys):
    assert main([]) == 0
    assert "10 pathways, 128 steps, 209 rules" in capsys.readouterr().out
    (tmp_path / "trial.yaml").write_text(pathway_yaml(step_yaml("a", owner="porter")))
    assert main([str(tmp_path)]) == 1
    assert "trial.yaml: step a: owner: unknown owner 'porter'" in capsys.readouterr().err


def test_the_check_runs_as_a_module_without_django():
    code = (
        "import sys, clinical.check; sys.exit(clinical.check.main([]) or 'django' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
