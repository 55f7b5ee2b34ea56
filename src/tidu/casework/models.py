"""Tables of rounds and cases, what was said in them, and each move of a case."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.casework.enums import DayKind, Judged, RightOrigin
from tidu.eligibility.models import Assessment
from tidu.registry.models import Enterprise, Evidence
from tidu.rules.case_table import DRAFT, LAPSED, WITHDRAWN, lifecycle_of
from tidu.rules.lifecycle import Lifecycle
from tidu.rules.procedures import Level, Step, StepKind

_STATE = 40  # characters of a state or a step


class PackArchive(models.Model):
    """The text of all packs as they were once; see ``rules.archive``."""

    digest = models.CharField(max_length=64, unique=True)
    files = models.JSONField()
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("标准包存档")

    def __str__(self) -> str:
        return self.digest[:12]


class Round(models.Model):
    """One call for applications: scheme, procedure, place, days, and what is pinned.

    ``on``: the day by which the standard is chosen and figures are taken. ``rule_set``:
    ``little_giant/2026-04-01``. ``steps``: ``rules.procedures.Step`` as JSON, up to the
    authority's own level; ``decides``: the last of them certifies. Days of notice, of
    objection and of appeal have no default: the authority sets them. ``limits``: step
    → ``{"days", "kind"}`` where the authority promised a time. ``papers``: group of
    facts → ``required`` or ``optional``, as the authority's own notice says.
    """

    scheme = models.CharField(_("称号"), max_length=40)
    kind = models.CharField(_("程序"), max_length=16)
    title = models.CharField(_("名称"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="rounds", verbose_name=_("主管部门")
    )
    opens_on = models.DateField(_("开始申报"))
    closes_on = models.DateField(_("截止申报"))
    on = models.DateField(_("按哪一天"))
    rule_set = models.CharField(_("标准"), max_length=64)
    packs = models.ForeignKey(PackArchive, models.PROTECT, related_name="rounds")
    steps = models.JSONField()
    decides = models.BooleanField()
    capacity = models.PositiveIntegerField(_("名额"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("公示天数"), null=True, blank=True)
    notice_kind = models.CharField(
        _("公示按"), max_length=8, choices=DayKind.choices, default=DayKind.WORKING
    )
    appeal_days = models.PositiveSmallIntegerField(_("申诉期限"), null=True, blank=True)
    limits = models.JSONField(default=dict)
    papers = models.JSONField(default=dict)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("批次")
        ordering = ["-opens_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")), name="round_closes_after"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def step_list(self) -> tuple[Step, ...]:
        """The pinned steps, in their order."""
        return tuple(
            Step(
                each["id"],
                StepKind(each["kind"]),
                Level(each["level"]),
                each.get("clause", ""),
            )
            for each in self.steps
        )

    @property
    def lifecycle(self) -> Lifecycle:
        """The table of states of its cases."""
        return lifecycle_of(self.step_list, decides=self.decides)


class Case(models.Model):
    """One enterprise's application in a round, from draft to its end.

    ``counter`` rises with each move: who moves it names the one they saw. ``step``:
    the last step of the procedure it was in, to which it comes back. ``due_on`` (the
    last day in Beijing, None without a limit and while the clock stands in time) and
    ``paused_at`` are kept by ``casework.case_clocks`` for lists; the moves tell more.
    ``office``: the authority whose turn it is, none where it is the applicant's or
    nobody's. ``assessment``: what was frozen when it was submitted.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="cases")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="cases")
    number = models.CharField(
        _("受理编号"), max_length=40, unique=True, null=True, blank=True
    )
    state = models.CharField(_("状态"), max_length=_STATE, default=DRAFT, db_index=True)
    step = models.CharField(max_length=_STATE, blank=True)
    counter = models.PositiveIntegerField(default=0)
    office = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    state_since = models.DateTimeField(_("进入这一步"))
    opened_at = models.DateTimeField(_("打开过"), null=True, blank=True)
    due_on = models.DateField(_("应在这天前办结"), null=True, blank=True)
    paused_at = models.DateTimeField(_("暂停自"), null=True, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=50, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    agent_name = models.CharField(_("代办机构"), max_length=120, blank=True)
    agent_phone = models.CharField(_("代办电话"), max_length=30, blank=True)
    contact_address = models.CharField(_("经营地址"), max_length=200, blank=True)
    auditor_name = models.CharField(_("审计机构"), max_length=120, blank=True)
    narrative = models.TextField(_("企业自述"), blank=True, max_length=4000)
    assessment = models.ForeignKey(
        Assessment, models.PROTECT, null=True, blank=True, related_name="cases"
    )
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("案卷")
        ordering = ["state_since", "id"]
        indexes = [
            models.Index(fields=["state", "state_since"], name="case_by_state"),
            models.Index(
                fields=["office", "opened_at", "state_since"], name="case_by_office"
            ),
            models.Index(fields=["office", "due_on"], name="case_by_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "enterprise"],
                condition=~Q(state__in=(WITHDRAWN, LAPSED)),
                name="one_case_in_a_round",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None, assessment=None)
                | Q(submitted_at__isnull=False, assessment__isnull=False),
                name="case_submitted_with_its_assessment",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.enterprise} {self.round}"

    @property
    def lifecycle(self) -> Lifecycle:
        return self.round.lifecycle

    @property
    def current_step(self) -> Step | None:
        """The step of the procedure it is in; None in states outside of the steps."""
        return next((s for s in self.round.step_list if s.id == self.state), None)


class Statement(models.Model):
    """What the applicant says of a clause that no figure decides."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="statements")
    criterion = models.CharField(max_length=64)
    text = models.TextField(_("说明"), max_length=2000)

    class Meta:
        verbose_name = verbose_name_plural = _("条款说明")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "criterion"], name="one_statement_a_clause"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.criterion}"


class CaseRight(models.Model):
    """A piece of intellectual property that an applicant lists; what is empty is
    unknown. ``changed_on``: the day the change of owner was registered.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="rights")
    number = models.CharField(_("专利号或登记号"), max_length=40)
    origin = models.CharField(
        _("取得方式"), max_length=12, choices=RightOrigin.choices, blank=True
    )
    changed_on = models.DateField(_("转入日期"), null=True, blank=True)
    from_whom = models.CharField(_("转让方"), max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("知识产权")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="right_once_a_case")
        ]

    def __str__(self) -> str:
        return self.number


