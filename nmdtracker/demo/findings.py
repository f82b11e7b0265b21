"""What a test of an invented patient shows: typed drafts, as a form would hand them over."""

from decimal import Decimal

from clinical.vocabulary import vocabulary
from results.biopsy.models import BiopsyResult
from results.cardiac.models import CardiacResult
from results.emg.models import EmgResult
from results.exam.models import ExamResult, Reflex, Sign, Strength
from results.genetics.models import GeneticResult
from results.history.models import HistoryResult, Symptom
from results.laboratory import default_limits
from results.labs.models import LabResult, LabValue
from results.mri.models import ImagingFinding, MriResult
from results.other.models import OtherResult
from results.respiratory.models import MEASURES, RespiratoryResult

LOWEST = {"hba1c": 4.6}  # of people: a limit that has no lower end
WITHIN = {  # normal values of measures that have no limits in the vocabulary
    "fvc_upright_l": (2.6, 4.8),
    "fvc_upright_pct": (84, 112),
    "fvc_supine_pct": (80, 108),
    "fvc_ml_kg": (45, 70),
    "snip_cmh2o": (70, 115),
    "mip_cmh2o": (75, 120),
    "mep_cmh2o": (90, 150),
    "pcf_l_min": (330, 520),
    "spo2_rest_pct": (96, 99),
    "pco2_kpa": (4.7, 5.6),
}


def draft_for(step, scenario, rng, patient):
    """An unsaved result for this step, with its rows."""
    build = BUILDERS[step.modality]
    draft = build(step, scenario, rng, patient)
    covered = set(draft.captures())
    asked = {atom for each in step.captures for atom in vocabulary().expand_capture(each)}
    left = sorted(asked - covered)
    draft.also_done = left or None
    return draft


def _history(step, scenario, rng, patient):
    draft = HistoryResult(
        **scenario["history"], pedigree_note="Three generations asked; see relatives."
    )
    draft.anticoagulation = "none"
    draft.consent_genetic_testing = "given"
    told = [Symptom.of(code, "present") for code in scenario["symptoms"]]
    absent = [code for code in ("dyspnoea", "dysphagia") if code not in scenario["symptoms"]]
    return draft.with_rows(symptoms=[*told, *(Symptom.of(code, "absent") for code in absent)])


def _exam(step, scenario, rng, patient):
    draft = ExamResult(**scenario["exam"])
    movements = vocabulary().movements
    strengths = []
    for code in vocabulary().strength_sets["mrc_set_core"].members:
        sides = ["midline"] if movements[code].midline else ["left", "right"]
        grade = scenario["weak"].get(code, "5")
        strengths += [Strength(movement=code, side=side, grade=grade) for side in sides]
    absent = "absent" in scenario["exam"].get("reflex_pattern", "")
    reflexes = [
        Reflex(reflex=code, side=side, value="0" if absent else "2")
        for code in ("biceps_reflex", "knee_reflex", "ankle_reflex")
        for side in ("left", "right")
    ]
    signs = {code: "present" for code in scenario["signs"]}
    signs |= {capture[3:]: "absent" for capture in step.captures if _sign_not_seen(capture, signs)}
    rows = [Sign.of(code, status) for code, status in signs.items()]
    return draft.with_rows(strengths=strengths, reflexes=reflexes, signs=rows)


def _sign_not_seen(capture, signs):
    return capture.startswith("ph:") and capture[3:] not in signs


def _labs(step, scenario, rng, patient):
    lines = []
    for capture in step.captures:
        for atom in vocabulary().expand_capture(capture):
            if atom.startswith("lab:"):
                lines.append(_value(atom[4:], scenario, rng, patient))
    age = patient.age_years(step.case.referral_on)
    lines = default_limits([line for line in lines if line], patient.sex, age)
    return LabResult(specimen="").with_rows(values=lines)


def _value(code, scenario, rng, patient):
    """One analyte: what the scenario says, else a value inside its limits, else “negative”."""
    analyte, stated = vocabulary().analytes[code], scenario["labs"].get(code)
    if isinstance(stated, str):
        return LabValue(analyte=code, value_text=stated, stated_flag=stated)
    if analyte.value_type == "numeric":
        low, high = stated or _inside(analyte, patient)
        if high is None:
            return LabValue(analyte=code, stated_flag="normal", value_text="normal")
        digits = 0 if high > 50 else 2
        return LabValue(analyte=code, value_num=_between(rng, low, high, digits), unit=analyte.unit)
    if analyte.results:
        return LabValue(analyte=code, value_text=analyte.results[0], stated_flag="negative")
    word = "normal" if analyte.value_type == "text" else "negative"
    return LabValue(analyte=code, value_text=word, stated_flag=word)


def _between(rng, low, high, digits):
    """A decimal as a laboratory prints it."""
    return Decimal(f"{rng.uniform(low, high):.{digits}f}")


def _inside(analyte, patient):
    low, high = analyte.limits(patient.sex, 40)
    if high is None:
        return (low, low * 2) if low else (None, None)
    low = low if low is not None else LOWEST.get(analyte.code, high * 0.2)
    margin = (high - low) * 0.1
    return low + margin, high - margin


