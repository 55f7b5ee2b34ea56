"""Tables of service requests, advisers, whom they serve, contacts and notices."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Membership, Organisation
from tidu.casework.models import PackArchive
from tidu.casework.serving.enums import (
    AdviserKind,
    ConfirmedWay,
    ContactKind,
    Party,
)
from tidu.registry.models import Enterprise, Evidence
from tidu.rules.service_table import ASKED, FINAL, SERVICE_TABLE

_STATE = 24  # characters of a state or an event


class Adviser(models.Model):
    """Somebody who serves firms for an authority; acts by the membership."""

    membership = models.OneToOneField(
        Membership, models.PROTECT, related_name="adviser"
    )
    office = models.ForeignKey(
        Organisation, models.PROTECT, related_name="advisers", verbose_name=_("单位")
    )
    kind = models.CharField(_("类别"), max_length=16, choices=AdviserKind.choices)
    field = models.CharField(_("擅长"), max_length=100, blank=True)
    active = models.BooleanField(_("在岗"), default=True)
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("服务专员")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.membership.user)


class ServedFirm(models.Model):
    """A firm on an adviser's list, from a day on until it is ended."""

    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="served")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="served_by")
    since = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    last_contact_on = models.DateField(_("最近联系"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("专员服务的企业")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["adviser", "enterprise"],
                condition=Q(ended_at=None),
                name="served_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.adviser_id} {self.enterprise_id}"


class ServiceRequest(models.Model):
    """One thing an enterprise asked for, from asking to its end.

    ``service``: id in the packs kept as ``packs``; ``answers``: the service's own
    fields, id → value as JSON; ``outcome`` and ``findings``: who may ask, as it was
    found then. ``clock``: ``casework.clocks`` as JSON, ``due_on`` its last day while it
    runs, ``took`` its working days once it ended. ``before`` and ``after``: what the
    firm was asked, id → value as JSON. ``last_contact_on``: when the adviser was last
    in touch with the firm about it, at first the day it was asked.
    """

    service = models.CharField(_("服务"), max_length=60, db_index=True)
    track = models.CharField(_("通道"), max_length=40, blank=True)
    packs = models.ForeignKey(PackArchive, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="service_requests"
    )
    office = models.ForeignKey(
        Organisation, models.PROTECT, related_name="service_requests"
    )
    number = models.CharField(
        _("编号"), max_length=20, unique=True, null=True, blank=True
    )
    state = models.CharField(_("状态"), max_length=_STATE, default=ASKED)
    counter = models.PositiveIntegerField(default=0)
    state_since = models.DateTimeField(_("进入这一步"))
    asked_at = models.DateTimeField(_("提出时间"))
    need = models.TextField(_("要解决的事"), max_length=2000)
    contact_name = models.CharField(_("联系人"), max_length=50)
    contact_phone = models.CharField(_("联系电话"), max_length=30)
    answers = models.JSONField(default=dict)
    outcome = models.CharField(max_length=16)
    findings = models.JSONField(default=list)
    adviser = models.ForeignKey(
        Adviser, models.PROTECT, null=True, blank=True, related_name="requests"
    )
    receiver = models.ForeignKey(
        Adviser, models.PROTECT, null=True, blank=True, related_name="offered"
    )
    other_side = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+"
    )
    clock = models.JSONField()
    due_on = models.DateField(_("应答复日期"), null=True, blank=True)
    took = models.PositiveIntegerField(null=True, blank=True)
    last_contact_on = models.DateField(_("最近联系"))
    result = models.CharField(_("结果"), max_length=40, blank=True)
    result_text = models.TextField(_("答复"), max_length=2000, blank=True)
    confirmed_way = models.CharField(
        max_length=8, choices=ConfirmedWay.choices, blank=True
    )
    confirmed_note = models.CharField(_("确认依据"), max_length=300, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    change = models.TextField(_("变化"), max_length=1000, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("服务申请")
        ordering = ["asked_at", "id"]
        indexes = [
            models.Index(fields=["office", "state", "asked_at"], name="service_office"),
            models.Index(
                fields=["adviser", "state", "last_contact_on"], name="service_adviser"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) ^ Q(state__in=FINAL),
                name="service_closed_in_a_final_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(ASKED, *FINAL)) | ~Q(adviser=None),
                name="service_accepted_has_an_adviser",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.service} {self.enterprise_id}"

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return not SERVICE_TABLE.states[self.state].final


class ServiceMove(models.Model):
    """One move of a request: from where, to where, by whom, and why."""

    PERSONAL = {"made_by_id": ("made_by",)}  # accounts.personal

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="moves")
    sequence = models.PositiveIntegerField()
    event = models.CharField(max_length=_STATE)
    source = models.CharField(max_length=_STATE, blank=True)
    target = models.CharField(max_length=_STATE)
    text = models.CharField(_("说明"), max_length=2000, blank=True)
    made_by_id = models.BigIntegerField(null=True)
    made_by = models.CharField(_("经手人"), max_length=150)
    organisation_name = models.CharField(_("单位"), max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = verbose_name_plural = _("服务办理经过")
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "sequence"], name="service_moves_one_by_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.source} → {self.target}"


class ServiceDocument(models.Model):
    """Evidence of the firm that it handed in with a request, and as what."""

    request = models.ForeignKey(
        ServiceRequest, models.CASCADE, related_name="documents"
    )
    document = models.CharField(max_length=64)
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("服务材料")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "document", "evidence"],
                name="service_document_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.document}"


class Contact(models.Model):
    """One visit, call or message of an adviser with a firm, or a note for the file."""

    PERSONAL = {"made_by_id": ("made_by",)}  # accounts.personal

    adviser = models.ForeignKey(Adviser, models.PROTECT, related_name="contacts")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="service_contacts"
    )
    request = models.ForeignKey(
        ServiceRequest, models.PROTECT, null=True, blank=True, related_name="contacts"
    )
    kind = models.CharField(_("方式"), max_length=8, choices=ContactKind.choices)
    on = models.DateField(_("日期"))
    text = models.TextField(_("记了什么"), max_length=2000)
    made_by_id = models.BigIntegerField(null=True)
    made_by = models.CharField(_("谁记的"), max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("联系记录")
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["enterprise", "-on"], name="contact_of_firm")]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


class ServiceNotice(models.Model):
    """Something a party is told of on its pages, until it looks.

    ``day``: 9, 21 or 45 for a reminder that the firm has heard nothing since ``since``;
    0 for a move.
    """

    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="notices")
    party = models.CharField(max_length=12, choices=Party.choices)
    adviser = models.ForeignKey(Adviser, models.CASCADE, null=True, related_name="+")
    event = models.CharField(max_length=_STATE)
    day = models.PositiveSmallIntegerField(default=0)
    since = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("服务提醒")
        ordering = ["-made_at", "-id"]
        indexes = [
            models.Index(fields=["party", "seen_at", "request"], name="notice_unseen")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "party", "day", "since"],
                condition=Q(day__gt=0),
                name="reminded_once_a_day_and_silence",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.party} {self.event}"
