"""Offices, a firm whose figures meet a standard, and rounds for it: all fictional."""

from __future__ import annotations

import datetime

from django.utils import timezone

from tests.factories import EnterpriseFactory, OfficeFactory, acting, member, owner_of
from tidu.accounts.actors import Actor
from tidu.accounts.enums import Role
from tidu.accounts.models import Organisation
from tidu.accounts.queries import authority_over
from tidu.casework.actions import fill_in, start_case, state_clause, submit_case
from tidu.casework.deciding import judge
from tidu.casework.enums import Judged
from tidu.casework.models import Case, Round
from tidu.casework.queries import clauses_of, readiness_of
from tidu.casework.review_models import StepElsewhere
from tidu.casework.rounds import Terms, open_round
from tidu.cli.demonstration_papers import attach_papers
from tidu.registry.models import Enterprise, HeldTitle
from tidu.rules.outcomes import MANUAL
from tidu.rules.procedures import StepKind
from tidu.rules.rulesets import Kind

ELSEWHERE = {StepKind.EXPERT_REVIEW, StepKind.SITE_INSPECTION}
ON = datetime.date(2026, 6, 1)
CONDUCT = {
    "abnormal_list": False,
    "serious_dishonesty": False,
    "major_accident": False,
    "falsification": False,
    "prohibited_product": False,
}
FIGURES = {
    "revenue@2025": "80000000.00",
    "revenue@2024": "70000000.00",
    "revenue@2023": "60000000.00",
    "main_revenue@2025": "76000000.00",
    "total_assets@2025": "90000000.00",
    "total_liabilities@2025": "40000000.00",
    "rnd_expense@2025": "7500000.00",
    "rnd_expense@2024": "6600000.00",
    "new_equity@2025": "0.00",
    "new_equity@2024": "0.00",
    "employees@2025": 180,
    "industry": "3484",
    "class1_ip": 6,
    "class1_ip_in_use": 5,
    "rnd_institution": "province",
    "science_award": "none",
    "niche_years": 8,
    "srdi_score@2026": "71",
}
SRDI = {**CONDUCT, **FIGURES, "holds_innovative_sme": True, "holds_tech_sme": False}
LITTLE_GIANT = {
    **SRDI,
    "holds_srdi": True,
    "holds_champion": False,
    "controls_or_controlled_by_little_giant": False,
    "group_has_similar_little_giant": False,
    "market_share": "0.18",
    "market_rank_domestic": 2,
    "key_field_lead_product": True,
    "key_link": True,
}
PLACES = {
    "county": "990101",
    "city": "990100",
    "province": "990000",
    "ministry": "000000",
}


def office(level: str) -> Organisation:
    """The office of a level, made once."""
    code = PLACES[level]
    found = Organisation.objects.filter(kind="authority", territory=code).first()
    return found or OfficeFactory(territory=code)


def desk(level: str, role: Role = Role.OFFICER) -> Actor:
    """An officer of a level."""
    return acting(member(office(level), role))


def call(
    level: str = "province",
    scheme: str = "srdi_sme",
    kind: Kind = Kind.NEW,
    on: datetime.date = ON,
    *,
    here: bool = False,
    **given: object,
) -> Round:
    """A round of an office that takes applications today.

    ``here``: experts review and inspectors inspect in Tidu; else the offices have said
    that they do so elsewhere, and a case passes these steps without it.
    """
    today = timezone.localdate()
    terms = Terms(
        title=f"示范{scheme}（虚构）",
        opens_on=today - datetime.timedelta(days=1),
        closes_on=today + datetime.timedelta(days=30),
        on=on,
        **given,
    )
    opened = open_round(scheme=scheme, kind=kind, terms=terms, by=desk(level))
    for step in opened.step_list:
        if step.kind in ELSEWHERE and not here:
            StepElsewhere.objects.create(
                round=opened,
                step=step.id,
                office=authority_over(PLACES[step.level]) or opened.organisation,
                reason="虚构：会上评审",
                said_by="虚构人员",
            )
    return opened


def firm(facts: dict[str, object] | None = None, **given: object):
    """A firm of the county with an account, and who acts for it."""
    given.setdefault("uscc", f"91990101MA{Enterprise.objects.count():08d}")
    enterprise = EnterpriseFactory(facts=facts or SRDI, **given)
    return enterprise, acting(owner_of(enterprise))


def fill(case: Case, by: Actor) -> None:
    """Add what only the applicant can say."""
    fill_in(
        case=case,
        by=by,
        contact_name="虚构会计",
        contact_phone="000-0000",
        narrative="虚构",
    )
    for each in readiness_of(case).clauses:
        state_clause(case=case, criterion=each.id, text="虚构的说明", by=by)
    attach_papers(case, by)


def held_once(enterprise: Enterprise, scheme: str) -> None:
    """A title that has ended, so that the firm may be verified again."""
    HeldTitle.objects.create(
        enterprise=enterprise,
        scheme=scheme,
        valid_from=datetime.date(2021, 1, 10),
        valid_until=datetime.date(2024, 1, 9),
        source="虚构名单",
    )


def submitted(
    opened: Round,
    facts: dict[str, object] | None = None,
    enterprise: Enterprise | None = None,
) -> tuple[Case, Actor]:
    """A case that was submitted, and who acts for its firm; a new one where none is
    given.
    """
    if enterprise is None:
        enterprise, by = firm(facts)
    else:
        by = acting(owner_of(enterprise))
    if opened.kind == Kind.REVERIFICATION:
        held_once(enterprise, opened.scheme)
    case = start_case(opened=opened, enterprise=enterprise, by=by)
    fill(case, by)
    submit_case(case=case, by=by, seen=case.counter)
    return case, by


def judge_all(case: Case, by: Actor) -> None:
    """Find every open clause met."""
    for clause in clauses_of(case):
        if clause.outcome is MANUAL:
            judge(
                case=case,
                criterion=clause.finding.id,
                outcome=Judged.MET,
                reason="虚构的核实结果",
                by=by,
            )
