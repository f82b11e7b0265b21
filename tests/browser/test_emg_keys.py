"""Nerve and needle tables filled in by the keyboard alone; flags as computed by hand."""

import re

from django.utils import timezone

from accounts.rls import ALL, clinics
from clinical.conduction import default_limits, rules
from results.emg.reading import read_nerves
from results.services import current_result
from tests import make
from tests.clinical.conduction_cases import MOTOR, NEEDLE, SENSORY
from workflows import services as workflow

ENTER, DOWN, SITE = "Enter", "ArrowDown", "s"
# cell by cell: Enter goes on, A says absent and goes on, S adds the next site
MEDIAN = ["3.9", ENTER, "1.8", SITE, "8.1", ENTER, "1.7", ENTER, "222", ENTER, ENTER]
ULNAR = ["2.9", ENTER, "6.1", ENTER, ENTER, ENTER, "33", SITE, "6.6", ENTER, "4.0", ENTER, "205"]
ULNAR += [SITE, "8.4", ENTER, "3.9", ENTER, "98", ENTER, ENTER]
FIBULAR = ["7", ENTER, "2.1", ENTER, ENTER, ENTER, "a"]
TIBIAL = ["5.8", ENTER, "4", ENTER, ENTER, ENTER, "56", SITE, "14.3", ENTER, "2", ENTER, "340"]
MOTOR_KEYS = [
    *MEDIAN, "4.4", ENTER, "a", ENTER, ENTER, ENTER,
    *ULNAR, "3.4", ENTER, "6", ENTER, ENTER, ENTER, ENTER,
    *FIBULAR, "4.8", ENTER, "3.1", ENTER, ENTER, ENTER, ENTER,
    *TIBIAL, ENTER, ENTER, "4.4", ENTER, "9.6", ENTER, ENTER, ENTER, ENTER,
]  # fmt: skip
SENSORY_KEYS = [
    "2.6", ENTER, "3.1", ENTER, "28", ENTER, "140", ENTER, ENTER,
    "2.6", ENTER, "3.6", ENTER, "19.9", ENTER, "140", ENTER, "49", ENTER,
    "2.5", ENTER, "2.8", ENTER, "21", ENTER, "125", ENTER, ENTER,
    ENTER, ENTER, "a", ENTER, ENTER,
    "3.2", ENTER, "3.9", ENTER, "11", ENTER, "140", ENTER, ENTER,
    "n",
]  # fmt: skip
BY_HAND = {  # (nerve, side, site): (flags, velocity)
    ("median_m", "right", "wrist"): (["low_amplitude"], None),
    ("median_m", "right", "elbow"): ([], 52.9),  # 222 mm in 4.2 ms
    ("median_m", "left", "wrist"): (["absent"], None),
    ("ulnar_m", "right", "wrist"): (["prolonged_f"], None),
    ("ulnar_m", "right", "below_elbow"): (["conduction_block"], 55.4),  # 4.0 of 6.1 mV is 66 %
    ("ulnar_m", "right", "above_elbow"): (["conduction_block"], 54.4),  # 98 mm in 1.8 ms
    ("ulnar_m", "left", "wrist"): (["prolonged_dml"], None),
    ("fibular_edb", "right", "ankle"): (["prolonged_dml", "absent_f"], None),
    ("fibular_edb", "left", "ankle"): ([], None),
    ("tibial_m", "right", "ankle"): ([], None),
    ("tibial_m", "right", "popliteal_fossa"): (["slow_cv"], 40.0),  # 340 mm in 8.5 ms
    ("tibial_m", "left", "ankle"): ([], None),
    ("median_s", "right", ""): ([], 53.8),  # 140 mm in 2.6 ms
    ("median_s", "left", ""): (["low_amplitude", "prolonged_peak", "slow_cv"], 49.0),
    ("ulnar_s", "right", ""): ([], 50.0),
    ("ulnar_s", "left", ""): (["absent"], None),
    ("sural_s", "right", ""): ([], 43.8),  # 140 mm in 3.2 ms
    ("sural_s", "left", ""): ([], None),
}
# insertion, fib, psw, fasc, myotonic, CRD, myokymia, duration, amplitude, polyphasia, stability,
# recruitment, interference: one key each
DENERVATED = list("i221000iiiurr")
MUSCLES = {
    ("tongue", "right"): ["n"],
    ("tongue", "left"): ["n"],
    ("deltoid", "right"): DENERVATED,
    ("deltoid", "left"): ["0", "+", "0", "n"],
    ("first_dorsal_interosseous", "right"): DENERVATED,
    ("first_dorsal_interosseous", "left"): ["n"],
    ("paraspinal_thoracic", "right"): ["0", "1", "n"],
    ("paraspinal_thoracic", "left"): ["n"],
    ("vastus_lateralis", "right"): ["n"],
}
READ_AS = {
    ("deltoid", "right"): {"Active denervation", "Chronic reinnervation"},
    ("first_dorsal_interosseous", "right"): {"Active denervation", "Chronic reinnervation"},
    ("paraspinal_thoracic", "right"): {"Active denervation"},
    ("biceps", "left"): {"Active denervation"},
}


