from django.db import migrations

from accounts.rls import parent, row_security, same_clinic

ROWS = {  # result → its rows
    "historyresult": ["symptom"],
    "examresult": ["strength", "reflex", "sensation", "sign", "examscore"],
    "labresult": ["labvalue"],
    "mriresult": ["imagingfinding", "muscleimage"],
    "emgresult": ["nervestudy", "musclestudy", "emgscore"],
    "biopsyresult": [],
    "geneticresult": ["variant"],
    "respiratoryresult": [],
    "cardiacresult": ["cardiacvalue"],
    "otherresult": ["criterionoutcome", "otherscore", "othervalue"],
}
TABLES = [f"results_{name}" for result, rows in ROWS.items() for name in [result, *rows]]


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial"), ("workflows", "0002_row_security")]
    operations = [
        *[row_security(table) for table in TABLES],
        *[row_security(f"{table}event") for table in TABLES],
        *[parent(f"results_{result}") for result in ROWS],
        *[same_clinic(f"results_{result}", "step_id", "workflows_step") for result in ROWS],
        *[
            same_clinic(f"results_{result}", "replaces_id", f"results_{result}")
            for result in ROWS
        ],
        *[
            same_clinic(f"results_{row}", "result_id", f"results_{result}")
            for result, rows in ROWS.items()
            for row in rows
        ],
    ]
