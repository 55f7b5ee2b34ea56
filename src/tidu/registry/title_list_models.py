"""Tables of recognition lists: names as printed, whom each means, what was recorded."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.registry.enums import ListedFound, ListState, SameFirm
from tidu.registry.models import Blob, Enterprise, HeldTitle


class TitleList(models.Model):
    """A published list of those recognised, which gives names and little else.

    ``valid_from``, ``valid_until`` count for rows that give no dates of their own.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="title_lists"
    )
    scheme = models.CharField(_("称号"), max_length=40)
    valid_from = models.DateField(_("有效期自"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    batch_name = models.CharField(_("批次"), max_length=100, blank=True)
    source = models.CharField(_("依据"), max_length=300)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    file_name = models.CharField(_("文件"), max_length=255)
    state = models.CharField(_("状态"), max_length=12, choices=ListState.choices)
    message = models.CharField(max_length=300, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    touched_at = models.DateTimeField(null=True, blank=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "registry"
        verbose_name = verbose_name_plural = _("认定名单")
        ordering = ["-uploaded_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="list_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class ListedName(models.Model):
    """One name of a list.

    ``candidates``: [{"firm": id, "score": 0–100, "reasons": [[msgid, values], …]}, …],
    best first. ``choice``: what a person decided; without one nothing is recorded.
    ``entered``: the firm was entered with this list.
    """

    titles = models.ForeignKey(TitleList, models.CASCADE, related_name="names")
    row = models.PositiveIntegerField(_("行"))
    name = models.CharField(_("名称"), max_length=200)
    place = models.CharField(_("地区"), max_length=100, blank=True)
    division = models.CharField(max_length=6, blank=True)
    uscc = models.CharField(max_length=18, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    found = models.CharField(max_length=12, choices=ListedFound.choices)
    candidates = models.JSONField(default=list)
    choice = models.CharField(max_length=8, choices=SameFirm.choices, blank=True)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    done = models.BooleanField(default=False)
    entered = models.BooleanField(default=False)
    title = models.ForeignKey(
        HeldTitle, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        app_label = "registry"
        ordering = ["row", "id"]
        indexes = [models.Index(fields=["titles", "found", "choice"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(choice=SameFirm.SAME, enterprise__isnull=False)
                | ~Q(choice=SameFirm.SAME),
                name="listed_name_is_a_firm",
            )
        ]

    def __str__(self) -> str:
        return self.name
