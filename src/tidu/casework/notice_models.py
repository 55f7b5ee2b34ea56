"""Tables of public notices, and of what people say against a firm."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.casework.enums import DayKind, ObjectionKind, ObjectionState
from tidu.casework.models import Case, Round
from tidu.registry.models import Blob, Enterprise, HeldTitle


class PublicNotice(models.Model):
    """The list that an authority publishes before it decides, and until when.

    ``ends_on``: the last day on which an objection is taken, by the round's ``days`` of
    ``day_kind``; ``provisional``: the working days of a year in it are not settled yet.
    ``contact``: where to object without this site.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="notices")
    step = models.CharField(max_length=40)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="notices", verbose_name=_("主管部门")
    )
    title = models.CharField(_("标题"), max_length=200)
    opens_on = models.DateField(_("公示开始"))
    ends_on = models.DateField(_("公示截止"), db_index=True)
    days = models.PositiveSmallIntegerField(_("公示天数"))
    day_kind = models.CharField(max_length=8, choices=DayKind.choices)
    provisional = models.BooleanField(default=False)
    contact = models.CharField(_("联系方式"), max_length=300)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(_("发布时间"), auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("公示")
        ordering = ["-opens_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("opens_on")), name="notice_ends_after"
            )
        ]

    def __str__(self) -> str:
        return self.title


class NoticeEntry(models.Model):
    """A case on a notice, under the name and place that the public read."""

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="entries")
    case = models.ForeignKey(Case, models.PROTECT, related_name="notices")
    name = models.CharField(_("企业名称"), max_length=200)
    territory = models.CharField(_("区划"), max_length=6)

    class Meta:
        verbose_name = verbose_name_plural = _("公示企业")
        ordering = ["territory", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "case"], name="case_once_on_a_notice"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Objection(models.Model):
    """What somebody says, by their real name, against a listed firm or a holder.

    ``kind``: an objection belongs to an ``entry`` of a notice, a complaint to a
    ``title``. ``number``: long enough that nobody guesses it; with it the answer is
    looked up. Name and contact are empty once they were erased. ``reply``: what the
    firm says to it, once.
    """

    PERSONAL = {"replied_by_id": ("replied_by",)}  # accounts.personal

    kind = models.CharField(_("种类"), max_length=12, choices=ObjectionKind.choices)
    number = models.CharField(_("查询号"), max_length=24, unique=True)
    entry = models.ForeignKey(
        NoticeEntry, models.PROTECT, null=True, blank=True, related_name="objections"
    )
    title = models.ForeignKey(
        HeldTitle, models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="objections"
    )
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="objections")
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
        choices=ObjectionState.choices,
        default=ObjectionState.OPEN,
        db_index=True,
    )
    filed_at = models.DateTimeField(_("收到"), auto_now_add=True)
    reply = models.TextField(_("企业的说明"), max_length=2000, blank=True)
    replied_by = models.CharField(_("说明人"), max_length=150, blank=True)
    replied_by_id = models.PositiveBigIntegerField(null=True, blank=True)
    replied_at = models.DateTimeField(_("说明时间"), null=True, blank=True)
    answer = models.TextField(_("答复"), max_length=2000, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=150, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("异议和举报")
        ordering = ["filed_at", "id"]
        indexes = [
            models.Index(fields=["office", "state", "filed_at"], name="objection_queue")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="objection", entry__isnull=False, title=None)
                | Q(kind="complaint", entry=None, title__isnull=False),
                name="objection_is_about_something",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None)
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="objection_answered_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(reply="", replied_at=None)
                | (Q(replied_at__isnull=False) & ~Q(reply="")),
                name="objection_replied_with_a_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"
