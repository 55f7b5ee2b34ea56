"""The table of claims: somebody says that they act for a known enterprise."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tidu.registry.enums import ClaimState
from tidu.registry.models import Enterprise


class Claim(models.Model):
    """Somebody says that they act for an enterprise which the registry knows already.

    Until an officer of its place has confirmed it, they see nothing of the enterprise.
    ``name``: the firm's name as they wrote it; ``note``: what they say of themselves.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="claims")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims"
    )
    name = models.CharField(_("所填企业名称"), max_length=200)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=ClaimState.choices,
        default=ClaimState.WAITING,
        db_index=True,
    )
    made_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    decided_at = models.DateTimeField(_("核实时间"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.CharField(_("理由"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("认领申请")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "user"],
                condition=Q(state=ClaimState.WAITING),
                name="claim_waits_once",
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.WAITING, decided_at=None, decided_by=None)
                | (
                    ~Q(state=ClaimState.WAITING)
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="claim_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.REFUSED) | ~Q(reason=""),
                name="claim_refused_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.user}"
