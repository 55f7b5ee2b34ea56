"""Tables of lists that are paid without applying, of accounts, and of objections."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.eligibility.enums import Answered, EntryState, NoticeDays, Removal, Working
from tidu.registry.models import Blob, Enterprise
from tidu.rules.amounts import Per
from tidu.rules.lifecycle import State
from tidu.rules.pay_list import DRAFT, PAY_LIST

_STATE = 16  # characters of a state


class KeptPacks(models.Model):
    """The text of all packs as they were when a list was frozen; ``rules.archive``."""

    digest = models.CharField(max_length=64, unique=True)
    files = models.JSONField()
    kept_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("名单的标准包存档")

    def __str__(self) -> str:
        return self.digest[:12]


class EntitlementList(models.Model):
    """One grant that an authority pays to everybody who meets it, without applying.

    ``counter`` rises with each move: who moves it names the one they saw. ``period``:
    what “already paid” is asked for (``rules.pay_list.period_of``). ``budget`` in 元.
    ``rows``, ``open_count`` …: how the territory's firms divide; ``unmet``: criterion →
    firms, ``missing``: fact key → firms. ``days`` of notice have no default.
    """

    mechanism = models.CharField(_("奖补"), max_length=64, db_index=True)
    title = models.CharField(_("名称"), max_length=120)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="entitlement_lists",
        verbose_name=_("主管部门"),
    )
    on = models.DateField(_("按哪一天"))
    per = models.CharField(max_length=8)
    period = models.CharField(_("发放期"), max_length=60, blank=True)
    budget = models.DecimalField(_("预算"), max_digits=18, decimal_places=2)
    state = models.CharField(_("状态"), max_length=_STATE, default=DRAFT, db_index=True)
    state_since = models.DateTimeField(_("进入这一步"))
    counter = models.PositiveIntegerField(default=0)
    working = models.CharField(
        max_length=8, choices=Working.choices, default=Working.WAITING
    )
    trouble = models.CharField(max_length=300, blank=True)
    worked_at = models.DateTimeField(_("计算时间"), null=True, blank=True)
    pack_digest = models.CharField(max_length=64, blank=True)
    program_version = models.CharField(max_length=32, blank=True)
    rows = models.PositiveIntegerField(default=0)
    open_count = models.PositiveIntegerField(default=0)
    nameless = models.PositiveIntegerField(default=0)
    unmet = models.JSONField(default=dict)
    missing = models.JSONField(default=dict)
    packs = models.ForeignKey(
        KeptPacks, models.PROTECT, null=True, blank=True, related_name="lists"
    )
    digest = models.CharField(max_length=64, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    days = models.PositiveSmallIntegerField(_("公示天数"), null=True, blank=True)
    day_kind = models.CharField(max_length=8, choices=NoticeDays.choices, blank=True)
    opens_on = models.DateField(_("公示开始"), null=True, blank=True, db_index=True)
    ends_on = models.DateField(_("公示截止"), null=True, blank=True)
    provisional = models.BooleanField(default=False)
    contact = models.CharField(_("联系方式"), max_length=300, blank=True)
    batches = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("免申即享名单")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(budget__gt=0), name="entitlement_list_has_a_budget"
            ),
            models.CheckConstraint(
                condition=Q(opens_on=None) | Q(ends_on__gte=F("opens_on")),
                name="entitlement_notice_ends_after",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def shown_state(self) -> State:
        """The state with its label and owner."""
        return PAY_LIST.states[self.state]

    @property
    def repeats(self) -> Per:
        """How often a firm can have it."""
        return Per(self.per)


class BankAccount(models.Model):
    """An enterprise's account as it entered it; counts once its number was typed twice.

    A new one never overwrites an old one: what was paid where stays known.
    """

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="bank_accounts"
    )
    holder = models.CharField(_("户名"), max_length=200)
    bank = models.CharField(_("开户银行"), max_length=120)
    number = models.CharField(_("账号"), max_length=40)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    entered_at = models.DateTimeField(_("填写时间"), auto_now_add=True)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    replaced_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("收款账户")
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(replaced_at=None, confirmed_at__isnull=False),
                name="one_confirmed_account",
            ),
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=Q(replaced_at=None, confirmed_at=None),
                name="one_account_to_confirm",
            ),
        ]

    def __str__(self) -> str:
        return self.masked

    @property
    def masked(self) -> str:
        """The number as a page shows it: its last four digits."""
        return masked_account(self.number)


def masked_account(number: str) -> str:
    """An account number with everything but its last four digits hidden."""
    return f"**** {number[-4:]}" if number else ""


class EntitlementEntry(models.Model):
    """A firm that meets the grant of a list: what decided it, what it gets, if paid.

    ``entries``: the facts that decided, as ``CurrentFacts.entries`` has them;
    ``lines``: the working, line id → value in base units. ``batch``: the pay file that
    it went out in, with the ``account`` as it was then.
    """

    pay_list = models.ForeignKey(
        EntitlementList, models.CASCADE, related_name="entries"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="entitlement_entries"
    )
    name = models.CharField(_("企业名称"), max_length=200)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18)
    territory = models.CharField(_("区划"), max_length=6)
    amount = models.DecimalField(_("金额"), max_digits=18, decimal_places=2)
    lines = models.JSONField(default=dict)
    entries = models.JSONField(default=dict)
    state = models.CharField(
        _("状态"),
        max_length=8,
        choices=EntryState.choices,
        default=EntryState.KEPT,
    )
    removal = models.CharField(
        _("移出原因"), max_length=12, choices=Removal.choices, blank=True
    )
    reason = models.CharField(_("说明"), max_length=500, blank=True)
    account = models.ForeignKey(
        BankAccount, models.PROTECT, null=True, blank=True, related_name="+"
    )
    batch = models.PositiveSmallIntegerField(_("发放批次"), null=True, blank=True)
    paid_on = models.DateField(_("到账日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("免申即享企业")
        ordering = ["territory", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["pay_list", "enterprise"], name="firm_once_on_a_list"
            ),
            models.CheckConstraint(
                condition=~Q(state="removed") | ~Q(removal=""),
                name="entry_removed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False),
                name="entry_paid_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["pay_list", "state"], name="entry_by_state"),
            models.Index(fields=["enterprise", "state"], name="entry_of_firm"),
        ]

    def __str__(self) -> str:
        return self.name


class OpenEntry(models.Model):
    """A firm of which figures are missing, so that nobody knows whether it has it."""

    pay_list = models.ForeignKey(
        EntitlementList, models.CASCADE, related_name="open_entries"
    )
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    missing = models.JSONField(default=list)

    class Meta:
        verbose_name = verbose_name_plural = _("缺数据的企业")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.pay_list_id} {self.enterprise_id}"


class ListObjection(models.Model):
    """What somebody says, by their real name, against a firm on a published list."""

    entry = models.ForeignKey(
        EntitlementEntry, models.PROTECT, related_name="objections"
    )
    number = models.CharField(_("查询号"), max_length=24, unique=True)
    person_name = models.CharField(_("实名"), max_length=50, blank=True)
    person_contact = models.CharField(_("联系方式"), max_length=100, blank=True)
    text = models.TextField(_("内容"), max_length=4000)
    blob = models.ForeignKey(
        Blob, models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_title = models.CharField(_("证据"), max_length=200, blank=True)
    state = models.CharField(
        _("状态"),
        max_length=12,
        choices=Answered.choices,
        default=Answered.OPEN,
        db_index=True,
    )
    filed_at = models.DateTimeField(_("收到"), auto_now_add=True)
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=150, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("对名单的异议")
        ordering = ["filed_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="list_objection_answered_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.number[:4]}"
