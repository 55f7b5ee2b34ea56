"""Tables of likeness: two entries found to be one enterprise, or found to be two."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tidu.registry.models import Enterprise


class Merger(models.Model):
    """Two entries of the registry found to be one enterprise; can be undone.

    ``moved``: what went from the duplicate to the one kept, by table → ids.
    """

    kept = models.ForeignKey(Enterprise, models.PROTECT, related_name="mergers")
    duplicate = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict)
    source = models.CharField(_("依据"), max_length=300)
    made_by = models.CharField(_("经办人"), max_length=150)
    made_at = models.DateTimeField(_("合并时间"), auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("合并")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["duplicate"],
                condition=Q(undone_at=None),
                name="merged_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.duplicate} → {self.kept}"


class ToldApart(models.Model):
    """Two entries that look like one enterprise and are two, as a person found out."""

    one = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    other = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    source = models.CharField(_("依据"), max_length=300)
    made_by = models.CharField(_("经办人"), max_length=150)
    made_at = models.DateTimeField(_("核对时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("核对过的不同企业")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="told_apart_once"),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")), name="told_apart_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one} ≠ {self.other}"
