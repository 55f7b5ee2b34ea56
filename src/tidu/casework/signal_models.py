"""Tables of signals: each run over a round, what it found, what people made of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tidu.accounts.models import Organisation
from tidu.casework.enums import KnownAs, LookOutcome
from tidu.casework.integrity.kinds import SignalKind
from tidu.casework.models import Case, Round
from tidu.casework.wording import speaks_english

_KIND = 24  # characters of a kind
_KINDS = [(each.value, each.label()) for each in SignalKind]


class Screening(models.Model):
    """One run over a round. ``read``: the cases that were compared with each other;
    ``limits``: version of the thresholds; ``digest``: of all that was found, so that a
    run that finds the same is told by it. Only the newest run's signals are kept.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="screenings")
    ran_at = models.DateTimeField(_("核查时间"))
    made_by = models.CharField(_("发起人"), max_length=150)
    organisation_name = models.CharField(_("单位"), max_length=200, blank=True)
    read = models.PositiveIntegerField(_("读了多少份"))
    flagged = models.PositiveIntegerField(_("有线索的"))
    limits = models.CharField(_("限值版本"), max_length=16)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("诚信核查")
        ordering = ["-ran_at", "-id"]
        indexes = [models.Index(fields=["round", "-ran_at"], name="screening_by_round")]

    def __str__(self) -> str:
        return f"{self.round} {self.ran_at:%Y-%m-%d %H:%M}"


class FlaggedCase(models.Model):
    """A case with a signal; ``rank``: its place in the order of reading, from 1."""

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="cases")
    case = models.ForeignKey(Case, models.CASCADE, related_name="flagged")
    rank = models.PositiveIntegerField()
    strength = models.FloatField()

    class Meta:
        verbose_name = verbose_name_plural = _("有线索的案卷")
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "case"], name="flagged_once_in_a_run"
            )
        ]
        indexes = [models.Index(fields=["screening", "rank"], name="flagged_by_rank")]

    def __str__(self) -> str:
        return f"{self.rank} {self.case_id}"


class CaseSignal(models.Model):
    """Something in a case that a person should look at; it decides nothing.

    ``said``: ``seen``, ``may_be`` and ``check``, each ``{"zh", "en"}``; ``evidence``:
    ``[{"case": number, "where": "figures/revenue@2025", "shown"}]`` with telephones
    masked; ``related``: ids of cases. ``tie_key`` names the thing in common and is
    never shown; ``tie_label`` says it, masked. ``digest``: of kind and evidence.
    """

    screening = models.ForeignKey(Screening, models.CASCADE, related_name="signals")
    case = models.ForeignKey(Case, models.CASCADE, related_name="signals")
    kind = models.CharField(_("种类"), max_length=_KIND, choices=_KINDS)
    strength = models.FloatField(_("轻重"))
    said = models.JSONField()
    evidence = models.JSONField(default=list)
    related = models.JSONField(default=list)
    tie_key = models.CharField(max_length=300, blank=True)
    tie_label = models.JSONField(default=dict)
    digest = models.CharField(max_length=16)

    class Meta:
        verbose_name = verbose_name_plural = _("诚信线索")
        ordering = ["-strength", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "case", "kind", "tie_key"], name="signal_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    @property
    def label(self) -> str:
        """The kind in the reader's language."""
        return SignalKind(self.kind).label(english=speaks_english())

    @property
    def seen(self) -> str:
        return _said(self.said["seen"])

    @property
    def may_be(self) -> str:
        return _said(self.said["may_be"])

    @property
    def ask(self) -> str:
        return _said(self.said["check"])

    @property
    def tie(self) -> str:
        """The thing in common, as it may be shown; empty without one."""
        return _said(self.tie_label) if self.tie_label else ""


class Look(models.Model):
    """What a person found who looked into one kind of signal of a case; kept for good.

    ``seen``: the sentence they had before them; ``digest``: of the signal then.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="looks")
    kind = models.CharField(max_length=_KIND, choices=_KINDS)
    digest = models.CharField(max_length=16)
    seen = models.TextField()
    outcome = models.CharField(
        _("看的结果"), max_length=10, choices=LookOutcome.choices
    )
    note = models.CharField(_("说明"), max_length=500)
    made_by = models.CharField(_("经手人"), max_length=150)
    organisation_name = models.CharField(_("单位"), max_length=200, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("看线索的记录")
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["case", "kind", "digest"], name="look_at")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.outcome}"


class KnownTie(models.Model):
    """A thing in common that a person found to have a good reason: asked no more.

    Counts in the rounds of the authority that said so, until it is taken back.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="known_ties"
    )
    key = models.CharField(max_length=300)
    label = models.JSONField()
    known_as = models.CharField(_("是什么"), max_length=12, choices=KnownAs.choices)
    note = models.CharField(_("说明"), max_length=500)
    made_by = models.CharField(_("经手人"), max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = _("已登记的正常原因")
        ordering = ["-made_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "key"], name="known_once_at_an_office"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_known_as_display()} {self.label.get('zh', '')}"

    @property
    def shown(self) -> str:
        """What it is about, masked."""
        return _said(self.label)


def _said(texts: dict[str, Any]) -> str:
    return str(texts["en" if speaks_english() else "zh"])
