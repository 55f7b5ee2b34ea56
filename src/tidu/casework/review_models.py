"""Tables of experts: who they are, whom they are tied to, draws, and their sheets."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.casework.models import Case, Round
from tidu.registry.models import Enterprise
from tidu.rules.procedures import Step


class TieChoice(models.TextChoices):
    """How an expert or an enterprise is tied; see ``casework.conflicts``."""

    EMPLOYMENT = "employment", _("任职")
    GROUP = "group", _("同一集团")
    SHAREHOLDING = "shareholding", _("持股")
    IP = "ip", _("共同知识产权")
    DECLARED = "declared", _("专家申报回避")
    PERSON = "person", _("与评审专家有关系")


class DrawKind(models.TextChoices):
    """What a draw of experts is for."""

    FIRST = "first", _("首次抽取")
    THIRD = "third", _("第三位专家")
    REPLACEMENT = "replacement", _("回避后补抽")


class Opined(models.TextChoices):
    """What an expert finds of a clause that no figure decides."""

    MET = "met", _("符合")
    UNMET = "unmet", _("不符合")
    UNKNOWN = "unknown", _("看材料判断不了")


class Expert(models.Model):
    """Somebody of an authority's pool who reviews cases.

    ``fields``: two-digit divisions of GB/T 4754 (``34``). ``limit``: the most sheets of
    one round. ``organisation_code``: credit code of the employer, empty until known;
    it is confirmed by the person named in ``confirmed_by``.
    """

    PERSONAL = {"user": ("name",)}  # accounts.personal

    office = models.ForeignKey(
        Organisation, models.PROTECT, related_name="experts", verbose_name=_("主管部门")
    )
    pool = models.ForeignKey(Organisation, models.PROTECT, related_name="pooled")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="expertise"
    )
    name = models.CharField(_("姓名"), max_length=50)
    organisation_name = models.CharField(_("工作单位"), max_length=200)
    organisation_code = models.CharField(
        _("单位统一社会信用代码"), max_length=18, blank=True
    )
    confirmed_by = models.CharField(_("单位由谁核实"), max_length=150, blank=True)
    fields = models.JSONField(_("专业领域"), default=list)
    limit = models.PositiveSmallIntegerField(_("一个批次最多评几份"), default=20)
    active = models.BooleanField(_("在库"), default=True)
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评审专家")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "pool"], name="expert_once_in_a_pool"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The expert's number in draws: E0007."""
        return key_of_expert(self.pk)

    @property
    def party(self) -> str:
        """The expert as the other side of a tie."""
        return f"expert:{self.pk}"


OWN_WORD = "本人"
"""Who confirmed what an expert declares: no name that would outlive their account."""


def key_of_expert(pk: int) -> str:
    """An expert's number in draws: E0007."""
    return f"E{pk:04d}"


class Tie(models.Model):
    """One tie of an expert or of an enterprise to a party or a paper.

    ``party``: a credit code, the number of an IP right, or a key of
    ``casework.experts``. Without ``confirmed_by`` it is a hint for a person to look at,
    and bars nobody. ``declared_by``: who said so of their own side; such a tie is never
    changed or deleted, a later one ``replaces`` it. ``mistaken``: the correction says
    that there is no such tie.
    """

    PERSONAL = {"declared_by_id": ("declared_by",)}  # accounts.personal

    expert = models.ForeignKey(
        Expert, models.CASCADE, null=True, blank=True, related_name="ties"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, null=True, blank=True, related_name="ties"
    )
    kind = models.CharField(_("关系"), max_length=16, choices=TieChoice.choices)
    party = models.CharField(_("对方代码或权利号"), max_length=64, db_index=True)
    party_name = models.CharField(_("对方名称"), max_length=200, blank=True)
    source = models.CharField(_("依据"), max_length=300)
    since = models.DateField(_("自"), null=True, blank=True)
    until = models.DateField(_("至"), null=True, blank=True)
    confirmed_by = models.CharField(_("核实人"), max_length=150, blank=True)
    declared_by = models.CharField(_("申报人"), max_length=150, blank=True)
    declared_by_id = models.PositiveBigIntegerField(null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.RESTRICT, null=True, blank=True, related_name="correction"
    )
    mistaken = models.BooleanField(_("申报有误"), default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("利害关系")
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expert=None, enterprise__isnull=False)
                | Q(expert__isnull=False, enterprise=None),
                name="tie_of_one_side",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.party}"