class CaseDocument(models.Model):
    """Evidence that belongs to a case, and the criterion it is for."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="documents")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")
    criterion = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("案卷材料")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "evidence", "criterion"], name="document_once_a_clause"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.evidence_id}"


class Judgement(models.Model):
    """What an authority found of a criterion in a step: met or unmet, and why.

    ``counter`` rises each time it is judged anew: who does names the one they saw.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="judgements")
    criterion = models.CharField(max_length=64)
    step = models.CharField(max_length=_STATE)
    outcome = models.CharField(_("结论"), max_length=8, choices=Judged.choices)
    reason = models.CharField(_("理由"), max_length=500)
    counter = models.PositiveIntegerField(default=1)
    made_by = models.CharField(_("经办人"), max_length=150)
    made_at = models.DateTimeField(_("时间"), auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = _("条款结论")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "criterion", "step"], name="one_judgement_a_step"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="judged_for_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.criterion} {self.outcome}"


class Move(models.Model):
    """One move of a case: from where, to where, by whom, and why.

    ``data``: what belongs to it, such as the fields to correct (``{"fields": [key]}``)
    or the criteria a refusal rests on (``{"criteria": [{"id", "clause", "reason"}]}``).
    ``sequence``: the case's counter after the move.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="moves")
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=24)
    source = models.CharField(max_length=_STATE)
    target = models.CharField(max_length=_STATE)
    reason = models.CharField(_("理由"), max_length=1000, blank=True)
    data = models.JSONField(default=dict)
    made_by = models.CharField(_("经手人"), max_length=150)
    organisation_name = models.CharField(_("单位"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("办理经过")
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "sequence"], name="moves_one_by_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.source} → {self.target}"

    @property
    def fields(self) -> list[Any]:
        """What the applicant was asked to correct."""
        return list(self.data.get("fields", []))
