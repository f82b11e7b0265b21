from django.db import migrations

from accounts.rls import parent, row_security, same_clinic

DOCUMENT = "interop_importeddocument"


class Migration(migrations.Migration):
    dependencies = [("interop", "0001_initial"), ("workflows", "0002_row_security")]
    operations = [
        row_security(DOCUMENT),
        row_security(f"{DOCUMENT}event"),
        parent(DOCUMENT),
        same_clinic(DOCUMENT, "patient_id", "patients_patient"),
        same_clinic(DOCUMENT, "case_id", "workflows_case"),
    ]
