"""Tables of what follows a certification: certificates, duties, their misses, bars."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.casework.enums import (
    ChangeKind,
    RevocationKind,
    TaskState,
    UpdateWay,
)
from tidu.casework.models import Case, Round
from tidu.registry.models import Blob, Enterprise, HeldTitle
from tidu.rules.procedures import Consequence

_CONSEQUENCES = [
    (Consequence.REVERIFICATION_LOST.value, _("失去复核资格")),
    (Consequence.REVOKED.value, _("撤销称号")),
]


class IssuedCertificate(models.Model):
    """A certificate as it was printed and signed; whether it counts, its title says."""

    title = models.OneToOneField(HeldTitle, models.PROTECT, related_name="certificate")
    case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    number = models.CharField(_("证书编号"), max_length=32, unique=True)
    name = models.CharField(_("企业名称"), max_length=200)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18)
    authority = models.CharField(_("发证机关"), max_length=200)
    basis = models.CharField(_("依据"), max_length=300)
    issued_on = models.DateField(_("发证日期"))
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("证书")
        ordering = ["-issued_on", "number"]

    def __str__(self) -> str:
        return self.number


class AnnualUpdate(models.Model):
    """That a holder has brought its figures up to date in a year: how, and when."""

    title = models.ForeignKey(HeldTitle, models.PROTECT, related_name="updates")
    year = models.PositiveSmallIntegerField(_("年度"))
    way = models.CharField(_("方式"), max_length=12, choices=UpdateWay.choices)
    on = models.DateField(_("日期"))
    late = models.BooleanField(_("逾期"), default=False)
    made_by = models.CharField(_("经手人"), max_length=150)
    made_by_id = models.PositiveBigIntegerField(null=True, blank=True)

    PERSONAL = {"made_by_id": ("made_by",)}  # accounts.personal

    class Meta:
        verbose_name = verbose_name_plural = _("年度更新")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["title", "year"], name="update_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.title_id} {self.year}"


class MissedUpdate(models.Model):
    """A yearly update that had not come by its day."""

    title = models.ForeignKey(HeldTitle, models.PROTECT, related_name="misses")
    year = models.PositiveSmallIntegerField(_("年度"))
    due_on = models.DateField(_("应在这天前更新"))
    noted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("未更新")
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["title", "year"], name="miss_once_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.title_id} {self.year}"


class DutyTask(models.Model):
    """A consequence that the rules name and a person decides on, with the clause."""

    title = models.ForeignKey(HeldTitle, models.PROTECT, related_name="tasks")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    consequence = models.CharField(_("后果"), max_length=24, choices=_CONSEQUENCES)
    years = models.JSONField(_("未更新的年度"), default=list)
    clause = models.CharField(_("条款"), max_length=200)
    grade = models.CharField(max_length=16)
    state = models.CharField(
        _("状态"), max_length=8, choices=TaskState.choices, default=TaskState.OPEN
    )
    proposed_at = models.DateTimeField(_("提出"), auto_now_add=True)
    reason = models.CharField(_("理由"), max_length=1000, blank=True)
    decided_by = models.CharField(_("经办人"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("办理时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("待处置")
        ordering = ["proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "consequence"],
                condition=Q(state="open"),
                name="one_open_task_a_title",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | ~Q(reason=""), name="task_done_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_id} {self.consequence}"


class LostRight(models.Model):
    """That the holder of a title may not be verified again, until it is restored."""

    title = models.ForeignKey(HeldTitle, models.PROTECT, related_name="lost_rights")
    since = models.DateField(_("自"))
    reason = models.CharField(_("理由"), max_length=1000)
    clause = models.CharField(_("条款"), max_length=200)
    made_by = models.CharField(_("经办人"), max_length=150)
    restored_on = models.DateField(_("恢复日期"), null=True, blank=True)
    restored_reason = models.CharField(_("恢复理由"), max_length=1000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("失去复核资格")
        ordering = ["-since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["title"], condition=Q(restored_on=None), name="right_lost_once"
            ),
            models.CheckConstraint(
                condition=Q(restored_on=None) | ~Q(restored_reason=""),
                name="right_restored_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_id} {self.since}"


class ChangeReport(models.Model):
    """A change that a holder reported. ``late``: after the months that the clause
    of one of its titles gives; ``due_on``: the last day, None where no clause is known.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="changes")
    kind = models.CharField(_("变化"), max_length=16, choices=ChangeKind.choices)
    happened_on = models.DateField(_("发生日期"))
    text = models.CharField(_("说明"), max_length=1000)
    due_on = models.DateField(_("应在这天前报告"), null=True, blank=True)
    late = models.BooleanField(_("逾期"), default=False)
    clause = models.CharField(_("条款"), max_length=200, blank=True)
    reported_at = models.DateTimeField(_("报告时间"), auto_now_add=True)
    made_by = models.CharField(_("报告人"), max_length=150)
    made_by_id = models.PositiveBigIntegerField(null=True, blank=True)

    PERSONAL = {"made_by_id": ("made_by",)}  # accounts.personal

    class Meta:
        verbose_name = verbose_name_plural = _("变化报告")
        ordering = ["-reported_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"


class Bar(models.Model):
    """A firm may not apply for a scheme from a day until another.

    ``until`` None: no end was set; the authority sets it.
    """

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="bars")
    scheme = models.CharField(_("称号"), max_length=40)
    begins_on = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=1000)
    clause = models.CharField(_("条款"), max_length=200, blank=True)
    made_by = models.CharField(_("经办人"), max_length=150)
    lifted_on = models.DateField(_("解除日期"), null=True, blank=True)
    lifted_reason = models.CharField(_("解除理由"), max_length=1000, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("禁止申报")
        ordering = ["-begins_on", "id"]
        indexes = [models.Index(fields=["enterprise", "scheme"], name="bar_by_firm")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_on=None) | ~Q(lifted_reason=""),
                name="bar_lifted_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.scheme}"


class TitleRevocation(models.Model):
    """Why a title was taken away, by whom, under which clause."""

    title = models.OneToOneField(HeldTitle, models.PROTECT, related_name="revocation")
    kind = models.CharField(_("原因"), max_length=16, choices=RevocationKind.choices)
    text = models.CharField(_("说明"), max_length=1000)
    clause = models.CharField(_("条款"), max_length=200)
    on = models.DateField(_("撤销日期"))
    bar = models.ForeignKey(
        Bar, models.PROTECT, null=True, blank=True, related_name="revocations"
    )
    made_by = models.CharField(_("经办人"), max_length=150)

    class Meta:
        verbose_name = verbose_name_plural = _("撤销")

    def __str__(self) -> str:
        return f"{self.title_id} {self.on}"


class ExpiryReminder(models.Model):
    """That a title's end so many months away was told, and what was forecast then.

    ``outcome``: how the firm stood under the standard of re-verification on the day of
    the reminder, with the figures known then; empty where no standard is known.
    """

    title = models.ForeignKey(HeldTitle, models.PROTECT, related_name="reminders")
    months = models.PositiveSmallIntegerField(_("提前几个月"))
    outcome = models.CharField(_("预测"), max_length=20, blank=True)
    rule_set = models.CharField(_("标准"), max_length=64, blank=True)
    made_on = models.DateField(_("提醒日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("到期提醒")
        ordering = ["-made_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "months"], name="reminded_once_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title_id} {self.months}"


class RoundForecast(models.Model):
    """How a holder stood when a round of re-verification was opened; never rewritten.

    ``outcome``: by the round's standard and the figures known on ``made_on``; empty
    where no standard applies to the holder.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="forecasts")
    title = models.ForeignKey(HeldTitle, models.PROTECT, related_name="forecasts")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="forecasts")
    outcome = models.CharField(_("预测"), max_length=20, blank=True)
    rule_set = models.CharField(_("标准"), max_length=64, blank=True)
    made_on = models.DateField(_("预测日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("复核预测")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "enterprise"], name="forecast_once_a_round"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.enterprise_id}"
