"""Tables of collection rounds: what is asked of whom by when, and who was reminded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.registry.import_models import ImportBatch
from tidu.registry.models import Enterprise


class CollectionRound(models.Model):
    """An authority asks enterprises for the figures that some schemes need.

    ``on``: the day whose standards apply and that fixes 上年度. ``filters``: the
    address of the registry's filter that chose the firms, empty for the whole
    territory.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="collection_rounds"
    )
    title = models.CharField(_("标题"), max_length=100)
    schemes = models.JSONField(_("为哪几项认定收集"))
    on = models.DateField(_("按哪一天的标准"))
    due = models.DateField(_("截止日期"))
    filters = models.CharField(max_length=2000, blank=True)
    hand_in = models.CharField(_("交到哪里"), max_length=200)
    contact_name = models.CharField(_("联系人"), max_length=50)
    contact_phone = models.CharField(_("联系电话"), max_length=30)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(_("发起时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        app_label = "registry"
        verbose_name = verbose_name_plural = _("收集")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="round_closed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return self.title


class CollectionFirm(models.Model):
    """One enterprise of a round.

    ``lacking``: keys of the required figures that the registry did not know when it was
    last looked (``checked_at``); worked out again when the figures in force change.
    """

    round = models.ForeignKey(CollectionRound, models.CASCADE, related_name="firms")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="+")
    lacking = models.JSONField(default=list)
    lacking_count = models.PositiveSmallIntegerField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "registry"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "enterprise"], name="firm_once_in_a_round"
            )
        ]

    def __str__(self) -> str:
        return str(self.enterprise_id)


class CollectionReturn(models.Model):
    """A file that came back in a round, on its way into the registry as an import."""

    round = models.ForeignKey(CollectionRound, models.CASCADE, related_name="returns")
    batch = models.OneToOneField(
        ImportBatch, models.PROTECT, related_name="collection_return"
    )

    class Meta:
        app_label = "registry"
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.batch_id)


class Reminder(models.Model):
    """Somebody reminded an enterprise of a round, on which day and with what result."""

    firm = models.ForeignKey(CollectionFirm, models.CASCADE, related_name="reminders")
    on = models.DateField(_("催报日期"))
    note = models.CharField(_("备注"), max_length=200, blank=True)
    made_by = models.CharField(_("经办人"), max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "registry"
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.on} {self.note}".strip()


class EnterpriseContact(models.Model):
    """Whom to call at an enterprise about figures."""

    enterprise = models.OneToOneField(
        Enterprise, models.CASCADE, related_name="contact"
    )
    name = models.CharField(_("联系人"), max_length=50, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    noted_by = models.CharField(_("登记人"), max_length=150)
    noted_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "registry"

    def __str__(self) -> str:
        return f"{self.name} {self.phone}".strip()
