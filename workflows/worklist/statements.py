"""The statements of a list, by hand: the ORM would spend longer on writing them than PostgreSQL on

answering. A filter is one condition below; its value goes beside the text, never into it.
"""

from datetime import timedelta

from patients.models import MRN, clinics_for
from patients.search import FOUND
from workflows.worklist.filters import OPEN_LOOPS, clinics_shown, team_of
from workflows.worklist.free_text import FEW_LABELS, named_by

OPEN = "step.is_open AND step.twin_of_id IS NULL"
CONDITIONS = {
    "mine": "step.owner_id = %(user)s",
    "team": "step.owner_role = ANY(%(team)s::text[])",
    "nobody": "step.owner_id IS NULL",
    "overdue": "step.sort_on < %(today)s",
    "week": "step.sort_on <= %(next_week)s",
    "loops": "step.stage = ANY(%(loops)s::text[])",
    "modality": "step.modality = %(modality)s",
    "urgency": "step.urgency = %(urgency)s",
    "flag": "step.flag = %(flag)s",
    "pathway": "step.pathway = %(pathway)s",
    "clinician": "step.case_id IN"
    " (SELECT id FROM workflows_case WHERE clinician_id = %(clinician)s)",
    "lab": "strpos(lower(step.sent_to), lower(%(lab)s::text)) > 0",
}
AFTER = "(step.sort_on, step.id) > (%(after_day)s, %(after_key)s)"
RANGE = """
  SELECT step.id, step.sort_on FROM workflows_step AS step
  WHERE step.clinic_id = clinic.id AND {where} {first}
"""
OF_PATIENTS = "step.patient_id = ANY(%(patients)s::bigint[])"
OF_NAMES = "step.label = ANY(%(labels)s::text[])"
OF_TEXT = "strpos(lower(step.label), lower(%(q)s::text)) > 0"
OF_FOUND = f"step.patient_id IN ({FOUND})"
# likewise the cases, if there are few of them: else the case of each row is looked at
OF_CLINICIAN = """(CASE WHEN EXISTS (
  SELECT FROM workflows_case WHERE clinician_id = %(clinician)s OFFSET 400
) THEN (SELECT clinician_id FROM workflows_case WHERE id = step.case_id) = %(clinician)s
ELSE step.case_id IN (SELECT id FROM workflows_case WHERE clinician_id = %(clinician)s) END)"""
# of the few steps that have one: an index holds no others
OF_NOTES = "step.note <> '' AND strpos(lower(step.note), lower(%(q)s::text)) > 0"
OF_LABELS = """
  SELECT named.* FROM unnest(%(labels)s::text[]) AS asked (label) CROSS JOIN LATERAL (
    {of_label}
  ) AS named
"""
STEP_COLUMNS = [
    *("id", "case_id", "patient_id", "modality", "label", "urgency", "stage", "due_on", "sort_on"),
    *("ordered_at", "door_open_since", "owner_role", "result_status", "note", "seen_at"),
    *("snoozed_until", "not_reached", "version", "booked_for"),
]
COLUMNS = [
    *STEP_COLUMNS,
    "last",
    *("owner_given", "owner_family"),
    *("given_names", "family_name", "birth_on", "stated_age", "sex", "mrn"),
]
READ = ", ".join(f"step.{name}" for name in STEP_COLUMNS)
# what is read of a step, and of that the last thing known: its column depends on the stage
READ_TOO = "step.owner_id, step.summary, step.hold_reason, step.waits_for, step.sent_to"
LAST = """CASE
    WHEN step.stage = 'on_hold' THEN step.hold_reason
    WHEN step.stage = 'waiting' THEN step.waits_for ->> 0
    WHEN step.stage = 'awaiting_result' AND step.result_status = '' THEN step.sent_to
    ELSE step.summary
  END"""
SHOWN = f"""
SELECT {READ}, {LAST}, owner.given_name, owner.family_name,
  patient.given_names, patient.family_name, patient.birth_on, patient.stated_age, patient.sex, (
    SELECT value FROM patients_identifier
    WHERE patient_id = step.patient_id AND system = %(mrn)s ORDER BY id LIMIT 1
  )
FROM ({{steps}}) AS step
JOIN patients_patient AS patient ON patient.id = step.patient_id
LEFT JOIN accounts_user AS owner ON owner.id = step.owner_id
ORDER BY {{order}}
"""  # noqa: S608 - our own words only
# an index has them in order: nothing is read and left out
IN_ORDER = f"""
  SELECT {READ}, {READ_TOO} FROM workflows_step AS step
  WHERE step.clinic_id = %(clinic)s AND {{where}} {{first}}
"""  # noqa: S608
# by their keys first, out of an index alone, so that no more than a page is fetched
BY_KEY = f"""
  SELECT {READ}, {READ_TOO} FROM workflows_step AS step WHERE id = ANY(ARRAY(
    SELECT step.id FROM unnest(%(clinics)s::bigint[]) AS clinic (id) CROSS JOIN LATERAL (
      {{ranges}}
    ) AS step {{first}}
  ))
"""  # noqa: S608
# (table, how many steps a row of it stands for): a tally knows stage and day, the steps know all
TALLY, STEPS = ("workflows_tally", "sum(step.n)"), ("workflows_step", "count(*)")
TALLIED = {"overdue", "week", "loops"}
BY_STAGE = """
SELECT step.stage, {n}, coalesce({n} FILTER (WHERE step.sort_on < %(today)s), 0),
  coalesce({n} FILTER (WHERE step.sort_on <= %(next_week)s), 0)
FROM {table} AS step WHERE {where} GROUP BY step.stage
"""
OF_CLINICS = "step.clinic_id = ANY(%(clinics)s::bigint[])"
COUNTABLE = (
    "SELECT step.id, step.stage, step.sort_on FROM workflows_step AS step WHERE {where} AND "
)
# each name by itself, as the planner would rather read all open steps for a few of them
OF_NAMED = OF_LABELS.format(of_label=f"{COUNTABLE}step.label = asked.label OFFSET 0")
NAMED_STEPS = f"""(
  {COUNTABLE}{{of_patients}}
  UNION
  {OF_NAMED}
  UNION
  {COUNTABLE}{OF_NOTES}
)"""
STANDING = f"""
SELECT 'late', coalesce(sum(step.n), 0), 0, 0 FROM workflows_tally AS step
WHERE step.clinic_id = ANY(%(all)s::bigint[]) AND {CONDITIONS["overdue"]} AND step.stage <> 'done'
UNION ALL
SELECT 'loops', coalesce(sum(step.n), 0), 0, 0 FROM workflows_tally AS step
WHERE step.clinic_id = ANY(%(all)s::bigint[]) AND {CONDITIONS["loops"]}
"""  # noqa: S608


