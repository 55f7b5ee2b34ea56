"""A round of the fictional 示范省 in expert review and site inspection.

Made by the actions, on firms of the demonstration; everything in it is fictional.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from tidu.accounts.actors import Actor, actor_for
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation, User
from tidu.accounts.queries import authority_over
from tidu.casework.actions import fill_in, start_case, state_clause, submit_case
from tidu.casework.deciding import judge, pass_case
from tidu.casework.enums import Judged
from tidu.casework.experts import About, TieGiven, add_tie, add_to_pool, pool_of
from tidu.casework.guards import may_be_passed
from tidu.casework.inspecting import (
    announce_inspections,
    answer_item,
    hold_inspections,
)
from tidu.casework.models import Case, Round
from tidu.casework.queries import clauses_of, readiness_of
from tidu.casework.review_models import Expert, Review, TieChoice
from tidu.casework.review_planning import (
    PlanGiven,
    announce_draw,
    hold_draw,
    own_items,
    set_plan,
)
from tidu.casework.reviewing import Written, items_of, save_review, submit_review
from tidu.casework.rounds import Terms, open_round
from tidu.casework.sheets import manual_clauses
from tidu.cli.demonstration_figures import file_complete
from tidu.registry.models import Enterprise
from tidu.rules.outcomes import MANUAL
from tidu.rules.rulesets import Kind

PROVINCE, CITY = "990000", "990100"
CASES, LATER, ON_SITE, REVIEWED = 16, 6, 3, 5
APART = 2 * REVIEWED - 1  # the last sheet that is submitted, far from its pair
_PEOPLE = (
    ("expert", "评审专家（虚构）", "虚构理工大学", ("34", "35", "38")),
    ("expert2", "专家乙（虚构）", "虚构机械研究院", ("34", "33", "36")),
    ("expert3", "专家丙（虚构）", "虚构会计师事务所", ("26", "39", "65")),
    ("expert4", "专家丁（虚构）", "虚构材料研究所", ("26", "30", "31")),
    ("expert5", "专家戊（虚构）", "虚构行业协会", ("38", "39", "40")),
)
_NARRATIVE = (
    "（虚构）{name}成立以来只做精密主轴一类产品，给本地整机厂配套。近三年研发投入占"
    "收入近一成，主要产品的寿命试验达到 8000 小时。{brand}牌主轴已替代两种进口型号。"
)


def load_reviews(today: datetime.date, password: str) -> None:
    """Open a round, bring its cases to the review, let some of them be reviewed."""
    office = authority_over(PROVINCE)
    assert office is not None
    member = office.memberships.get(user__username="province")
    province = actor_for(member.user)
    experts = [_expert(office, *each, password, by=province) for each in _PEOPLE]
    _ties(experts, province)
    opened = _open(today, province)
    firms = _firms()
    cases = [_case(opened, firm, province) for firm in firms[:-LATER]]
    cases = [each for each in cases if each.state == "province_review"]
    reviews = _draw(opened, cases, today, province)
    done = {each.pk for each in cases[:REVIEWED]}
    for at, review in enumerate(reviews):
        if review.case_id in done:
            _submit(review, at)
        elif review.expert == experts[0]:
            save_review(
                review=review,
                written=Written({"sheet_market": Decimal(18)}, {}, {}),
                by=_acting(review.expert),
            )
    _inspect(opened, cases[:ON_SITE], province)
    later = (_case(opened, firm, province) for firm in firms[-LATER:])
    arrived = (each for each in later if each.state == "province_review")
    next(arrived, None)  # one that nobody was drawn for yet


def _expert(
    office: Organisation,
    username: str,
    name: str,
    employer: str,
    fields: Sequence[str],
    password: str,
    *,
    by: Actor,
) -> Expert:
    user = User.objects.create_user(username, password=password, name=name)
    Membership.objects.create(user=user, organisation=pool_of(office), role=Role.EXPERT)
    about = About(name, employer, "", fields, 12)
    return add_to_pool(user=user, about=about, by=by)


def _ties(experts: Sequence[Expert], by: Actor) -> None:
    firm = _firms()[0]
    given = TieGiven(
        TieChoice.SHAREHOLDING,
        firm.uscc or "",
        "虚构的股东名册",
        firm.name,
    )
    add_tie(of=experts[1], given=given, by=by, confirmed=True)
    right = TieGiven(TieChoice.IP, "ZL202310000000.1", "虚构的专利著录项", "虚构专利")
    add_tie(of=experts[2], given=right, by=by, confirmed=False)


def _open(today: datetime.date, by: Actor) -> Round:
    return open_round(
        scheme="srdi_sme",
        kind=Kind.NEW,
        terms=Terms(
            title=f"示范省{today.year}年专精特新中小企业认定第二批（虚构）",
            opens_on=today - datetime.timedelta(days=60),
            closes_on=today + datetime.timedelta(days=5),
            on=today,
            notice_days=5,
            appeal_days=15,
        ),
        by=by,
    )


def _firms() -> list[Enterprise]:
    """The last firms of a city, which have no account yet or got theirs here."""
    known = Enterprise.objects.filter(
        closed_at=None, merged_into=None, territory__startswith=CITY[:4]
    )
    return list(known.select_related("organisation").order_by("-pk")[:CASES])


def _case(opened: Round, firm: Enterprise, province: Actor) -> Case:
    by = _applicant(firm)
    file_complete(firm, by, opened.on)
    case = start_case(opened=opened, enterprise=firm, by=by)
    fill_in(
        case=case,
        by=by,
        contact_name="会计（虚构）",
        contact_phone="000-00000000",
        narrative=_NARRATIVE.format(name=firm.name, brand=firm.name[2:4]),
    )
    for each in readiness_of(case).clauses:
        text = f"（虚构）{firm.name}在本省同类产品中排第三，有第三方报告。"
        state_clause(case=case, criterion=each.id, text=text, by=by)
    submit_case(case=case, by=by, seen=case.counter)
    while case.state != "province_review" and may_be_passed(case):
        pass_case(case=case, by=_turn(case, province), seen=case.counter)
    return case


def _applicant(firm: Enterprise) -> Actor:
    if firm.organisation is None:
        firm.organisation = Organisation.objects.create(
            name=firm.name,
            kind=OrganisationKind.ENTERPRISE,
            territory=firm.territory,
        )
        firm.save(update_fields=["organisation"])
    member = firm.organisation.memberships.first()
    if member is None:
        user = User.objects.create_user(f"applicant{firm.pk}", name="会计（虚构）")
        member = Membership.objects.create(
            user=user, organisation=firm.organisation, role=Role.OWNER
        )
    return actor_for(member.user)


def _turn(case: Case, province: Actor) -> Actor:
    """Somebody of the office whose turn it is."""
    office = case.office
    assert office is not None
    if office == province.organisation:
        return province
    member = office.memberships.exclude(role=Role.OBSERVER).first()
    if member is None:
        username = f"office{office.territory}"
        user = User.objects.create_user(username, name="经办（虚构）")
        member = Membership.objects.create(
            user=user, organisation=office, role=Role.OFFICER
        )
    return actor_for(member.user)


def _draw(
    opened: Round, cases: Sequence[Case], today: datetime.date, by: Actor
) -> list[Review]:
    step = cases[0].current_step
    assert step is not None
    due = today + datetime.timedelta(days=9)
    plan = set_plan(opened=opened, step=step, given=PlanGiven(own_items(), due), by=by)
    draw = announce_draw(plan=plan, by=by)
    return hold_draw(draw=draw, by=by, public="03 11 19 24 30 31")


def _submit(review: Review, at: int) -> None:
    plan = review.draw.plan
    points = Decimal(12 if at == APART else 18 + at % 3)
    written = Written(
        {each.id: points for each in items_of(plan)},
        {e.finding.id: "met" for e in manual_clauses(clauses_of(review.case))},
        {each.id: "（虚构）材料里没有写明依据。" for each in items_of(plan)},
        "（虚构）产品方向明确，第三方报告齐全。",
    )
    submit_review(review=review, written=written, by=_acting(review.expert))


def _acting(expert: Expert) -> Actor:
    member = Membership.objects.get(user=expert.user, organisation=expert.pool)
    return actor_for(expert.user, member.pk)


def _inspect(opened: Round, cases: Sequence[Case], by: Actor) -> None:
    for case in cases:
        for clause in clauses_of(case):
            if clause.outcome is MANUAL:
                judge(
                    case=case,
                    criterion=clause.finding.id,
                    outcome=Judged.MET,
                    reason="看过第三方报告和合同（虚构）",
                    by=by,
                )
        pass_case(case=case, by=by, seen=case.counter)
    step = cases[0].current_step
    assert step is not None
    rule = {"count": 1}
    draw = announce_inspections(opened=opened, step=step, rule=rule, by=by)
    for inspection in hold_inspections(draw=draw, by=by, public="03 11 19 24 30 31"):
        for item in inspection.items[:2]:
            answer_item(
                inspection=inspection, item=item["id"], found="yes", note="", by=by
            )