def press(page, keys):
    for key in keys:
        if len(key) > 1 and key[0].isupper():
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def tab_to(page, selector):
    for _ in range(150):
        if page.evaluate("css => document.activeElement.matches(css)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def emg_step(staff):
    with clinics(ALL):
        patient = make.patient(staff["clinic"], staff["clinician"])
        case = make.case(patient, staff["clinician"])
        return workflow.add_step(
            case,
            code="more",
            label="EMG",
            modality="emg",
            captures=["ncs:set_als", "emg:set_als_four_region"],
            profile="soon",
            days=7,
            by=staff["clinician"],
            at=timezone.now(),
        )


def test_a_whole_study_is_entered_by_keyboard_and_flagged_as_by_hand(site, staff):
    step = emg_step(staff)
    page = site.sign_in(staff["clinician"])
    page.goto(f"{site.url}/results/record/{step.pk}/")
    check_that_script_and_server_agree(page)
    check_table_semantics(page)
    tab_to(page, "[name='motor-median_m-right-wrist-latency_ms']")
    press(page, MOTOR_KEYS)
    press(page, SENSORY_KEYS)
    for keys in MUSCLES.values():
        press(page, keys)
    tab_to(page, "#needle-add")
    page.keyboard.type("Biceps, left")
    press(page, [ENTER, "0", "3", "n"])
    site.picture(page, "emg-typed")
    live = page.locator("tr[data-nt-line='ulnar_m-right-below_elbow']").inner_text()
    assert "= 55.4 computed" in live
    assert "Conduction block" in live
    page.keyboard.press("Control+Enter")
    page.get_by_text("final report saved").wait_for()
    page.goto(f"{site.url}/results/step/{step.pk}/")
    site.picture(page, "emg-report")
    check_report(page)
    with clinics(ALL):
        check_rows(current_result(step))
    assert site.complaints == []


def check_rows(result):
    found = {
        (site.row.nerve, site.row.side, site.row.site): (
            list(site.reading.flags),
            site.reading.velocity,
        )
        for site in read_nerves(result)
    }
    assert found == BY_HAND
    muscles = {(row.muscle, row.side): row for row in result.rows("muscles")}
    assert set(muscles) == {*MUSCLES, ("biceps", "left")}
    for place, row in muscles.items():
        expected = READ_AS.get(place, set())
        assert expected <= set(row.read_as), place
        assert bool(row.read_as) is bool(expected), place
    assert muscles["deltoid", "left"].fib == "+/-"
    assert muscles["biceps", "left"].recruitment == "normal"


def check_report(page):
    hint = page.get_by_label("Hint: Motor neuron pattern, 1 region")
    assert "cervical: deltoid, first dorsal interosseous" in hint.inner_text()
    block = page.get_by_role("row", name=re.compile("Ulnar, right, below elbow"))
    assert "computed: 205 mm / (6.6 − 2.9) ms" in block.inner_text()
    assert "≥ 49" in block.inner_text()


def check_table_semantics(page):
    for title in ("Motor conduction", "Sensory conduction", "Needle EMG"):
        table = page.get_by_role("region", name=f"{title}, table").get_by_role("table")
        assert table.get_by_role("columnheader").count() > 8
        bare = table.evaluate(
            "t => [...t.querySelectorAll('input, select')]"
            ".filter(f => !f.getAttribute('aria-label')).map(f => f.name)"
        )
        assert bare == []
        heads = table.evaluate("t => [...t.tBodies[0].rows].every(r => r.cells[0].scope === 'row')")
        assert heads


def check_that_script_and_server_agree(page):
    """The cases that tests/clinical/test_conduction.py holds clinical.conduction to."""
    limits = {case[0]: vars(default_limits(case[0], 40)) for case in [*MOTOR, *SENSORY]}
    given = {"rules": rules(), "limits": limits, "motor": MOTOR, "sensory": SENSORY}
    answers = page.evaluate(
        """({rules, limits, motor, sensory, needle}) => {
          const told = (found) => found.map((r) => [r.flags, r.velocity, r.computed]);
          const {readMotor, readSensory, readMuscle} = window.nmdConduction;
          return [
            motor.map(([n, s, f]) =>
              told(readMotor(n, s.map((x) => ({site: "", ...x})), limits[n], rules, f))),
            sensory.map(([n, s]) => told(readSensory(s, limits[n], rules))),
            needle.map(([found]) => readMuscle(found)),
          ];
        }""",
        given | {"needle": NEEDLE},
    )
    plain = [[[list(site) for site in case[-1]] for case in cases] for cases in (MOTOR, SENSORY)]
    assert answers == [*plain, [expected for _, expected in NEEDLE]]
