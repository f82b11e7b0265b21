from django.db import migrations

from accounts.rls import parent, row_security, same_clinic

CHILDREN = ["patients_identifier", "patients_relative", "patients_nametail"]
HISTORY = ["patients_patientevent", "patients_identifierevent", "patients_relativeevent"]


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial"), ("accounts", "0002_row_security")]
    operations = [
        parent("patients_patient"),
        *[row_security(table) for table in ["patients_patient", *CHILDREN, *HISTORY]],
        *[same_clinic(table, "patient_id", "patients_patient") for table in CHILDREN],
        same_clinic("patients_relative", "linked_patient_id", "patients_patient"),
    ]
