"""What becomes of a list that is paid without applying, and of each firm on it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Working(models.TextChoices):
    """How far the job is that works a list out."""

    WAITING = "waiting", _("等待计算")
    RUNNING = "running", _("正在计算")
    DONE = "done", _("已算好")
    FAILED = "failed", _("没有算成")


class NoticeDays(models.TextChoices):
    """How the days of a notice are counted."""

    WORKING = "working", _("工作日")
    CALENDAR = "calendar", _("日历日")


class EntryState(models.TextChoices):
    """Whether a firm on a list is paid, and how that went."""

    KEPT = "kept", _("拟发放")
    REMOVED = "removed", _("已移出")
    SENT = "sent", _("已送银行")
    PAID = "paid", _("已到账")
    RETURNED = "returned", _("已退回")


class Removal(models.TextChoices):
    """Why a firm that meets the policy is not paid from this list."""

    EARLIER = "earlier", _("已在另一份名单里")
    EXCLUDED = "excluded", _("与另一项奖补不能同时享受")
    NOTHING = "nothing", _("算出的金额为零")
    CLOSED = "closed", _("企业已出库或合并")
    OBJECTION = "objection", _("异议成立")
    OFFICE = "office", _("主管部门核对后移出")


class Answered(models.TextChoices):
    """Whether an objection to a list was answered, and how."""

    OPEN = "open", _("核查中")
    DISMISSED = "dismissed", _("不成立")
    SUSTAINED = "sustained", _("成立")
