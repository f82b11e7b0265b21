import django.db.models.deletion
import patients.text
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models

from accounts.rls import row_security, same_clinic


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_preferences'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('pghistory', '0007_auto_20250421_0444'),
        ('workflows', '0005_critical_reminder'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reminder',
            name='kind',
            field=models.CharField(choices=[('before_due', 'due soon'), ('due', 'due today'), ('overdue', 'overdue'), ('escalation', 'overdue, told to a second person'), ('no_date', 'open without a date'), ('critical', 'a critical value, told at once'), ('offered', 'a hand-over to answer'), ('returned', 'a hand-over that came back')], max_length=12),
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='absences', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts_on', 'pk'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('cancelled_at', None)), fields=['clinic', 'ends_on'], name='workflows_absence_of_clinic')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__gte', models.F('starts_on'))), name='workflows_absence_ends_after_start', violation_error_message='The last day cannot be before the first.'), models.CheckConstraint(condition=models.Q(('user', models.F('deputy')), _negated=True), name='workflows_absence_deputy_is_another', violation_error_message='Somebody else has to stand in.')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='875c1f00f58950c2b81527157732976f6c74ecac', operation='DELETE', pgid='pgtrigger_never_deleted_193db', table='workflows_absence', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflows_absenceevent" ("cancelled_at", "clinic_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_by_id", "starts_on", "user_id") VALUES (NEW."cancelled_at", NEW."clinic_id", NEW."deputy_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."set_by_id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='b318b1f4b9ac47f7ee0b83bf4937303686d0cc19', operation='INSERT', pgid='pgtrigger_insert_insert_8ef19', table='workflows_absence', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "workflows_absenceevent" ("cancelled_at", "clinic_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_by_id", "starts_on", "user_id") VALUES (NEW."cancelled_at", NEW."clinic_id", NEW."deputy_id", NEW."ends_on", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."set_by_id", NEW."starts_on", NEW."user_id"); RETURN NULL;', hash='2ac3d19220349516d3757108410041597a51767a', operation='UPDATE', pgid='pgtrigger_update_update_729ba', table='workflows_absence', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflows_absenceevent" ("cancelled_at", "clinic_id", "deputy_id", "ends_on", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_by_id", "starts_on", "user_id") VALUES (OLD."cancelled_at", OLD."clinic_id", OLD."deputy_id", OLD."ends_on", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."set_by_id", OLD."starts_on", OLD."user_id"); RETURN NULL;', hash='5508542c10166b38121c041cbd6979db0d6d1c42', operation='DELETE', pgid='pgtrigger_delete_delete_2c056', table='workflows_absence', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='AbsenceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('clinic', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.clinic')),
                ('deputy', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workflows.absence')),
                ('set_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d2bbc7ea426dd2ae61b8b3109e454b2fe5fdc0e7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_89d37', table='workflows_absenceevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('until', models.DateField(verbose_name='to be answered by')),
                ('note', models.CharField(blank=True, max_length=300, validators=[patients.text.validate_visible])),
                ('state', models.CharField(choices=[('asked', 'waits for an answer'), ('accepted', 'accepted'), ('declined', 'declined'), ('lapsed', 'not answered in time'), ('withdrawn', 'withdrawn')], default='asked', max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=300, validators=[patients.text.validate_visible])),
                ('noticed_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='workflows.case')),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('from_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('step', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='workflows.step')),
                ('to_user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'abstract': False,
                'indexes': [models.Index(condition=models.Q(('state', 'asked')), fields=['to_user', 'asked_at'], name='workflows_offer_to_answer'), models.Index(condition=models.Q(('noticed_at', None), ('state__in', ['declined', 'lapsed'])), fields=['from_user', 'answered_at'], name='workflows_offer_returned'), models.Index(fields=['case'], name='workflows_offer_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'accepted', 'declined', 'lapsed', 'withdrawn'])), name='workflows_offer_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='workflows_offer_answered_has_when'), models.UniqueConstraint(condition=models.Q(('state', 'asked'), ('step__isnull', False)), fields=('step',), name='workflows_offer_of_step_once'), models.UniqueConstraint(condition=models.Q(('state', 'asked'), ('step', None)), fields=('case', 'from_user'), name='workflows_offer_of_case_once')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='da5c5645764cb79bcb1c2774d468e50d6a2997a2', operation='DELETE', pgid='pgtrigger_never_deleted_4aabd', table='workflows_offer', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflows_offerevent" ("answer", "answered_at", "asked_at", "asked_by_id", "case_id", "clinic_id", "from_user_id", "id", "note", "noticed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "step_id", "to_user_id", "until") VALUES (NEW."answer", NEW."answered_at", NEW."asked_at", NEW."asked_by_id", NEW."case_id", NEW."clinic_id", NEW."from_user_id", NEW."id", NEW."note", NEW."noticed_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."state", NEW."step_id", NEW."to_user_id", NEW."until"); RETURN NULL;', hash='ce3f630ff7d5607c46f7bbf63ac66b30b2f07ed6', operation='INSERT', pgid='pgtrigger_insert_insert_3bf06', table='workflows_offer', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "workflows_offerevent" ("answer", "answered_at", "asked_at", "asked_by_id", "case_id", "clinic_id", "from_user_id", "id", "note", "noticed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "step_id", "to_user_id", "until") VALUES (NEW."answer", NEW."answered_at", NEW."asked_at", NEW."asked_by_id", NEW."case_id", NEW."clinic_id", NEW."from_user_id", NEW."id", NEW."note", NEW."noticed_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."state", NEW."step_id", NEW."to_user_id", NEW."until"); RETURN NULL;', hash='e0b51f853c2957a7a5cb45d12ea424e825e3ecfd', operation='UPDATE', pgid='pgtrigger_update_update_67668', table='workflows_offer', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflows_offerevent" ("answer", "answered_at", "asked_at", "asked_by_id", "case_id", "clinic_id", "from_user_id", "id", "note", "noticed_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "step_id", "to_user_id", "until") VALUES (OLD."answer", OLD."answered_at", OLD."asked_at", OLD."asked_by_id", OLD."case_id", OLD."clinic_id", OLD."from_user_id", OLD."id", OLD."note", OLD."noticed_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."state", OLD."step_id", OLD."to_user_id", OLD."until"); RETURN NULL;', hash='acb5785aef3e84b7688bae3b4b2a92f9bb0d2ffb', operation='DELETE', pgid='pgtrigger_delete_delete_acff2', table='workflows_offer', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='OfferEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('asked_at', models.DateTimeField()),
                ('until', models.DateField(verbose_name='to be answered by')),
                ('note', models.CharField(blank=True, max_length=300, validators=[patients.text.validate_visible])),
                ('state', models.CharField(choices=[('asked', 'waits for an answer'), ('accepted', 'accepted'), ('declined', 'declined'), ('lapsed', 'not answered in time'), ('withdrawn', 'withdrawn')], default='asked', max_length=10)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, max_length=300, validators=[patients.text.validate_visible])),
                ('noticed_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workflows.case')),
                ('clinic', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.clinic')),
                ('from_user', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workflows.offer')),
                ('step', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workflows.step')),
                ('to_user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='dc9ce2e307a6a85b23b236915bd510ae442a7af2', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b52b5', table='workflows_offerevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('why', models.CharField(choices=[('patient', 'the patient’s choice'), ('clinical', 'clinical hold'), ('consent', 'awaiting consent'), ('funding', 'awaiting funding')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=300, validators=[patients.text.validate_visible])),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('resumed_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='workflows.case')),
                ('clinic', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('paused_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resumed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['starts_on', 'pk'],
                'abstract': False,
                'indexes': [models.Index(fields=['case', 'starts_on'], name='workflows_pause_of_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(('why__in', ['patient', 'clinical', 'consent', 'funding'])), name='workflows_pause_why_known'), models.CheckConstraint(condition=models.Q(('ends_on__gt', models.F('starts_on')), models.Q(('ends_on', models.F('starts_on')), ('resumed_at__isnull', False)), _connector='OR'), name='workflows_pause_ends_after_start', violation_error_message='A pause ends after it began.')],
                'triggers': [pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='04bedf7487279921f5d3c94b958ea88fed450c5e', operation='DELETE', pgid='pgtrigger_never_deleted_b5979', table='workflows_pause', when='BEFORE')), pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflows_pauseevent" ("case_id", "clinic_id", "ends_on", "id", "note", "paused_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resumed_at", "resumed_by_id", "starts_on", "why") VALUES (NEW."case_id", NEW."clinic_id", NEW."ends_on", NEW."id", NEW."note", NEW."paused_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."resumed_at", NEW."resumed_by_id", NEW."starts_on", NEW."why"); RETURN NULL;', hash='9862209a1a022969593aedbf5fee2258775f0559', operation='INSERT', pgid='pgtrigger_insert_insert_64a69', table='workflows_pause', when='AFTER')), pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "workflows_pauseevent" ("case_id", "clinic_id", "ends_on", "id", "note", "paused_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resumed_at", "resumed_by_id", "starts_on", "why") VALUES (NEW."case_id", NEW."clinic_id", NEW."ends_on", NEW."id", NEW."note", NEW."paused_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."resumed_at", NEW."resumed_by_id", NEW."starts_on", NEW."why"); RETURN NULL;', hash='4dc5fbb561832592bad3a3c9213bad8278bac519', operation='UPDATE', pgid='pgtrigger_update_update_4f03c', table='workflows_pause', when='AFTER')), pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflows_pauseevent" ("case_id", "clinic_id", "ends_on", "id", "note", "paused_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "resumed_at", "resumed_by_id", "starts_on", "why") VALUES (OLD."case_id", OLD."clinic_id", OLD."ends_on", OLD."id", OLD."note", OLD."paused_by_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."resumed_at", OLD."resumed_by_id", OLD."starts_on", OLD."why"); RETURN NULL;', hash='feb2f275902eb994759be399030ee6614ec11bc2', operation='DELETE', pgid='pgtrigger_delete_delete_68e82', table='workflows_pause', when='AFTER'))],
            },
        ),
        migrations.CreateModel(
            name='PauseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('why', models.CharField(choices=[('patient', 'the patient’s choice'), ('clinical', 'clinical hold'), ('consent', 'awaiting consent'), ('funding', 'awaiting funding')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=300, validators=[patients.text.validate_visible])),
                ('starts_on', models.DateField()),
                ('ends_on', models.DateField()),
                ('resumed_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workflows.case')),
                ('clinic', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='accounts.clinic')),
                ('paused_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workflows.pause')),
                ('resumed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'triggers': [pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f6ad17194eb4716a7c9adcfc8837eb4a8233e46a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_dd4cc', table='workflows_pauseevent', when='BEFORE'))],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, validators=[patients.text.validate_visible])),
                ('query', models.CharField(blank=True, max_length=600)),
                ('clinic', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.clinic')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('user', 'name'), name='workflows_view_name_once')],
            },
        ),
        *[
            row_security(f"workflows_{table}{event}")
            for table in ("absence", "offer", "pause")
            for event in ("", "event")
        ],
        row_security("workflows_savedview", nullable=True),
        same_clinic("workflows_pause", "case_id", "workflows_case"),
        same_clinic("workflows_offer", "case_id", "workflows_case"),
        same_clinic("workflows_offer", "step_id", "workflows_step"),
    ]
