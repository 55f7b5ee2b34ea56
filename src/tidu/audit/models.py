"""Events, each holding the digest of the one before, and the head of the chain."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that happened. Names are copied, so that it can be read for ever.

    ``action`` is ``package.verb`` (``registry.filing_recorded``); ``digest`` is SHA-256
    over the previous digest and every other field (``audit.chain``). Of the two names
    the digest covers a seal, SHA-256 over salt and name: a name can be erased with its
    salt when a person asks for it, and the chain stays whole. ``…_seal`` is empty on
    events from before the seals; their digest covers the names themselves.
    """

    PERSONAL = {"actor_id": ()}  # the name is sealed: audit.actions.erase_names

    number = models.PositiveBigIntegerField(_("序号"), unique=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    action = models.CharField(_("事项"), max_length=64, db_index=True)
    actor_id = models.BigIntegerField(_("经手人编号"), null=True)
    actor_name = models.CharField(_("经手人"), max_length=150)
    actor_role = models.CharField(_("身份"), max_length=32, blank=True)
    organisation_name = models.CharField(_("单位"), max_length=200, blank=True)
    territory = models.CharField(_("区划"), max_length=6, blank=True, db_index=True)
    object_type = models.CharField(_("对象类别"), max_length=64)
    object_id = models.CharField(_("对象编号"), max_length=64)
    object_name = models.CharField(_("对象"), max_length=200, blank=True)
    actor_salt = models.CharField(max_length=32, blank=True)
    actor_seal = models.CharField(max_length=64, blank=True)
    object_salt = models.CharField(max_length=32, blank=True)
    object_seal = models.CharField(max_length=64, blank=True)
    data = models.JSONField(_("内容"), default=dict)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("审计记录")
        ordering = ["-number"]
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.object_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the event once; a later save is a fault of ours."""
        if not self._state.adding:
            self._refuse()
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise TypeError("an audit event is never changed or deleted")


class AccessKind(models.TextChoices):
    """What somebody did with data that they did not change."""

    VIEW = "view", _("查看")
    EVIDENCE = "evidence", _("下载佐证材料")
    EXPORT = "export", _("导出")
    PROGRAM = "program", _("接口读取")


class Access(models.Model):
    """Somebody saw a firm's page or evidence, or took data out; appended, not chained.

    Kept for ``ACCESS_KEPT_DAYS``. ``firm_id`` is empty where a list was exported;
    ``page`` is the url name, ``what`` the file's name or the address.
    """

    PERSONAL = {"actor_id": ("actor_name",)}

    at = models.DateTimeField(_("时间"), db_index=True)
    kind = models.CharField(_("事项"), max_length=10, choices=AccessKind.choices)
    actor_id = models.BigIntegerField(_("经手人编号"), null=True, db_index=True)
    actor_name = models.CharField(_("经手人"), max_length=150)
    actor_role = models.CharField(_("身份"), max_length=32, blank=True)
    organisation_name = models.CharField(_("单位"), max_length=200, blank=True)
    address = models.CharField(_("来自"), max_length=45, blank=True)
    firm_id = models.BigIntegerField(null=True)
    firm_name = models.CharField(_("企业"), max_length=200, blank=True)
    page = models.CharField(max_length=64, blank=True)
    what = models.CharField(_("内容"), max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("查阅记录")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["firm_id", "-at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.firm_name or self.what}"


class ChainHead(models.Model):
    """The one row that a writer locks: number and digest of the newest event."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_chain_head")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"
