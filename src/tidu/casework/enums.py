"""What a judgement says, how days are counted."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Judged(models.TextChoices):
    """What a person found of a clause that no figure decides."""

    MET = "met", _("符合")
    UNMET = "unmet", _("不符合")


class DayKind(models.TextChoices):
    """How a time limit counts its days."""

    WORKING = "working", _("工作日")
    CALENDAR = "calendar", _("日历日")
