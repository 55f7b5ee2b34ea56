"""Tables of the registry: an enterprise, what was filed of it, what is in force."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import TERRITORY, Organisation
from tidu.registry.enums import FilingSource, IdentityKind


class Enterprise(models.Model):
    """One enterprise, the same through every change of name, code and place.

    ``uscc`` is null where only a legacy code or none is known. ``merged_into``: a
    duplicate points to the enterprise it was; its filings were moved there.
    ``entered_with``: the import that entered it; undoing that import closes it where
    nothing else has been recorded of it since.
    """

    name = models.CharField(_("企业名称"), max_length=200)
    uscc = models.CharField(
        _("统一社会信用代码"), max_length=18, unique=True, null=True, blank=True
    )
    territory = models.CharField(
        _("区划"), max_length=6, validators=[TERRITORY], db_index=True
    )
    industry = models.CharField(_("行业代码"), max_length=5, blank=True, db_index=True)
    organisation = models.OneToOneField(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprise",
        verbose_name=_("企业账户"),
    )
    created_at = models.DateTimeField(_("入库时间"), auto_now_add=True)
    closed_at = models.DateTimeField(_("出库时间"), null=True, blank=True)
    closed_reason = models.CharField(_("出库原因"), max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    entered_with = models.ForeignKey(
        "registry.ImportBatch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="entered",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("企业")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["territory", "name"]),
            models.Index(fields=["name"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_reason="")
                | (Q(closed_at__isnull=False) & ~Q(closed_reason="")),
                name="enterprise_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")),
                name="enterprise_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormerIdentity(models.Model):
    """A name, code or territory that an enterprise had, until when, and how known."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="former")
    kind = models.CharField(max_length=10, choices=IdentityKind.choices)
    value = models.CharField(_("原值"), max_length=200, db_index=True)
    until = models.DateField(_("用至"), null=True, blank=True)
    source = models.CharField(_("依据"), max_length=300)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("曾用名称、代码和区划")
        ordering = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.value}"


class SearchTerms(models.Model):
    """What an enterprise can be found by, as terms for the full-text index."""

    enterprise = models.OneToOneField(
        Enterprise, models.CASCADE, primary_key=True, related_name="search_terms"
    )
    terms = models.TextField()

    def __str__(self) -> str:
        return self.terms


class Blob(models.Model):
    """The bytes of a file, kept once under their SHA-256, outside the web root."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]


class Evidence(models.Model):
    """A file that proves figures of one enterprise; the bytes are in a Blob."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="evidence")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="evidence")
    title = models.CharField(_("名称"), max_length=200)
    year = models.PositiveSmallIntegerField(_("年度"), null=True, blank=True)
    keys = models.JSONField(_("证明的数据"), default=list, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("佐证材料")
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.title


class Filing(models.Model):
    """Figures of one enterprise that somebody filed at one time; never changed.

    ``entries``: flat key → ``{"value": …, "place": where it stands, "evidence": id}``;
    values as ``registry.fact_values`` writes them, in base units. A null value says
    that a figure filed before is withdrawn. ``withdrawn_at``: the import it came with
    was undone.
    """

    PERSONAL = {"filed_by_id": ("filed_by",)}  # accounts.personal

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="filings")
    source = models.CharField(_("来源"), max_length=16, choices=FilingSource.choices)
    entries = models.JSONField(_("数据"))
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    batch = models.ForeignKey(
        "registry.ImportBatch",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="filings",
    )
    filed_by_id = models.BigIntegerField(null=True)
    filed_by = models.CharField(_("填报人"), max_length=150)
    organisation_name = models.CharField(_("填报单位"), max_length=200, blank=True)
    filed_at = models.DateTimeField(_("填报时间"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("填报")
        ordering = ["-filed_at", "-id"]
        indexes = [models.Index(fields=["batch", "id"])]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.filed_at:%Y-%m-%d}"


class CurrentFacts(models.Model):
    """What is in force of an enterprise, worked out from all its filings.

    ``entries``: flat key → ``{"value", "filing": id, "conflict": true where another
    source says otherwise}``; ``conflicts`` counts those. Only ``registry`` writes it.
    """

    enterprise = models.OneToOneField(
        Enterprise, models.CASCADE, primary_key=True, related_name="current"
    )
    entries = models.JSONField(default=dict)
    conflicts = models.PositiveSmallIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = _("现行数据")
        # Not partial: SQLite does not see that a bound parameter meets a condition.
        indexes = [
            models.Index(fields=["conflicts"], name="facts_by_conflicts"),
            models.Index(fields=["updated_at", "enterprise"], name="facts_by_update"),
        ]

    def __str__(self) -> str:
        return str(self.enterprise_id)


class HeldTitle(models.Model):
    """A title that an enterprise holds or held, as an official list says."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="titles")
    scheme = models.CharField(_("称号"), max_length=40, db_index=True)
    valid_from = models.DateField(_("有效期自"))
    valid_until = models.DateField(_("有效期至"), null=True, blank=True, db_index=True)
    batch_name = models.CharField(_("批次"), max_length=100, blank=True)
    source = models.CharField(_("依据"), max_length=300)
    recorded_at = models.DateTimeField(auto_now_add=True)
    revoked_on = models.DateField(_("撤销日期"), null=True, blank=True)
    revoked_reason = models.CharField(_("撤销原因"), max_length=300, blank=True)
    import_batch = models.ForeignKey(
        "registry.ImportBatch", models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("称号")
        ordering = ["-valid_from", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "scheme", "valid_from"],
                name="title_once_from_a_day",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="title_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None, revoked_reason="")
                | (Q(revoked_on__isnull=False) & ~Q(revoked_reason="")),
                name="title_revoked_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.valid_from}"


class Segment(models.Model):
    """A filtered view of the registry that an officer keeps and can hand on."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="segments"
    )
    name = models.CharField(_("名称"), max_length=60)
    query = models.CharField(_("筛选条件"), max_length=2000)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("常用筛选")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], name="segment_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
