from django.db import migrations

from accounts.rls import parent, row_security, same_clinic

ROWS = {  # result → its rows
    "historyresult": ["symptom"],
    "examresult": ["strength", "reflex", "sensation", "sign", "examscore", "tone", "bulk"],
    "labresult": ["labvalue"],
    "mriresult": ["imagingfinding", "muscleimage"],
    "emgresult": ["nervestudy", "musclestudy", "emgscore", "nervelimit", "stimulustrain"],
    "biopsyresult": ["marker", "addition"],
    "geneticresult": ["variant", "familytest"],
    "respiratoryresult": [],
    "cardiacresult": ["cardiacvalue"],
    "otherresult": ["criterionoutcome", "otherscore", "othervalue"],
}
BESIDE = ["draft", "attachment", "specimen", "specimenmove"]  # of a step, not of a result
TABLES = [name for result, rows in ROWS.items() for name in [result, *rows]] + BESIDE

LINKS = [
    *[(result, "step", "workflows_step") for result in ROWS],
    *[(result, "replaces", f"results_{result}") for result in ROWS],
    *[(row, "result", f"results_{result}") for result, rows in ROWS.items() for row in rows],
    ("familytest", "relative", "patients_relative"),
    ("draft", "step", "workflows_step"),
    ("attachment", "step", "workflows_step"),
    ("specimen", "step", "workflows_step"),
    ("specimen", "patient", "patients_patient"),
    ("specimenmove", "specimen", "results_specimen"),
]


class Migration(migrations.Migration):
    dependencies = [("results", "0001_tables"), ("workflows", "0002_row_security")]

    operations = [
        *[row_security(f"results_{name}{event}") for name in TABLES for event in ("", "event")],
        *[parent(f"results_{name}") for name in [*ROWS, "specimen"]],
        *[same_clinic(f"results_{name}", f"{link}_id", to) for name, link, to in LINKS],
    ]
