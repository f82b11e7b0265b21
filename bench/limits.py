"""What the database itself needs: the least SQL for each page, by hand, without row security."""

import re
import time

READS = re.compile(r"[\s(]*(SELECT|WITH)\b")
CLINICAL = re.compile(r'FROM "?(workflows_|patients_|audit_event)')
COUNTS = re.compile(r"\bcount\(|\bworkflows_tally\b", re.IGNORECASE)
LAST = "\U0010ffff"
ROWS = """
SELECT s.id, s.case_id, s.modality, s.label, s.urgency, s.stage, s.due_on, s.ordered_at,
       s.door_open_since, s.summary, o.given_name, o.family_name, p.given_names, p.family_name,
       p.birth_on, p.sex, i.value
FROM workflows_step s
JOIN patients_patient p ON p.id = s.patient_id
LEFT JOIN accounts_user o ON o.id = s.owner_id
LEFT JOIN patients_identifier i ON i.patient_id = p.id AND i.system = 'MRN'
WHERE {where} ORDER BY {order} LIMIT 50
"""
OPEN = "s.clinic_id = 1 AND s.is_open AND s.twin_of_id IS NULL"
FOUND = (
    "SELECT p.*, i.value FROM patients_patient p JOIN patients_identifier i ON i.patient_id = p.id"
)


def rows(where=OPEN, order="s.sort_on, s.id"):
    """Fifty rows of a worklist."""
    return ROWS.format(where=where, order=order)


def least(case, name, number):
    """{page: statements} for a case's key, the beginning of a name and of a record number."""
    tail = f"SELECT patient_id FROM patients_nametail WHERE clinic_id = 1 AND tail >= '{name}'"
    value = "SELECT patient_id FROM patients_identifier WHERE clinic_id = 1 AND value"
    return {
        "worklist": [rows()],
        "name": [
            f"{FOUND} WHERE p.id IN ({tail} AND tail < '{name}{LAST}' ORDER BY tail LIMIT 20)"
        ],
        "number": [
            f"{FOUND} WHERE p.id IN ({value} >= '{number}' AND value < '{number}{LAST}' "
            "ORDER BY value LIMIT 20)"
        ],
        "chart": [
            "SELECT c.*, p.* FROM workflows_case c JOIN patients_patient p ON p.id = c.patient_id "
            f"WHERE c.id = {case}",
            f"SELECT * FROM workflows_step WHERE case_id = {case} ORDER BY sort_on, id",
            f"SELECT * FROM workflows_casepathway WHERE case_id = {case}",
            f"SELECT * FROM workflows_diagnosis WHERE case_id = {case}",
            f"SELECT * FROM audit_event WHERE case_id = {case} ORDER BY id DESC LIMIT 40",
        ],
    }


def clinical(statements):
    """Of a page's statements, those that read clinical rows; the frame's counts are left out."""
    return [text for text in _reading(statements) if not COUNTS.search(text)]


def counting(statements):
    """Of a page's statements, those that count clinical rows, for its tabs and its frame."""
    return [text for text in _reading(statements) if COUNTS.search(text)]


def _reading(statements):
    return [text for text in statements if READS.match(text) and CLINICAL.search(text)]


def milliseconds(link, statements, repeats=30):
    """Median time (ms) of all statements one after another, their rows fetched.

    Slow ones are repeated less: three times, or until a second has passed.
    """
    taken = []
    while len(taken) < min(3, repeats) or (len(taken) < repeats and sum(taken) < 1):
        start = time.perf_counter()
        for text in statements:
            link.execute(text).fetchall()
        taken.append(time.perf_counter() - start)
    return 1000 * sorted(taken)[len(taken) // 2]
