from django.db import migrations

from accounts.rls import parent


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_row_security")]
    operations = [parent("patients_relative")]
