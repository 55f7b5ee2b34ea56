"""What keeps a firm from applying: a bar, or a lost right to re-verification."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from tidu.accounts.verdicts import Verdict, no, yes
from tidu.casework.guards import START_CHECKS
from tidu.casework.models import Round
from tidu.casework.title_models import Bar, LostRight
from tidu.registry.models import Enterprise, HeldTitle
from tidu.rules.rulesets import Kind


def bars_on(on: datetime.date) -> models.QuerySet[Bar]:
    """Bars that hold on a day."""
    return Bar.objects.filter(
        Q(until=None) | Q(until__gte=on), begins_on__lte=on, lifted_on=None
    )


def is_not_barred(opened: Round, enterprise: Enterprise, on: datetime.date) -> Verdict:
    """No bar for the scheme of the round holds on the day."""
    found = _bars_of(enterprise, on).filter(scheme=opened.scheme).first()
    return _barred(found) if found else yes()


def may_be_verified_again(
    opened: Round, enterprise: Enterprise, on: datetime.date
) -> Verdict:
    """It holds or held the title and did not lose the right to re-verification.

    Rounds of other kinds do not ask for it.
    """
    if opened.kind != Kind.REVERIFICATION:
        return yes()
    if opened.scheme not in _schemes_held_by(enterprise):
        return _never_held()
    found = _lost_by(enterprise, on).filter(title__scheme=opened.scheme).first()
    return _lost(found) if found else yes()


def exclusions_of(
    enterprise: Enterprise, rounds: Collection[Round], on: datetime.date
) -> dict[int, Verdict]:
    """Why an enterprise may not apply in rounds, by the round's number.

    As ``may_be_verified_again`` and ``is_not_barred``, in three queries for all rounds.
    """
    if not rounds:
        return {}
    bars: dict[str, Bar] = {}
    for bar in _bars_of(enterprise, on):
        bars.setdefault(bar.scheme, bar)
    lost: dict[str, LostRight] = {}
    for each in _lost_by(enterprise, on).select_related("title"):
        lost.setdefault(each.title.scheme, each)
    held = _schemes_held_by(enterprise)
    found = {}
    for opened in rounds:
        again = opened.kind == Kind.REVERIFICATION
        if opened.scheme in bars:
            found[opened.pk] = _barred(bars[opened.scheme])
        elif again and opened.scheme not in held:
            found[opened.pk] = _never_held()
        elif again and opened.scheme in lost:
            found[opened.pk] = _lost(lost[opened.scheme])
    return found


def listen() -> None:
    """Whoever starts, submits or is to be certified is asked."""
    for check in (is_not_barred, may_be_verified_again):
        if check not in START_CHECKS:
            START_CHECKS.append(check)


def _bars_of(enterprise: Enterprise, on: datetime.date) -> models.QuerySet[Bar]:
    """Bars of an enterprise that hold on a day, the one that lasts longest on top."""
    found = bars_on(on).filter(enterprise=enterprise)
    return found.order_by(models.F("until").desc(nulls_first=True), "pk")


def _lost_by(enterprise: Enterprise, on: datetime.date) -> models.QuerySet[LostRight]:
    return LostRight.objects.filter(
        title__enterprise=enterprise, restored_on=None, since__lte=on
    )


def _schemes_held_by(enterprise: Enterprise) -> set[str]:
    """Schemes of titles that were not revoked, those that have ended included."""
    titles = HeldTitle.objects.filter(enterprise=enterprise, revoked_on=None)
    return set(titles.values_list("scheme", flat=True))


def _never_held() -> Verdict:
    text = _("企业库里没有这家企业的这个称号，不能复核；已有称号的，请主管部门先登记")
    return no(text)


def _barred(bar: Bar) -> Verdict:
    """The bar in one sentence: since when, until when, why, under which clause."""
    values = {
        "since": f"{bar.begins_on:%Y-%m-%d}",
        "reason": bar.reason,
        "clause": bar.clause or _("没有写明条款"),
    }
    if bar.until is None:
        text = _(
            "企业自 {since} 起不能申报，何时解除由主管部门另定。"
            "原因：{reason}（{clause}）"
        )
        return no(text.format(**values))
    text = _("企业在 {until} 以前不能申报（自 {since} 起）。原因：{reason}（{clause}）")
    return no(text.format(until=f"{bar.until:%Y-%m-%d}", **values))


def _lost(right: LostRight) -> Verdict:
    text = _("企业自 {since} 起失去复核资格（{clause}）：{reason}。可以请主管部门恢复")
    since = f"{right.since:%Y-%m-%d}"
    return no(text.format(since=since, clause=right.clause, reason=right.reason))
