"""Cases for the engine: a day, facts and what people did, told briefly."""

from collections.abc import Mapping
from datetime import date, timedelta

from clinical.engine import Outcome, Raised, Snapshot, StepState, evaluate
from clinical.pathways import Catalogue, load

MONDAY = date(2026, 3, 2)
GLOBAL = """
meta:
  reminder_profiles:
    emergency: {remind_before_days: 0, repeat_overdue_days: 1, escalate_overdue_days: 1,
      escalate_to: clinician, on_escalation: transfer, ack_result_within_days: 0}
    urgent: {remind_before_days: 2, repeat_overdue_days: 3, escalate_overdue_days: 5,
      escalate_to: clinician, on_escalation: transfer, ack_result_within_days: 2}
    routine: {remind_before_days: 14, repeat_overdue_days: 14, escalate_overdue_days: 28,
      escalate_to: coordinator, on_escalation: inform, ack_result_within_days: 14}
  expected_turnaround_days: {routine_bloods: 2, antibody_send_out: 14, mri_report: 7,
    emg_report: 2, muscle_biopsy_routine: 21, muscle_biopsy_full: 42, genetics_rapid: 21,
    genetics_targeted: 42, genetics_panel: 84, wgs: 84}
sources: {clinic_default: "No published interval", book: "A book, p. 7"}
global_rules: []
"""


def day(n: int) -> date:
    """The n-th day of the case; day 0 is a Monday."""
    return MONDAY + timedelta(days=n)


def step_yaml(code: str, **fields: object) -> str:
    """A step of a test pathway; whatever is not given is plain."""
    given = {
        "modality": "labs",
        "label": f"Step {code}",
        "owner": "clinician",
        "default": "active",
        "requires": [],
        "target": "{days: 10, from: referral, source: clinic_default}",
        "profile": "routine",
        "capture": "['lab:ck']",
    } | fields
    return f"  - {{id: {code}, " + ", ".join(f"{k}: {v}" for k, v in given.items()) + "}"


def rule_yaml(code: str, when: str, then: str, confirm: bool = False) -> str:
    """A rule of a test pathway; the condition and the actions are YAML."""
    flag = str(confirm).lower()
    return (
        f"  - {{id: {code}, when: {when}, then: [{then}], because: a reason, source: book, "
        f"confirm: {flag}, confidence: high}}"
    )


def pathway_yaml(*steps: str, rules: tuple[str, ...] = (), code: str = "trial") -> str:
    """A test pathway."""
    head = (
        f"id: {code}\nlabel: Trial {code}\ngroup: myopathy\nurgency: soon\nwhen_used: []\nsteps:\n"
    )
    return head + "\n".join(steps) + "\nrules:\n" + ("\n".join(rules) or "  []") + "\n"


def trial(
    *steps: str, rules: tuple[str, ...] = (), more: Mapping[str, str] | None = None
) -> Catalogue:
    """The definitions with one small pathway, `trial`."""
    texts = {"global.yaml": GLOBAL, "trial.yaml": pathway_yaml(*steps, rules=rules)}
    return load(texts | dict(more or {}))


def run(catalogue: Catalogue, *states: StepState, on: int = 0, **more: object) -> Outcome:
    """The outcome for the trial pathway, started on day 0."""
    given: dict[str, object] = {"started": {"trial": MONDAY}, "on": day(on)}
    given["steps"] = {state.code: state for state in states}
    return evaluate(Snapshot(**(given | more)), catalogue)  # type: ignore[arg-type]


def keys(outcome: Outcome) -> list[str]:
    """The keys of what is raised, in order."""
    return [raised.key for raised in outcome.raised]


def raised(outcome: Outcome, key: str) -> Raised:
    """The one that is raised under this key."""
    return next(one for one in outcome.raised if one.key == key)
