"""Tables of programs that act for a person: their tokens, and writes they repeated."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Membership, User


class Token(models.Model):
    """A program acts for a membership, for some purposes, until a day.

    Only the digest of the secret is kept; the membership's territory is its scope.
    """

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="tokens")
    name = models.CharField(_("用途"), max_length=100)
    secret_digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("范围"))
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("有效期至"))
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        app_label = "accounts"
        verbose_name = verbose_name_plural = _("接口令牌")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.name


class RepeatableCall(models.Model):
    """A write that came with an ``Idempotency-Key``: repeated, it answers the same."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="calls")
    key = models.CharField(max_length=100)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        app_label = "accounts"
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="call_once_a_key")
        ]

    def __str__(self) -> str:
        return self.key
