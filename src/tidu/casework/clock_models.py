"""Tables of clocks: how long finished work took, and what was told of late cases."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.casework.enums import EscalationKind
from tidu.casework.models import Case

_STATE = 40  # characters of a state or a step


class UsualTime(models.Model):
    """How many working days finished work of a scheme and kind took, counted anew
    each night. ``state``: one step or check; empty: from submission to the decision.

    ``p50`` and ``p90`` are None where fewer than ``clocks.ENOUGH`` are finished.
    """

    scheme = models.CharField(max_length=40)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=_STATE, blank=True)
    count = models.PositiveIntegerField()
    p50 = models.PositiveIntegerField(null=True, blank=True)
    p90 = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("通常用时")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "kind", "state"], name="one_usual_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.kind} {self.state}"


class Escalation(models.Model):
    """That an office's administrators were told of a case, once for each time it came
    into a step. ``sequence``: of the move it came with; ``days``: working days without
    anybody opening it, or days over its limit.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="escalations")
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="escalations")
    kind = models.CharField(_("原因"), max_length=10, choices=EscalationKind.choices)
    state = models.CharField(_("步骤"), max_length=_STATE)
    sequence = models.PositiveIntegerField()
    days = models.PositiveIntegerField(_("天数"))
    made_at = models.DateTimeField(_("告知时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("催办")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "sequence"], name="told_once_a_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"
