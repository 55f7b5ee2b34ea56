"""Kinds of advisers and of contacts, what is told and to whom."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AdviserKind(models.TextChoices):
    """As what somebody serves firms: 43号（二十五） names these three."""

    SERVICE_OFFICER = "service_officer", _("服务专员")
    SCIENCE_ENVOY = "science_envoy", _("科技特派员")
    VOLUNTEER = "volunteer", _("志愿者")


class ContactKind(models.TextChoices):
    """How an adviser was in touch; a note is for the file and no contact."""

    VISIT = "visit", _("上门")
    CALL = "call", _("电话")
    MESSAGE = "message", _("消息或邮件")
    NOTE = "note", _("备注（不算联系）")


class Party(models.TextChoices):
    """To whom something is told."""

    FIRM = "firm", _("企业")
    OFFICE = "office", _("主管部门")
    ADVISER = "adviser", _("专员")
    OTHER_SIDE = "other_side", _("对方机构")


class ConfirmedWay(models.TextChoices):
    """How it is known that an outcome is so."""

    ITSELF = "itself", _("在本站确认")
    PAPER = "paper", _("按书面材料登记")