class StepElsewhere(models.Model):
    """An office says that a step of a round is not done in this system, and why."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="elsewhere")
    step = models.CharField(max_length=40)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reason = models.CharField(_("说明"), max_length=300)
    said_by = models.CharField(max_length=150)
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("不在本系统办理的步骤")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "step", "office"], name="elsewhere_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.step}"


class ReviewPlan(models.Model):
    """How an office has the cases of a round's step reviewed.

    ``items``: ``[{"id", "label", "points"}]``, 100 in sum; ``comment_below``: percent
    of an item's points below which a comment is asked for. Two scores more than ``gap``
    apart, or on both sides of ``pass_line``, bring a third expert. Nothing is drawn
    before the office has confirmed all this: the first values are Tidu's own.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="review_plans")
    step = models.CharField(max_length=40)
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    items = models.JSONField(_("评分项"))
    comment_below = models.PositiveSmallIntegerField(_("低分须写意见"), default=60)
    gap = models.DecimalField(
        _("相差多少分请第三位"), max_digits=5, decimal_places=1, default=Decimal(15)
    )
    pass_line = models.DecimalField(
        _("合格线"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    due_on = models.DateField(_("评审截止"))
    confirmed_by = models.CharField(max_length=150)
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("评审安排")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "step", "office"], name="one_plan_of_a_step"
            )
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.step}"

    @property
    def step_of_round(self) -> Step:
        """The step of the round's procedure it is for."""
        return next(each for each in self.round.step_list if each.id == self.step)


class ReviewDraw(models.Model):
    """One draw of experts: announced with a commitment, held with a public number.

    ``inputs``: cases, experts, loads and conflicts as they were (``review_inputs``);
    ``counts``: how many there are of each, for the public page; ``secret`` stays
    unshown until the draw is held. Draws of a third or of another expert take their
    seed from ``parent``.
    """

    plan = models.ForeignKey(ReviewPlan, models.PROTECT, related_name="draws")
    kind = models.CharField(max_length=12, choices=DrawKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    inputs = models.JSONField()
    inputs_digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    secret = models.CharField(max_length=64, blank=True)
    commitment = models.CharField(max_length=64, blank=True)
    public = models.CharField(_("公开数"), max_length=100, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    announced_at = models.DateTimeField(auto_now_add=True)
    announced_by = models.CharField(max_length=150)
    held_at = models.DateTimeField(null=True, blank=True)
    held_by = models.CharField(max_length=150, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("专家抽取")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class Review(models.Model):
    """One expert's sheet for one case, drawn by lot; never removed, only released.

    ``scores``: item → points as text; ``comments``: item or criterion → text;
    ``verdicts``: criterion → one of ``Opined``. ``total`` stands once
    it is submitted, and nothing of it changes afterwards.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    step = models.CharField(max_length=40)
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="reviews")
    draw = models.ForeignKey(ReviewDraw, models.PROTECT, related_name="reviews")
    matched = models.BooleanField()
    scores = models.JSONField(default=dict)
    comments = models.JSONField(default=dict)
    verdicts = models.JSONField(default=dict)
    remark = models.TextField(_("总的意见"), max_length=2000, blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    assigned_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    released_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("评审表")
        ordering = ["id"]
        indexes = [  # all that counts of a whole round read, without the texts
            models.Index(
                fields=["draw", "released_at", "step", "case", "expert", "total"],
                name="review_points",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "step", "expert"], name="expert_once_on_a_case"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, total=None)
                | Q(submitted_at__isnull=False, total__isnull=False),
                name="review_submitted_with_its_total",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk:05d}"
