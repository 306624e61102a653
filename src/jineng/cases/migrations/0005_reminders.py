import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_conflicts"),
        ("registry", "0005_reviewers"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="case",
            name="remind_on",
            field=models.DateField(blank=True, null=True, verbose_name="下次提醒日期"),
        ),
        migrations.AddField(
            model_name="caseevent",
            name="remind_on",
            field=models.DateField(blank=True, null=True, verbose_name="下次提醒日期"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(condition=models.Q(("outcome", "")), fields=["remind_on"], name="case_open_by_telling"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_caseevent" ("answers", "applicant_id", "due_on", "entered_on", "id", "intake_id", "is_exempt", "origin_id", "origin_kind", "outcome", "parties", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "procedure_id", "rank", "recommender_id", "recorded_at", "remind_on", "reporter_id", "serial", "stage", "started_on", "state", "steps", "title", "void_reason", "voided_at") SELECT old_values."answers", old_values."applicant_id", old_values."due_on", old_values."entered_on", old_values."id", old_values."intake_id", old_values."is_exempt", old_values."origin_id", old_values."origin_kind", old_values."outcome", old_values."parties", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'update\', old_values."id", old_values."procedure_id", old_values."rank", old_values."recommender_id", old_values."recorded_at", old_values."remind_on", old_values."reporter_id", old_values."serial", old_values."stage", old_values."started_on", old_values."state", old_values."steps", old_values."title", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="c34e3bbc9a59e7a0ef3f7d9224974e9d732f3541",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f5146",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "cases_caseevent" ("answers", "applicant_id", "due_on", "entered_on", "id", "intake_id", "is_exempt", "origin_id", "origin_kind", "outcome", "parties", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "procedure_id", "rank", "recommender_id", "recorded_at", "remind_on", "reporter_id", "serial", "stage", "started_on", "state", "steps", "title", "void_reason", "voided_at") SELECT old_values."answers", old_values."applicant_id", old_values."due_on", old_values."entered_on", old_values."id", old_values."intake_id", old_values."is_exempt", old_values."origin_id", old_values."origin_kind", old_values."outcome", old_values."parties", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, clock_timestamp(), \'delete\', old_values."id", old_values."procedure_id", old_values."rank", old_values."recommender_id", old_values."recorded_at", old_values."remind_on", old_values."reporter_id", old_values."serial", old_values."stage", old_values."started_on", old_values."state", old_values."steps", old_values."title", old_values."void_reason", old_values."voided_at" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                    hash="0bbede86781107e7e34b6c22bc64177ce591e3a2",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8d49e",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="cases_case",
                    when="AFTER",
                ),
            ),
        ),
    ]
