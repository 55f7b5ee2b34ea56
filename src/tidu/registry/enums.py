"""Where figures come from, what identity changed, how an import stands."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class FilingSource(models.TextChoices):
    """Who stands behind a filing's figures. Which of two wins: ``precedence``."""

    OFFICIAL = "official", _("官方名单或文件")
    CORRECTION = "correction", _("主管部门更正")
    STATEMENT = "statement", _("财务报表")
    ENTERPRISE = "enterprise", _("企业填报")
    IMPORT = "import", _("表格导入")
    SELF_ASSESSMENT = "self_assessment", _("自评问卷")
    TAX = "tax", _("税务数据")
    ANNUAL_REPORT = "annual_report", _("年度报告")


class IdentityKind(models.TextChoices):
    """What of an enterprise's identity can change while it stays the same."""

    NAME = "name", _("名称")
    USCC = "uscc", _("统一社会信用代码")
    TERRITORY = "territory", _("区划")


class ImportState(models.TextChoices):
    """How far an import has come."""

    UPLOADED = "uploaded", _("已上传")
    CHECKING = "checking", _("核对中")
    CHECKED = "checked", _("已核对，待确认")
    UNREADABLE = "unreadable", _("无法读取")
    COMMITTING = "committing", _("导入中")
    COMMITTED = "committed", _("已导入")
    FAILED = "failed", _("中断，可重新执行")
    UNDOING = "undoing", _("撤回中")
    UNDONE = "undone", _("已撤回")
    DISCARDED = "discarded", _("已放弃")


class ClaimState(models.TextChoices):
    """How far a person's claim to act for a known enterprise has come."""

    WAITING = "waiting", _("待核实")
    CONFIRMED = "confirmed", _("已确认")
    REFUSED = "refused", _("未通过")


class SameFirm(models.TextChoices):
    """What a person decided on a row that may be an enterprise of the registry."""

    SAME = "same", _("是这一家")
    NEW = "new", _("另一家，新入库")
    SKIP = "skip", _("先不导入")


OUTSIDE = (FilingSource.TAX, FilingSource.ANNUAL_REPORT)
"""Sources to compare with: weaker than all others, they replace nothing filed."""

RUNNING = (ImportState.CHECKING, ImportState.COMMITTING, ImportState.UNDOING)
"""States in which a job is at work on an import."""


class ListState(models.TextChoices):
    """How far a recognition list has come."""

    MATCHING = "matching", _("比对中")
    OPEN = "open", _("待认定")
    COMMITTING = "committing", _("登记中")
    COMMITTED = "committed", _("已登记")
    UNDOING = "undoing", _("撤回中")
    UNDONE = "undone", _("已撤回")
    UNREADABLE = "unreadable", _("无法读取")


class ListedFound(models.TextChoices):
    """What the registry says to a listed name."""

    CERTAIN = "certain", _("对得上")
    CANDIDATES = "candidates", _("要您认定")
    NONE = "none", _("库里没有")
    ELSEWHERE = "elsewhere", _("不在本单位的区划内")
    TWICE = "twice", _("名单里重复")


class ReturnState(models.TextChoices):
    """Where an enterprise stands in a collection round."""

    SILENT = "silent", _("没返回")
    INCOMPLETE = "incomplete", _("返回不全")
    COMPLETE = "complete", _("已齐")
    KNOWN = "known", _("库里已够")
