from django.db import migrations

from accounts.rls import row_security


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("accounts", "0002_row_security")]
    operations = [row_security("audit_event", nullable=True)]
