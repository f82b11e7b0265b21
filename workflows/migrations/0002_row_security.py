from django.db import migrations

from accounts.rls import parent, row_security, same_clinic

TABLES = ["case", "casepathway", "step", "proposal", "diagnosis"]
OF_CASE = ["casepathway", "step", "proposal", "diagnosis"]
OF_PATIENT = ["case", "step", "proposal", "diagnosis"]
OF_STEP = [
    ("step", "repeat_of_id"),
    ("step", "answered_by_id"),
    ("step", "twin_of_id"),
    ("proposal", "step_id"),
    ("reminder", "step_id"),
]


class Migration(migrations.Migration):
    dependencies = [("workflows", "0001_initial"), ("patients", "0002_row_security")]
    operations = [
        *[row_security(f"workflows_{table}") for table in [*TABLES, "reminder"]],
        *[row_security(f"workflows_{table}event") for table in TABLES],
        parent("workflows_case"),
        parent("workflows_step"),
        parent("workflows_diagnosis"),
        *[same_clinic(f"workflows_{table}", "case_id", "workflows_case") for table in OF_CASE],
        *[
            same_clinic(f"workflows_{table}", "patient_id", "patients_patient")
            for table in OF_PATIENT
        ],
        *[same_clinic(f"workflows_{table}", column, "workflows_step") for table, column in OF_STEP],
        same_clinic("workflows_diagnosis", "replaced_by_id", "workflows_diagnosis"),
    ]