def rows(chosen, values, count):
    """(statement, values) of `count` rows in order."""
    said_later = {"loops": "true"} if _by_stage(chosen) else {}
    where = [OPEN, *_narrowed(chosen, clinician=OF_CLINICIAN, **said_later)]
    order = "step.sort_on, step.id"
    if chosen.tab == "done":
        where[0], order = "step.stage = 'done'", "step.id DESC"
    elif chosen.tab != "open":
        where.append("step.stage = %(tab)s")
    if chosen.after:
        where.append("step.id < %(after_key)s" if chosen.tab == "done" else AFTER)
    where = " AND ".join(where)
    first = f"ORDER BY {order} LIMIT {count:d}"  # a number: how many decides which plan is right
    if len(values["clinics"]) == 1 and not chosen.is_sparse:
        steps = IN_ORDER.format(where=where, first=first)
        values = values | {"clinic": values["clinics"][0]}
    else:
        ranges = " UNION ".join(_ranges(chosen, where, first, values))
        steps = BY_KEY.format(ranges=ranges, first=first)
    return SHOWN.format(steps=steps, order=order), values | {"mrn": MRN}


def counts(chosen, values):
    """(statement, values) of the Count of each stage; of the done ones if `tallied`.

    With "late" and "loops" of all her clinics where the list itself is narrowed.
    """
    (table, n), where = TALLY, " AND ".join([OF_CLINICS, *_narrowed(chosen)])
    if not tallied(chosen):
        (table, n), where = STEPS, f"{where} AND {OPEN}"
    if chosen.q:
        table = NAMED_STEPS.format(where=where, of_patients=_of_patients(values))
        where = "true"
    text = BY_STAGE.format(table=table, n=n, where=where)
    if _asked(chosen) or values["clinics"] != values["all"]:
        text = f"{text} UNION ALL {STANDING}"
    return text, values


def standing(user, today):
    """(statement, values) of "late" and "loops" of all her clinics."""
    return STANDING, {"all": clinics_for(user), "today": today, "loops": OPEN_LOOPS}


def values_of(user, chosen, today):
    """What the conditions compare with; free text is looked up here, once for rows and counts."""
    clinics = clinics_shown(user, chosen)
    values = {name: getattr(chosen, name) for name in (*CONDITIONS, "tab", "q")} | {
        "clinics": clinics,
        "all": clinics_for(user),
        "user": user.pk,
        "team": team_of(user),
        "today": today,
        "next_week": today + timedelta(days=7),
        "loops": OPEN_LOOPS,
    }
    if chosen.after:
        values |= {"after_day": chosen.after[0], "after_key": chosen.after[1]}
    return values | (named_by(clinics, chosen.q) if chosen.q else {})


def tallied(chosen):
    """Whether the numbers of a list are sums of the tally, which knows the done steps, too."""
    return TALLIED.issuperset(_asked(chosen))


def _asked(chosen):
    return [name for name in (*CONDITIONS, "q") if getattr(chosen, name)]


def _narrowed(chosen, **otherwise):
    conditions = CONDITIONS | otherwise
    return [condition for name, condition in conditions.items() if getattr(chosen, name)]


def _by_stage(chosen):
    """Whether each stage of the open loops is read by itself, because an index has it in order."""
    return chosen.loops and chosen.tab == "open" and not chosen.q


def _ranges(chosen, where, first, values):
    """What is read in order of one clinic; the union is its list."""
    if _by_stage(chosen):
        each = [f"{where} AND step.stage = '{stage}'" for stage in OPEN_LOOPS]
        return [f"({RANGE.format(where=one, first=first)})" for one in each]
    if not chosen.q:
        return [RANGE.format(where=where, first=first)]
    if chosen.tab == "done":  # no index has these by patient or name
        says = f"({_of_patients(values)} OR {OF_NOTES} OR {OF_TEXT})"
        return [RANGE.format(where=f"{where} AND {says}", first=first)]
    of_note = RANGE.format(where=f"{where} AND {OF_NOTES}", first=first)
    if values["is_many"]:
        of_name = OF_TEXT if len(values["labels"]) > FEW_LABELS else OF_NAMES
        # as one of two ways to be named, the patients are found once and kept
        named = f"({OF_FOUND} OR {of_name})"
        in_order = RANGE.format(where=f"{where} AND {named}", first=first)
        return [f"({in_order})", f"({of_note})"]
    of_patient = RANGE.format(where=f"{where} AND {OF_PATIENTS}", first=first)
    of_label = RANGE.format(where=f"{where} AND step.label = asked.label", first=first)
    return [f"({of_patient})", OF_LABELS.format(of_label=of_label), f"({of_note})"]


def _of_patients(values):
    return OF_FOUND if values["has_many"] else OF_PATIENTS
