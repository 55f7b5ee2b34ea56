"""Clocks of cases, what was told of late ones, documents of rounds, judging at once."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models import F


def begin_inspections(apps, _schema):
    """When an inspection began is known of those that were drawn; of others it is not,
    and no time of theirs is left out of a finished clock.
    """
    inspections = apps.get_model("casework", "Inspection").objects
    for each in inspections.filter(draw__held_at__isnull=False).select_related("draw"):
        inspections.filter(pk=each.pk).update(begun_at=each.draw.held_at)
    named = inspections.filter(draw=None, finished_at__isnull=False)
    named.update(begun_at=F("finished_at"))


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="due_on",
            field=models.DateField(
                blank=True, null=True, verbose_name="应在这天前办结"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="暂停自"),
        ),
        migrations.AddField(
            model_name="inspection",
            name="begun_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, verbose_name="开始"
            ),
        ),
        migrations.AddField(
            model_name="judgement",
            name="counter",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="round",
            name="papers",
            field=models.JSONField(default=dict),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["office", "due_on"], name="case_by_due"),
        ),
        migrations.CreateModel(
            name="UsualTime",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("scheme", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=16)),
                ("state", models.CharField(blank=True, max_length=40)),
                ("count", models.PositiveIntegerField()),
                ("p50", models.PositiveIntegerField(blank=True, null=True)),
                ("p90", models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "通常用时",
                "verbose_name_plural": "通常用时",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "kind", "state"), name="one_usual_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("unopened", "没有人打开"), ("overdue", "超过时限")],
                        max_length=10,
                        verbose_name="原因",
                    ),
                ),
                ("state", models.CharField(max_length=40, verbose_name="步骤")),
                ("sequence", models.PositiveIntegerField()),
                ("days", models.PositiveIntegerField(verbose_name="天数")),
                (
                    "made_at",
                    models.DateTimeField(auto_now_add=True, verbose_name="告知时间"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="casework.case",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "催办",
                "verbose_name_plural": "催办",
                "ordering": ["made_at", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "kind", "sequence"), name="told_once_a_step"
                    )
                ],
            },
        ),
        migrations.RunPython(begin_inspections, migrations.RunPython.noop),
    ]
