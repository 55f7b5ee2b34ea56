"""Tables of imports: one uploaded file on its way into the registry, and undone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.registry.enums import FilingSource, ImportState, SameFirm
from tidu.registry.models import Blob, Enterprise


class ImportBatch(models.Model):
    """One file: uploaded, checked without writing, committed as a job, undone whole.

    ``columns``: the column map used (as ``tidu.intake`` reads it), null for none.
    ``done``: rows behind the last commit point; a run that died goes on from there.
    ``worker``: the mark of the run that has the job, ``touched_at``: when it last said
    that it is alive; another run may take the job over when it has been silent.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="imports"
    )
    source = models.CharField(max_length=16, choices=FilingSource.choices)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    file_name = models.CharField(_("文件"), max_length=255)
    on = models.DateField(_("按哪一天算上年度"))
    territory = models.CharField(_("缺省区划"), max_length=6)
    columns = models.JSONField(null=True, blank=True)
    state = models.CharField(
        _("状态"), max_length=12, choices=ImportState.choices, db_index=True
    )
    rows = models.PositiveIntegerField(_("行数"), default=0)
    readable = models.PositiveIntegerField(_("可导入"), default=0)
    errors = models.PositiveIntegerField(_("错误"), default=0)
    warnings = models.PositiveIntegerField(_("提醒"), default=0)
    new = models.PositiveIntegerField(_("新企业"), default=0)
    known = models.PositiveIntegerField(_("已在库"), default=0)
    done = models.PositiveIntegerField(_("已处理"), default=0)
    summary = models.JSONField(default=dict, blank=True)
    message = models.TextField(_("说明"), blank=True)
    worker = models.CharField(max_length=36, blank=True)
    touched_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    committed_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    report = models.ForeignKey(
        Blob, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        app_label = "registry"
        verbose_name = verbose_name_plural = _("导入")
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.uploaded_at:%Y-%m-%d %H:%M}）"

    @property
    def share_done(self) -> float:
        """How much of the running job is done, 0 to 1."""
        return self.done / self.rows if self.rows else 0.0


class ImportDecision(models.Model):
    """A row whose name the registry knows but whose code it does not: a person decides.

    ``line``: of the prepared file; ``candidate``: who it may be. Rows that nobody has
    decided on are left out of the import.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="decisions")
    line = models.PositiveIntegerField()
    row = models.PositiveIntegerField(_("行"))
    name = models.CharField(_("企业名称"), max_length=200)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    candidate = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    choice = models.CharField(
        _("决定"), max_length=8, choices=SameFirm.choices, blank=True
    )
    decided_by = models.CharField(max_length=150, blank=True)

    class Meta:
        app_label = "registry"
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "line"], name="one_decision_on_a_row"
            )
        ]

    def __str__(self) -> str:
        return f"{self.row} {self.name}"


class RememberedColumns(models.Model):
    """How an organisation mapped a header once, to be offered again."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    header_digest = models.CharField(max_length=64)
    columns = models.JSONField()
    used_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "registry"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "header_digest"], name="columns_once_a_header"
            )
        ]

    def __str__(self) -> str:
        return self.header_digest[:12]
