"""What keeps a firm from applying: a bar, or a lost right to re-verification."""

from __future__ import annotations

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from tidu.accounts.verdicts import Verdict, no, yes
from tidu.casework.guards import START_CHECKS
from tidu.casework.models import Round
from tidu.casework.title_models import Bar, LostRight
from tidu.registry.models import Enterprise
from tidu.rules.rulesets import Kind


def bars_on(on: datetime.date) -> models.QuerySet[Bar]:
    """Bars that hold on a day."""
    return Bar.objects.filter(
        Q(until=None) | Q(until__gte=on), begins_on__lte=on, lifted_on=None
    )


def is_not_barred(opened: Round, enterprise: Enterprise, on: datetime.date) -> Verdict:
    """No bar for the scheme of the round holds on the day."""
    found = bars_on(on).filter(enterprise=enterprise, scheme=opened.scheme)
    bar = found.order_by(models.F("until").desc(nulls_first=True)).first()
    if bar is None:
        return yes()
    values = {"since": f"{bar.begins_on:%Y-%m-%d}", "reason": bar.reason}
    if bar.until is None:
        text = _("企业自 {since} 起不能申报，何时解除由主管部门另定。原因：{reason}")
        return no(text.format(**values))
    text = _("企业在 {until} 以前不能申报（自 {since} 起）。原因：{reason}")
    return no(text.format(until=f"{bar.until:%Y-%m-%d}", **values))


def may_be_verified_again(
    opened: Round, enterprise: Enterprise, on: datetime.date
) -> Verdict:
    """The right to re-verification was not lost; other rounds do not ask for it."""
    if opened.kind != Kind.REVERIFICATION:
        return yes()
    lost = LostRight.objects.filter(
        title__enterprise=enterprise,
        title__scheme=opened.scheme,
        restored_on=None,
        since__lte=on,
    ).first()
    if lost is None:
        return yes()
    text = _("企业自 {since} 起失去复核资格（{clause}）：{reason}。可以请主管部门恢复")
    return no(
        text.format(
            since=f"{lost.since:%Y-%m-%d}", clause=lost.clause, reason=lost.reason
        )
    )


def listen() -> None:
    """Whoever starts, submits or is to be certified is asked."""
    for check in (is_not_barred, may_be_verified_again):
        if check not in START_CHECKS:
            START_CHECKS.append(check)
