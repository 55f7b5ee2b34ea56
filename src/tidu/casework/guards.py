"""May this happen to a case now? Looks at the state of things, never at who asks."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.utils.translation import gettext as _

from tidu.accounts.actors import scope_of
from tidu.accounts.verdicts import Verdict, no, yes
from tidu.casework.case_clocks import last_day_of_appeal
from tidu.casework.models import Case, Round
from tidu.casework.queries import (
    Readiness,
    clauses_of,
    outcome_of,
    standing_of,
    today,
)
from tidu.casework.wording import say_text
from tidu.registry.guards import enterprise_is_open
from tidu.registry.models import Enterprise
from tidu.rules.case_table import CERTIFIED, DRAFT, RECOMMENDED, RETURNED
from tidu.rules.outcomes import MANUAL, UNMET
from tidu.rules.procedures import Step, StepKind


def round_takes_applications(opened: Round, on: datetime.date) -> Verdict:
    """Between its two days, and not closed."""
    if opened.closed_at or on > opened.closes_on:
        day = f"{opened.closes_on:%Y-%m-%d}"
        return no(_("这一批次的申报已于 {day} 截止").format(day=day))
    if on < opened.opens_on:
        day = f"{opened.opens_on:%Y-%m-%d}"
        return no(_("这一批次从 {day} 开始申报").format(day=day))
    return yes()


def may_start(opened: Round, enterprise: Enterprise, on: datetime.date) -> Verdict:
    """An open enterprise of the round's territory, while applications are taken."""
    if not (verdict := enterprise_is_open(enterprise)):
        return verdict
    if not enterprise.territory.startswith(scope_of(opened.organisation.territory)):
        return no(_("企业不在这一批次的区划内"))
    if not (verdict := is_not_excluded(opened, enterprise, on)):
        return verdict
    return round_takes_applications(opened, on)


def is_not_excluded(
    opened: Round, enterprise: Enterprise, on: datetime.date
) -> Verdict:
    """Neither barred nor without the right that the round's kind asks for."""
    for check in START_CHECKS:
        if not (verdict := check(opened, enterprise, on)):
            return verdict
    return yes()


def may_be_submitted(found: Readiness) -> Verdict:
    """Nothing is missing that the applicant can say."""
    if found.facts:
        text = _("还缺 {count} 项数据，补齐后才能提交")
        return no(text.format(count=len(found.facts)))
    if found.clauses:
        text = _("还有 {count} 条需要文字说明，写好后才能提交")
        return no(text.format(count=len(found.clauses)))
    if found.papers:
        text = _("还缺必交的材料：{papers}。放进案卷后才能提交")
        return no(text.format(papers="、".join(found.papers)))
    if found.contact:
        return no(_("请填写联系人和电话"))
    return yes()


def may_be_passed(case: Case) -> Verdict:
    """Not against a criterion that is not met."""
    standing = standing_of(case)
    if outcome_of(case, standing) is not UNMET:
        return yes()
    failing = [
        say_text(each.finding.about.label)
        for each in clauses_of(case, standing)
        if each.outcome is UNMET and not each.finding.part_of
    ]
    text = _("有条件不符合：{criteria}。请退回补正，或写明理由不予通过")
    return no(text.format(criteria="、".join(failing)))


def may_be_approved(case: Case) -> Verdict:
    """Every criterion is met, those that people judge included, and there is room."""
    standing = standing_of(case)
    if not (verdict := may_be_passed(case)):
        return verdict
    open_ones = [
        say_text(each.finding.about.label)
        for each in clauses_of(case, standing)
        if each.outcome is MANUAL and not each.finding.part_of
    ]
    if open_ones:
        text = _("还有条款没有给出结论：{criteria}")
        return no(text.format(criteria="、".join(open_ones)))
    if not (verdict := is_not_excluded(case.round, case.enterprise, today())):
        return verdict
    outcome = outcome_of(case, standing)
    if outcome.value not in {"met", "not_applicable"}:
        return no(_("还有条件缺少数据，不能作出决定；请退回补正"))
    return room_in_round(case.round)


def room_in_round(opened: Round) -> Verdict:
    """The round's number of places is not used up."""
    if opened.capacity is None:
        return yes()
    used = opened.cases.filter(state__in=(RECOMMENDED, CERTIFIED)).count()
    if used < opened.capacity:
        return yes()
    return no(_("这一批次的 {count} 个名额已用完").format(count=opened.capacity))


def may_be_edited(case: Case) -> Verdict:
    """A draft, or a case that was returned."""
    if case.state in {DRAFT, RETURNED}:
        return yes()
    return no(_("已提交的案卷不能改；主管部门退回后才能补正"))


def may_be_appealed(case: Case, on: datetime.date) -> Verdict:
    """Within the days the round gives; without a number it is always possible."""
    last = last_day_of_appeal(case)
    if last is None or on <= last:
        return yes()
    return no(_("申诉期限已于 {day} 届满").format(day=f"{last:%Y-%m-%d}"))


def may_be_migrated(case: Case, to: Round) -> Verdict:
    """Of the same scheme, to the same first step, before it has got any further."""
    if to.scheme != case.round.scheme or to.kind != case.round.kind:
        return no(_("只能转入同一称号、同一程序的批次"))
    first = to.step_list[0].id
    if case.state in {DRAFT, RETURNED} or case.state == first:
        return yes()
    return no(_("案卷已往后办理，不能再转入另一批次"))


def step_is_done(case: Case, step: Step) -> Verdict:
    """What the step's kind asks for before a case may leave it."""
    for check in STEP_CHECKS.get(step.kind, ()):
        if not (verdict := check(case)):
            return verdict
    return yes()


STEP_CHECKS: dict[StepKind, list[Callable[[Case], Verdict]]] = {}
"""By kind of step: what else has to be done in it; the modules that own it add it."""


def add_step_check(kind: StepKind, check: Callable[[Case], Verdict]) -> None:
    """Ask this, too, before a case leaves a step of the kind; once is enough."""
    checks = STEP_CHECKS.setdefault(kind, [])
    if check not in checks:
        checks.append(check)


START_CHECKS: list[Callable[[Round, Enterprise, datetime.date], Verdict]] = []
"""What keeps an enterprise from applying at all; the modules that own it add it."""
