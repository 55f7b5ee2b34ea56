"""Tables of assessments: frozen ones for the record, current ones for lists."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tidu.registry.models import Enterprise


class Assessment(models.Model):
    """An assessment as it was made: facts, pack and program pinned, to be replayed.

    ``entries``: the facts as ``CurrentFacts.entries`` had them; ``result``: scheme →
    ``rules.records.standing_record``; ``pack_digest``: of every pack laid over another.
    """

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="assessments"
    )
    on = models.DateField(_("按哪一天"))
    kind = models.CharField(_("程序"), max_length=16)
    territory = models.CharField(max_length=6)
    entries = models.JSONField()
    pack_id = models.CharField(max_length=64)
    pack_digest = models.CharField(max_length=64)
    program_version = models.CharField(max_length=32)
    result = models.JSONField()
    made_by = models.CharField(_("评估人"), max_length=150)
    made_at = models.DateTimeField(_("评估时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评估记录")
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.on}"


class CurrentStanding(models.Model):
    """Where an enterprise stands on one scheme by its current facts; for lists.

    ``failing``: ids of the gates it does not meet, ``open``: of those still open,
    ``missing``: fact keys that would decide them.
    """

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="standings")
    scheme = models.CharField(max_length=40)
    outcome = models.CharField(max_length=16)
    value = models.CharField(max_length=32, blank=True)
    score_low = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    score_high = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    failing = models.JSONField(default=list)
    failing_count = models.PositiveSmallIntegerField(default=0)
    open = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    on = models.DateField()
    pack_digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("现行结论")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "scheme"], name="one_standing_on_a_scheme"
            )
        ]
        # Lists ask these for the enterprises alone, which the index then answers.
        indexes = [
            models.Index(
                fields=["scheme", "outcome", "failing_count", "enterprise"],
                name="standing_by_outcome",
            ),
            models.Index(
                fields=["scheme", "value", "enterprise"], name="standing_by_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.scheme} {self.outcome}"
