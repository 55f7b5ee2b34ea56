"""Declared ties, counts of draws, a firm's reply to an objection, kept forecasts."""

import django.db.models.deletion
from django.db import migrations, models

TIE_KINDS = [
    ("employment", "任职"),
    ("group", "同一集团"),
    ("shareholding", "持股"),
    ("ip", "共同知识产权"),
    ("declared", "专家申报回避"),
    ("person", "与评审专家有关系"),
]


def count_inputs(apps, _schema_editor):
    draws = apps.get_model("casework", "ReviewDraw").objects
    for draw in draws.iterator(chunk_size=50):
        inputs = draw.inputs
        draw.counts = {
            "cases": len(inputs["cases"]),
            "experts": len(inputs["reviewers"]),
            "conflicts": len(inputs["conflicts"]),
        }
        draw.save(update_fields=["counts"])


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial"), ("registry", "0001_initial")]

    operations = [
        migrations.AddField("reviewdraw", "counts", models.JSONField(default=dict)),
        migrations.RunPython(count_inputs, migrations.RunPython.noop),
        migrations.AddIndex(
            "review",
            models.Index(
                fields=["draw", "released_at", "step", "case", "expert", "total"],
                name="review_points",
            ),
        ),
        migrations.AlterField(
            "tie",
            "kind",
            models.CharField("关系", max_length=16, choices=TIE_KINDS),
        ),
        migrations.AddField(
            "tie", "since", models.DateField("自", null=True, blank=True)
        ),
        migrations.AddField(
            "tie",
            "declared_by",
            models.CharField("申报人", max_length=150, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "tie",
            "declared_by_id",
            models.PositiveBigIntegerField(null=True, blank=True),
        ),
        migrations.AddField(
            "tie",
            "replaces",
            models.OneToOneField(
                to="casework.tie",
                on_delete=django.db.models.deletion.RESTRICT,
                null=True,
                blank=True,
                related_name="correction",
            ),
        ),
        migrations.AddField(
            "tie", "mistaken", models.BooleanField("申报有误", default=False)
        ),
        migrations.AddField(
            "objection",
            "reply",
            models.TextField("企业的说明", max_length=2000, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "objection",
            "replied_by",
            models.CharField("说明人", max_length=150, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "objection",
            "replied_by_id",
            models.PositiveBigIntegerField(null=True, blank=True),
        ),
        migrations.AddField(
            "objection",
            "replied_at",
            models.DateTimeField("说明时间", null=True, blank=True),
        ),
        migrations.AddConstraint(
            "objection",
            models.CheckConstraint(
                condition=models.Q(reply="", replied_at=None)
                | (models.Q(replied_at__isnull=False) & ~models.Q(reply="")),
                name="objection_replied_with_a_text",
            ),
        ),
        migrations.CreateModel(
            name="RoundForecast",
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
                ("outcome", models.CharField("预测", max_length=20, blank=True)),
                ("rule_set", models.CharField("标准", max_length=64, blank=True)),
                ("made_on", models.DateField("预测日期")),
                (
                    "enterprise",
                    models.ForeignKey(
                        to="registry.enterprise",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecasts",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        to="casework.round",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecasts",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        to="registry.heldtitle",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecasts",
                    ),
                ),
            ],
            options={
                "verbose_name": "复核预测",
                "verbose_name_plural": "复核预测",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            "roundforecast",
            models.UniqueConstraint(
                fields=("round", "enterprise"), name="forecast_once_a_round"
            ),
        ),
    ]
