"""What a judgement says, how days are counted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tidu.rules.working_days import DayUnit


class Judged(models.TextChoices):
    """What a person found of a clause that no figure decides."""

    MET = "met", _("符合")
    UNMET = "unmet", _("不符合")


class DayKind(models.TextChoices):
    """How a time limit counts its days."""

    WORKING = "working", _("工作日")
    CALENDAR = "calendar", _("日历日")


UNITS = {
    DayKind.WORKING: DayUnit.WORKING_DAY,
    DayKind.CALENDAR: DayUnit.CALENDAR_DAY,
}


class EscalationKind(models.TextChoices):
    """Why the administrators of an office were told of a case."""

    UNOPENED = "unopened", _("没有人打开")
    OVERDUE = "overdue", _("超过时限")


class RightOrigin(models.TextChoices):
    """How an applicant says it came to a piece of intellectual property."""

    APPLIED = "applied", _("自行申请")
    TRANSFERRED = "transferred", _("受让")


class LookOutcome(models.TextChoices):
    """What a person found who looked into a signal."""

    CLEARED = "cleared", _("无问题")
    ASKED = "asked", _("要求说明")
    REFERRED = "referred", _("移送核实")


class KnownAs(models.TextChoices):
    """What a thing that many applicants share was found to be, by a person."""

    ACCOUNTANT = "accountant", _("代理记账会计的电话")
    PREMISES = "premises", _("园区、孵化器或集中办公地址")
    PUBLIC_TEXT = "public_text", _("公开文本或空白表格")


class ObjectionKind(models.TextChoices):
    """Against a firm on a notice, or against one that holds a title."""

    OBJECTION = "objection", _("公示异议")
    COMPLAINT = "complaint", _("举报")


class ObjectionState(models.TextChoices):
    """Whether it was answered, and how."""

    OPEN = "open", _("核查中")
    DISMISSED = "dismissed", _("不成立")
    SUSTAINED = "sustained", _("成立")


class UpdateWay(models.TextChoices):
    """How a holder brought its figures up to date."""

    CONFIRMED = "confirmed", _("企业确认")
    FILED = "filed", _("填报了数据")


class TaskState(models.TextChoices):
    """What became of a proposed consequence."""

    OPEN = "open", _("待办理")
    DONE = "done", _("已执行")
    DROPPED = "dropped", _("不执行")


class ChangeKind(models.TextChoices):
    """Changes that a holder has to report."""

    RENAME = "rename", _("更名")
    MERGER = "merger", _("合并")
    RESTRUCTURING = "restructuring", _("重组")
    MOVE = "move", _("跨省迁移")
    OTHER = "other", _("其他重大变化")


class RevocationKind(models.TextChoices):
    """Why a title is taken away."""

    FALSIFICATION = "falsification", _("数据造假")
    ACCIDENT = "accident", _("发生重大安全、质量或环境事故")
    DISHONESTY = "dishonesty", _("严重失信")
    TAX = "tax", _("偷漏税")
    MISSED = "missed_updates", _("多次未做年度更新")
    UNREPORTED = "unreported", _("未按期报告变化")
    UNQUALIFIED = "unqualified", _("不再符合条件")
    OTHER = "other", _("其他")


GRAVE = frozenset(
    {
        RevocationKind.FALSIFICATION,
        RevocationKind.ACCIDENT,
        RevocationKind.DISHONESTY,
        RevocationKind.TAX,
    }
)
"""Reasons that 63号第十六条 names; a bar of certain years follows them there."""
