import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# until now a report was of the day on which it was entered; no trigger writes history meanwhile
FILL = """
SELECT set_config('nmd.clinics', 'all', true);
UPDATE workflows_step AS step
SET reported_on = greatest(
    (step.reported_at AT TIME ZONE clinic.time_zone)::date, step.performed_on)
FROM accounts_clinic AS clinic
WHERE clinic.id = step.clinic_id AND step.reported_at IS NOT NULL;
"""

from accounts.migrating import AtOnce


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_reached'),
        ('patients', '0004_relative_age'),
        ('workflows', '0013_covering'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce([
            pgtrigger.migrations.RemoveTrigger(
                model_name='step',
                name='insert_insert',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='step',
                name='update_update',
            ),
            pgtrigger.migrations.RemoveTrigger(
                model_name='step',
                name='delete_delete',
            ),
            migrations.AddField(
                model_name='step',
                name='reported_on',
                field=models.DateField(null=True, verbose_name='report’s own date'),
            ),
            migrations.AddField(
                model_name='stepevent',
                name='reported_on',
                field=models.DateField(null=True, verbose_name='report’s own date'),
            ),
            migrations.RunSQL(FILL, migrations.RunSQL.noop),
            pgtrigger.migrations.AddTrigger(
                model_name='step',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflows_stepevent" ("activated_on", "activated_rule", "answered_by_id", "assigned_to_id", "booked_for", "capture_key", "captured", "case_id", "clinic_id", "code", "door", "door_open_since", "due_cap", "due_on", "ended", "ended_at", "ended_by_id", "ended_reason", "ended_rule", "facts", "flag", "held_until", "hold_reason", "id", "is_open", "label", "modality", "note", "ordered_at", "ordered_by_id", "owner_id", "owner_role", "pathway", "patient_id", "performed_by_id", "performed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "released_at", "repeat_of_id", "reported_at", "reported_by_id", "reported_on", "result_status", "review_note", "review_outcome", "reviewed_at", "reviewed_by_id", "seen_at", "seen_by_id", "sent_to", "snooze_reason", "snoozed_until", "stage", "summary", "told_at", "told_by_id", "told_how", "twin_of_id", "urgency", "version") VALUES (NEW."activated_on", NEW."activated_rule", NEW."answered_by_id", NEW."assigned_to_id", NEW."booked_for", NEW."capture_key", NEW."captured", NEW."case_id", NEW."clinic_id", NEW."code", NEW."door", NEW."door_open_since", NEW."due_cap", NEW."due_on", NEW."ended", NEW."ended_at", NEW."ended_by_id", NEW."ended_reason", NEW."ended_rule", NEW."facts", NEW."flag", NEW."held_until", NEW."hold_reason", NEW."id", NEW."is_open", NEW."label", NEW."modality", NEW."note", NEW."ordered_at", NEW."ordered_by_id", NEW."owner_id", NEW."owner_role", NEW."pathway", NEW."patient_id", NEW."performed_by_id", NEW."performed_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."profile", NEW."released_at", NEW."repeat_of_id", NEW."reported_at", NEW."reported_by_id", NEW."reported_on", NEW."result_status", NEW."review_note", NEW."review_outcome", NEW."reviewed_at", NEW."reviewed_by_id", NEW."seen_at", NEW."seen_by_id", NEW."sent_to", NEW."snooze_reason", NEW."snoozed_until", NEW."stage", NEW."summary", NEW."told_at", NEW."told_by_id", NEW."told_how", NEW."twin_of_id", NEW."urgency", NEW."version"); RETURN NULL;', hash='e4ffa5b838b64ea77fe9c77d3c2e7b00336238fc', operation='INSERT', pgid='pgtrigger_insert_insert_f469f', table='workflows_step', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='step',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."activated_on" IS DISTINCT FROM (NEW."activated_on") OR OLD."activated_rule" IS DISTINCT FROM (NEW."activated_rule") OR OLD."answered_by_id" IS DISTINCT FROM (NEW."answered_by_id") OR OLD."assigned_to_id" IS DISTINCT FROM (NEW."assigned_to_id") OR OLD."booked_for" IS DISTINCT FROM (NEW."booked_for") OR OLD."capture_key" IS DISTINCT FROM (NEW."capture_key") OR OLD."captured" IS DISTINCT FROM (NEW."captured") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."clinic_id" IS DISTINCT FROM (NEW."clinic_id") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."door" IS DISTINCT FROM (NEW."door") OR OLD."door_open_since" IS DISTINCT FROM (NEW."door_open_since") OR OLD."due_cap" IS DISTINCT FROM (NEW."due_cap") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."ended" IS DISTINCT FROM (NEW."ended") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."ended_by_id" IS DISTINCT FROM (NEW."ended_by_id") OR OLD."ended_reason" IS DISTINCT FROM (NEW."ended_reason") OR OLD."ended_rule" IS DISTINCT FROM (NEW."ended_rule") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."flag" IS DISTINCT FROM (NEW."flag") OR OLD."held_until" IS DISTINCT FROM (NEW."held_until") OR OLD."hold_reason" IS DISTINCT FROM (NEW."hold_reason") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_open" IS DISTINCT FROM (NEW."is_open") OR OLD."label" IS DISTINCT FROM (NEW."label") OR OLD."modality" IS DISTINCT FROM (NEW."modality") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."ordered_at" IS DISTINCT FROM (NEW."ordered_at") OR OLD."ordered_by_id" IS DISTINCT FROM (NEW."ordered_by_id") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."owner_role" IS DISTINCT FROM (NEW."owner_role") OR OLD."pathway" IS DISTINCT FROM (NEW."pathway") OR OLD."patient_id" IS DISTINCT FROM (NEW."patient_id") OR OLD."performed_by_id" IS DISTINCT FROM (NEW."performed_by_id") OR OLD."performed_on" IS DISTINCT FROM (NEW."performed_on") OR OLD."profile" IS DISTINCT FROM (NEW."profile") OR OLD."released_at" IS DISTINCT FROM (NEW."released_at") OR OLD."repeat_of_id" IS DISTINCT FROM (NEW."repeat_of_id") OR OLD."reported_at" IS DISTINCT FROM (NEW."reported_at") OR OLD."reported_by_id" IS DISTINCT FROM (NEW."reported_by_id") OR OLD."reported_on" IS DISTINCT FROM (NEW."reported_on") OR OLD."result_status" IS DISTINCT FROM (NEW."result_status") OR OLD."review_note" IS DISTINCT FROM (NEW."review_note") OR OLD."review_outcome" IS DISTINCT FROM (NEW."review_outcome") OR OLD."reviewed_at" IS DISTINCT FROM (NEW."reviewed_at") OR OLD."reviewed_by_id" IS DISTINCT FROM (NEW."reviewed_by_id") OR OLD."seen_at" IS DISTINCT FROM (NEW."seen_at") OR OLD."seen_by_id" IS DISTINCT FROM (NEW."seen_by_id") OR OLD."sent_to" IS DISTINCT FROM (NEW."sent_to") OR OLD."snooze_reason" IS DISTINCT FROM (NEW."snooze_reason") OR OLD."snoozed_until" IS DISTINCT FROM (NEW."snoozed_until") OR OLD."stage" IS DISTINCT FROM (NEW."stage") OR OLD."summary" IS DISTINCT FROM (NEW."summary") OR OLD."told_at" IS DISTINCT FROM (NEW."told_at") OR OLD."told_by_id" IS DISTINCT FROM (NEW."told_by_id") OR OLD."told_how" IS DISTINCT FROM (NEW."told_how") OR OLD."twin_of_id" IS DISTINCT FROM (NEW."twin_of_id") OR OLD."urgency" IS DISTINCT FROM (NEW."urgency") OR OLD."version" IS DISTINCT FROM (NEW."version"))', func='INSERT INTO "workflows_stepevent" ("activated_on", "activated_rule", "answered_by_id", "assigned_to_id", "booked_for", "capture_key", "captured", "case_id", "clinic_id", "code", "door", "door_open_since", "due_cap", "due_on", "ended", "ended_at", "ended_by_id", "ended_reason", "ended_rule", "facts", "flag", "held_until", "hold_reason", "id", "is_open", "label", "modality", "note", "ordered_at", "ordered_by_id", "owner_id", "owner_role", "pathway", "patient_id", "performed_by_id", "performed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "released_at", "repeat_of_id", "reported_at", "reported_by_id", "reported_on", "result_status", "review_note", "review_outcome", "reviewed_at", "reviewed_by_id", "seen_at", "seen_by_id", "sent_to", "snooze_reason", "snoozed_until", "stage", "summary", "told_at", "told_by_id", "told_how", "twin_of_id", "urgency", "version") VALUES (NEW."activated_on", NEW."activated_rule", NEW."answered_by_id", NEW."assigned_to_id", NEW."booked_for", NEW."capture_key", NEW."captured", NEW."case_id", NEW."clinic_id", NEW."code", NEW."door", NEW."door_open_since", NEW."due_cap", NEW."due_on", NEW."ended", NEW."ended_at", NEW."ended_by_id", NEW."ended_reason", NEW."ended_rule", NEW."facts", NEW."flag", NEW."held_until", NEW."hold_reason", NEW."id", NEW."is_open", NEW."label", NEW."modality", NEW."note", NEW."ordered_at", NEW."ordered_by_id", NEW."owner_id", NEW."owner_role", NEW."pathway", NEW."patient_id", NEW."performed_by_id", NEW."performed_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."profile", NEW."released_at", NEW."repeat_of_id", NEW."reported_at", NEW."reported_by_id", NEW."reported_on", NEW."result_status", NEW."review_note", NEW."review_outcome", NEW."reviewed_at", NEW."reviewed_by_id", NEW."seen_at", NEW."seen_by_id", NEW."sent_to", NEW."snooze_reason", NEW."snoozed_until", NEW."stage", NEW."summary", NEW."told_at", NEW."told_by_id", NEW."told_how", NEW."twin_of_id", NEW."urgency", NEW."version"); RETURN NULL;', hash='8ba4e513cfc13ccaa900dd93b678985339636658', operation='UPDATE', pgid='pgtrigger_update_update_0c40e', table='workflows_step', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='step',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workflows_stepevent" ("activated_on", "activated_rule", "answered_by_id", "assigned_to_id", "booked_for", "capture_key", "captured", "case_id", "clinic_id", "code", "door", "door_open_since", "due_cap", "due_on", "ended", "ended_at", "ended_by_id", "ended_reason", "ended_rule", "facts", "flag", "held_until", "hold_reason", "id", "is_open", "label", "modality", "note", "ordered_at", "ordered_by_id", "owner_id", "owner_role", "pathway", "patient_id", "performed_by_id", "performed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "profile", "released_at", "repeat_of_id", "reported_at", "reported_by_id", "reported_on", "result_status", "review_note", "review_outcome", "reviewed_at", "reviewed_by_id", "seen_at", "seen_by_id", "sent_to", "snooze_reason", "snoozed_until", "stage", "summary", "told_at", "told_by_id", "told_how", "twin_of_id", "urgency", "version") VALUES (OLD."activated_on", OLD."activated_rule", OLD."answered_by_id", OLD."assigned_to_id", OLD."booked_for", OLD."capture_key", OLD."captured", OLD."case_id", OLD."clinic_id", OLD."code", OLD."door", OLD."door_open_since", OLD."due_cap", OLD."due_on", OLD."ended", OLD."ended_at", OLD."ended_by_id", OLD."ended_reason", OLD."ended_rule", OLD."facts", OLD."flag", OLD."held_until", OLD."hold_reason", OLD."id", OLD."is_open", OLD."label", OLD."modality", OLD."note", OLD."ordered_at", OLD."ordered_by_id", OLD."owner_id", OLD."owner_role", OLD."pathway", OLD."patient_id", OLD."performed_by_id", OLD."performed_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."profile", OLD."released_at", OLD."repeat_of_id", OLD."reported_at", OLD."reported_by_id", OLD."reported_on", OLD."result_status", OLD."review_note", OLD."review_outcome", OLD."reviewed_at", OLD."reviewed_by_id", OLD."seen_at", OLD."seen_by_id", OLD."sent_to", OLD."snooze_reason", OLD."snoozed_until", OLD."stage", OLD."summary", OLD."told_at", OLD."told_by_id", OLD."told_how", OLD."twin_of_id", OLD."urgency", OLD."version"); RETURN NULL;', hash='5336b52542c46a9651a40f377fb5fa0103fc3a63', operation='DELETE', pgid='pgtrigger_delete_delete_81bc1', table='workflows_step', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='step',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('reported_at', None), ('reported_on', None)), models.Q(('reported_at__isnull', False), ('reported_on__isnull', False)), _connector='OR'), name='workflows_step_report_has_day'),
            ),
            migrations.AddConstraint(
                model_name='step',
                constraint=models.CheckConstraint(condition=models.Q(('reported_on', None), ('reported_on__gte', models.F('performed_on')), _connector='OR'), name='workflows_step_reported_on_after_performed', violation_error_message='A report cannot be older than its test.'),
            ),
        ]),
    ]
