from django.db import migrations

from accounts.rls import CREATE_FUNCTION, DROP_FUNCTION


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(CREATE_FUNCTION, DROP_FUNCTION)]
