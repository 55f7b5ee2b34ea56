"""Tables of site inspections: the draw, a case's checklist, its answers and photos."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.casework.models import Case, Round
from tidu.registry.models import Blob


class Found(models.TextChoices):
    """What inspectors found of an item on site."""

    YES = "yes", _("相符")
    NO = "no", _("不符")
    UNKNOWN = "unknown", _("无法核实")


class InspectionDraw(models.Model):
    """Which cases of a round's step are inspected, by ``casework.draw``.

    ``cases``: ``[[number, territory]]`` as announced; ``rule``: ``{"count"}`` or
    ``{"share"}`` in percent; ``drawn``: the numbers, in the order drawn.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="inspection_draws")
    step = models.CharField(max_length=40)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    cases = models.JSONField()
    rule = models.JSONField()
    list_digest = models.CharField(max_length=64)
    secret = models.CharField(max_length=64)
    commitment = models.CharField(max_length=64)
    public = models.CharField(max_length=100, blank=True)
    drawn = models.JSONField(default=list)
    announced_at = models.DateTimeField(auto_now_add=True)
    announced_by = models.CharField(max_length=150)
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.CharField(max_length=150, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("实地抽查的抽取")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.round} {self.step}"


class Inspection(models.Model):
    """The visit to one enterprise for its case; ``draw`` is None where it was named.

    ``items``: ``[{"id", "label", "declared", "clause"}]``, frozen when it was drawn.
    From ``begun_at`` to ``finished_at`` the clock of the step stands.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="inspections")
    step = models.CharField(max_length=40)
    draw = models.ForeignKey(
        InspectionDraw,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inspections",
    )
    named_for = models.CharField(_("指定的理由"), max_length=300, blank=True)
    items = models.JSONField()
    begun_at = models.DateTimeField(_("开始"), default=timezone.now)
    inspectors = models.JSONField(default=list)
    visited_on = models.DateField(_("到访日期"), null=True, blank=True)
    conclusion = models.CharField(
        _("总的结论"), max_length=8, choices=Found.choices, blank=True
    )
    summary = models.TextField(_("核查说明"), max_length=2000, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("实地核查")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step"], name="one_inspection_a_step"
            )
        ]

    def __str__(self) -> str:
        return str(self.case)


class InspectionAnswer(models.Model):
    """What was found of one item; the last that was said stands."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="answers")
    item = models.CharField(max_length=64)
    found = models.CharField(max_length=8, choices=Found.choices, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("核查项")
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "item"], name="one_answer_an_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.item}"


class InspectionPhoto(models.Model):
    """A photo of an item, kept byte for byte; ``taken``: the camera's data is in it."""

    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="photos")
    item = models.CharField(max_length=64, blank=True)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    taken = models.BooleanField()
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("现场照片")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