def _genetics(step, scenario, rng, patient):
    tests = [capture[4:] for capture in step.captures if capture.startswith("gen:")]
    known = vocabulary().genetic_tests
    found = {
        name: value
        for name, value in scenario.get("genetics", {}).items()
        if any(_reports(known[test], name) for test in tests)
    }
    negative = {name: value for test in tests for name, value in NEGATIVE.get(test, {}).items()}
    summary = "diagnostic" if found else "negative"
    columns = negative | found if not found else {**negative, **found}
    columns.setdefault("result_summary", summary)
    return GeneticResult(tests=tests, sample_type="blood", **columns).with_rows(variants=[])


NEGATIVE = {
    "dmd_mlpa": {"dmd_del_dup": "none_found"},
    "fshd_d4z4": {"d4z4_units": 24, "d4z4_permissive": True},
    "dmpk_ctg": {"dmpk_ctg_repeats": 12},
    "cnbp_cctg": {"cnbp_expanded": False},
    "smn1_mlpa": {"smn1_exon7_copies": 2, "smn2_copies": 2},
    "c9orf72_rp": {"c9orf72_expanded": False},
    "ar_cag": {"ar_cag_expanded": False},
    "pmp22_mlpa": {"pmp22_dosage": "normal"},
}
COLUMN_GENES = {
    "dmd": "DMD",
    "d4z4": "DUX4",
    "dmpk": "DMPK",
    "smn1": "SMN1",
    "smn2": "SMN1",
    "pmp22": "PMP22",
    "gaa": "GAA",
}


def _reports(test, column):
    gene = COLUMN_GENES.get(column.split("_")[0])
    return gene in test.genes if gene else "GAA" in test.genes


def _emg(step, scenario, rng, patient):
    found = scenario.get("emg", {"ncs": ["normal"], "emg": ["normal"]})
    sets = {prefix: [] for prefix in ("ncs", "emg")}
    special = []
    for capture in step.captures:
        prefix, _, code = capture.partition(":")
        if code.startswith("set_"):
            sets[prefix].append(code)
        elif prefix == "ncs":
            special.append(code)
    return EmgResult(
        ncs_sets=sets["ncs"] or None,
        emg_sets=sets["emg"] or None,
        special_tests=special or None,
        ncs_conclusions=found["ncs"],
        emg_conclusions=found["emg"],
        snap_normal=not any("axonal" in code or "demyel" in code for code in found["ncs"]),
        conduction_block=found.get("block"),
        uniform_slowing=found.get("uniform"),
        gbs_supportive=found.get("gbs"),
        rns_decrement_pct=found.get("decrement"),
    )


def _mri(step, scenario, rng, patient):
    protocols = [capture[4:] for capture in step.captures if capture.startswith("mri:")]
    rows = []
    for code, found in scenario.get("mri", {}).items():
        amount = None if found is True else found
        rows.append(ImagingFinding(finding=code, status="present", amount=amount))
    if any("spine" in each for each in protocols):
        rows.append(ImagingFinding(finding="no_compression", status="present"))
    draft = MriResult(protocols=protocols, dissemination_in_time=scenario.get("dit"))
    return draft.with_rows(findings=rows)


def _biopsy(step, scenario, rng, patient):
    tissue = next((c[3:] for c in step.captures if c.startswith("bx:")), "muscle")
    findings = scenario.get("biopsy") or ["normal_muscle"]
    draft = BiopsyResult(tissue=tissue, site="vastus_lateralis", side="left", method="open")
    if tissue == "nerve":
        draft.site, draft.nerve_findings = "sural", ["axonal_loss"]
    elif tissue == "muscle":
        draft.muscle_findings = findings
    else:
        draft.site = ""
    return draft


def _respiratory(step, scenario, rng, patient):
    stated = scenario.get("respiratory", {})
    asked = {capture[5:] for capture in step.captures if capture.startswith("resp:")}
    columns = {}
    for name in MEASURES:
        if name in asked or name in stated:
            low, high = stated.get(name, WITHIN.get(name, (1, 1)))
            columns[name] = _between(rng, low, high, 1)
    if "nocturnal_oximetry" in asked:
        columns["nocturnal_oximetry"] = "normal"
    return RespiratoryResult(**columns)


def _cardiac(step, scenario, rng, patient):
    stated = dict(scenario.get("cardiac", {}))
    tests = [c[5:] for c in step.captures if c.startswith("card:") and c != "card:ecg"]
    stated.setdefault("ecg", ["normal"])
    stated.setdefault("pr_ms", rng.randrange(130, 190))
    stated.setdefault("qrs_ms", rng.randrange(78, 104))
    if "echo" in tests:
        stated.setdefault("lvef_pct", rng.randrange(56, 68))
    return CardiacResult(tests=tests or None, **stated).with_rows(values=[])


def _other(step, scenario, rng, patient):
    disorder = vocabulary().disorders[scenario["code"]].label
    return OtherResult(conclusion=f"Findings discussed; they fit {disorder}.").with_rows()


BUILDERS = {
    "history": _history,
    "exam": _exam,
    "labs": _labs,
    "genetics": _genetics,
    "emg": _emg,
    "mri": _mri,
    "biopsy": _biopsy,
    "respiratory": _respiratory,
    "cardiac": _cardiac,
    "other": _other,
}
