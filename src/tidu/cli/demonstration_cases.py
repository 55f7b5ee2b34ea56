"""Rounds of the fictional 示范省 with cases in every state, made by the actions.

Everything in them is fictional. Firms are those of the demonstration; what they lack
is filed for them, marked as fictional.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.utils import timezone

from tidu.accounts.actors import Actor, actor_for
from tidu.accounts.enums import OrganisationKind, Role
from tidu.accounts.models import Membership, Organisation, User
from tidu.accounts.queries import authority_over
from tidu.casework.actions import (
    appeal,
    fill_in,
    start_case,
    state_clause,
    submit_case,
    withdraw_case,
)
from tidu.casework.clock_jobs import care_for_clocks
from tidu.casework.deciding import (
    Ground,
    judge,
    open_case,
    pass_case,
    refuse_case,
    return_case,
)
from tidu.casework.enums import Judged
from tidu.casework.guards import may_be_passed, step_is_done
from tidu.casework.models import Case, Round
from tidu.casework.queries import clauses_of, readiness_of
from tidu.casework.review_models import StepElsewhere
from tidu.casework.rounds import Terms, open_round
from tidu.cli import demonstration_signals as odd
from tidu.cli.demonstration_figures import file_complete
from tidu.cli.demonstration_papers import NEEDS, attach_papers
from tidu.registry.models import Enterprise
from tidu.rules.case_table import RECOMMENDED, REFUSED
from tidu.rules.outcomes import MANUAL
from tidu.rules.rulesets import Kind

PROVINCE, OWN_COUNTY = "990000", "990221"
SCHEMES = ("srdi_sme", "innovative_sme")
GIANT = "little_giant"
NAMES = {
    "srdi_sme": "专精特新中小企业",
    "innovative_sme": "创新型中小企业",
    GIANT: "专精特新“小巨人”企业",
}
CASES = 60
NONE: Mapping[str, Any] = MappingProxyType({})
_DAY = datetime.timedelta(days=1)
_NAMES = ("林", "陈", "周", "吴", "郑", "孙", "何", "许", "邓", "彭")


def load_cases(today: datetime.date) -> None:
    """Open two rounds of the province and bring cases to each state of them."""
    officers = _Officers()
    rounds = [_open(each, today, officers.of(PROVINCE)) for each in SCHEMES]
    firms = list(itertools.islice(_applicants(), CASES))
    for at, firm in enumerate(firms):
        opened = rounds[0 if at % 3 else 1]
        by = _applicant_of(firm, at)
        with transaction.atomic():
            if at == odd.TWICE:
                _apply_before(rounds[1], firm, by, at)
            _complete(firm, by, today, at)
            case = start_case(opened=opened, enterprise=firm, by=by)
            _bring(case, by, at, officers)
    rounds.append(_recommended(firms[1], today, officers))
    _spread_days(rounds)
    odd.read_round(rounds[0], officers.of(PROVINCE))
    care_for_clocks(timezone.now())


class _Officers:
    """One actor for each authority, as a fictional officer of it."""

    def __init__(self) -> None:
        self._known: dict[str, Actor] = {}

    def of(self, territory: str) -> Actor:
        if territory not in self._known:
            office = authority_over(territory)
            assert office is not None
            member = office.memberships.exclude(role=Role.OBSERVER).first()
            person = (
                member.user if member else _person(f"office{territory}", "经办（虚构）")
            )
            if member is None:
                Membership.objects.create(
                    user=person, organisation=office, role=Role.OFFICER
                )
            self._known[territory] = actor_for(person)
        return self._known[territory]


def _open(scheme: str, today: datetime.date, by: Actor) -> Round:
    return open_round(
        scheme=scheme,
        kind=Kind.NEW,
        terms=Terms(
            title=f"示范省{today.year}年{NAMES[scheme]}认定（虚构）",
            opens_on=today - 90 * _DAY,
            closes_on=today + 25 * _DAY,
            on=today,
            capacity=200 if scheme == "srdi_sme" else None,
            notice_days=5,
            appeal_days=15,
            limits={
                "county_check": {"days": 10, "kind": "working"},
                "city_check": {"days": 10, "kind": "working"},
                "province_check": {"days": 15, "kind": "working"},
            },
            papers=NEEDS,
        ),
        by=by,
    )


def _applicants() -> Iterator[Enterprise]:
    """The firm of ``owner`` first, then its county's, its city's, others."""
    rows = Enterprise.objects.filter(closed_at=None, merged_into=None)
    known = rows.select_related("current", "organisation").order_by("pk")
    yield from known.filter(organisation__memberships__user__username="owner")
    yield from known.filter(territory=OWN_COUNTY, organisation=None)[:20]
    yield from known.filter(territory__startswith="9902", organisation=None).exclude(
        territory=OWN_COUNTY
    )[:25]
    yield from known.filter(organisation=None).exclude(territory__startswith="9902")[
        :20
    ]


def _applicant_of(firm: Enterprise, at: int) -> Actor:
    """Somebody who acts for a firm; an account is made where it has none."""
    if firm.organisation is None:
        firm.organisation = Organisation.objects.create(
            name=firm.name,
            kind=OrganisationKind.ENTERPRISE,
            territory=firm.territory,
        )
        firm.save(update_fields=["organisation"])
        person = _person(f"firm{at:02d}", f"{_NAMES[at % len(_NAMES)]}会计（虚构）")
        Membership.objects.create(
            user=person, organisation=firm.organisation, role=Role.OWNER
        )
        return actor_for(person)
    member = firm.organisation.memberships.get()
    return actor_for(member.user)


def _person(username: str, name: str) -> User:
    return User.objects.create_user(username, password=None, name=name)


def _apply_before(opened: Round, firm: Enterprise, by: Actor, at: int) -> None:
    """An application in another round, with figures that are not those of later."""
    last = opened.on.year - 1
    lower = {f"revenue@{last}": "62340000.00", f"main_revenue@{last}": "60250000.00"}
    _complete(firm, by, opened.on, at, **lower)
    case = start_case(opened=opened, enterprise=firm, by=by)
    _say_everything(case, by, at)
    submit_case(case=case, by=by, seen=case.counter)


def _complete(
    firm: Enterprise, by: Actor, today: datetime.date, at: int, **other: Any
) -> None:
    """File what the firm lacks, so that its case can be judged."""
    last = today.year - 1
    more: dict[str, Any] = {
        **odd.figures_of(at, last),
        f"new_equity@{last - 2}": "0.00",
        **dict.fromkeys(("tax_violation", "national_tech_demo", "ip_advantage"), False),
        "strategic_emerging": True,
        "high_tech": True,
        "class1_ip_own": 4,
        "class1_ip_high_value": 2,
        "class2_ip": 10,
        **other,
    }
    file_complete(firm, by, today, more)


def _bring(case: Case, by: Actor, at: int, officers: _Officers) -> None:
    """Bring a draft to one of the states, by its place in the list."""
    if at % 20 == 19:  # noqa: PLR2004 - one in twenty stays a draft
        return
    _say_everything(case, by, at)
    submit_case(case=case, by=by, seen=case.counter)
    steps: list[Callable[[Case, Actor, _Officers], None]] = [
        *(_return, _wait, _look, _wait, _refuse, _to_city, _to_province, _appeal),
        *(_withdraw, _to_decision, _wait, _certify, _look, _to_city),
    ]
    steps[at % len(steps)](case, by, officers)


def _say_everything(case: Case, by: Actor, at: int) -> None:
    fill_in(
        case=case,
        by=by,
        contact_name=f"{_NAMES[at % len(_NAMES)]}会计（虚构）",
        contact_phone=f"000-0000{at:04d}",
        **odd.told_by(at, case.enterprise.name),
    )
    odd.add_papers(case, by, at, case.round.on)
    for each in readiness_of(case).clauses:
        text = "虚构的说明：附第三方报告，本地市场排名前列。"
        state_clause(case=case, criterion=each.id, text=text, by=by)
    attach_papers(case, by)


def _recommended(firm: Enterprise, today: datetime.date, officers: _Officers) -> Round:
    """A round on which the ministry decides: one case is recommended and waits."""
    opened = _open(GIANT, today, officers.of(PROVINCE))
    by = _applicant_of(firm, 1)
    more = {
        "holds_srdi": True,
        **dict.fromkeys(
            (
                "holds_champion",
                "controls_or_controlled_by_little_giant",
                "group_has_similar_little_giant",
            ),
            False,
        ),
        "market_share": "0.18",
        "market_rank_domestic": 2,
        "key_field_lead_product": True,
        "key_link": True,
    }
    with transaction.atomic():
        _complete(firm, by, today, 1, **more)
        case = start_case(opened=opened, enterprise=firm, by=by)
        _say_everything(case, by, 1)
        submit_case(case=case, by=by, seen=case.counter)
        StepElsewhere.objects.create(
            round=opened,
            step="province_inspection",
            office=opened.organisation,
            reason="虚构：由第三方核查",
            said_by="经办（虚构）",
        )
        for clause in clauses_of(case):
            if clause.outcome is MANUAL:
                _find_met(case, clause.finding.id, officers)
        while case.state != RECOMMENDED and _open_to(case):
            _pass(case, officers)
    return opened


def _wait(_case: Case, _by: Actor, _officers: _Officers) -> None:
    """Nobody has opened it yet."""


def _turn(case: Case, officers: _Officers) -> Actor:
    assert case.office is not None
    return officers.of(case.office.territory)


def _look(case: Case, _by: Actor, officers: _Officers) -> None:
    open_case(case=case, by=_turn(case, officers))


def _pass(case: Case, officers: _Officers) -> None:
    by = _turn(case, officers)
    open_case(case=case, by=by)
    pass_case(case=case, by=by, seen=case.counter)


def _return(case: Case, _by: Actor, officers: _Officers) -> None:
    return_case(
        case=case,
        by=_turn(case, officers),
        seen=case.counter,
        reason="研发费用和审计报告不一致，请核对后更正（虚构）",
        fields=[f"rnd_expense@{case.round.on.year - 1}"],
    )


def _refuse(case: Case, _by: Actor, officers: _Officers) -> None:
    first = next(c for c in clauses_of(case) if not c.finding.part_of)
    ground = Ground(first.finding.id, "核对原件后认为不符合（虚构）")
    by = _turn(case, officers)
    refuse_case(case=case, by=by, seen=case.counter, grounds=[ground])


def _appeal(case: Case, by: Actor, officers: _Officers) -> None:
    _refuse(case, by, officers)
    reason = "原件页码看错了，请再核对（虚构）"
    appeal(case=case, by=by, seen=case.counter, reason=reason)


def _withdraw(case: Case, by: Actor, _officers: _Officers) -> None:
    withdraw_case(case=case, by=by, seen=case.counter, reason="今年先不报了（虚构）")


def _to_city(case: Case, _by: Actor, officers: _Officers) -> None:
    if _open_to(case):
        _pass(case, officers)


def _to_province(case: Case, by: Actor, officers: _Officers) -> None:
    _to_city(case, by, officers)
    if _open_to(case):
        _pass(case, officers)


def _to_decision(case: Case, by: Actor, officers: _Officers) -> None:
    _to_province(case, by, officers)
    for clause in clauses_of(case):
        if clause.outcome is MANUAL and _open_to(case):
            _find_met(case, clause.finding.id, officers)
    while _open_to(case) and case.state != "decision":
        _pass(case, officers)


def _find_met(case: Case, criterion: str, officers: _Officers) -> None:
    judge(
        case=case,
        criterion=criterion,
        outcome=Judged.MET,
        reason="看过第三方报告和合同（虚构）",
        by=_turn(case, officers),
    )


def _certify(case: Case, by: Actor, officers: _Officers) -> None:
    _to_decision(case, by, officers)
    for _step in case.round.step_list:
        if not _open_to(case):
            return
        _pass(case, officers)


def _open_to(case: Case) -> bool:
    """Whether the case can go on: not against a criterion that is not met, not done."""
    step = case.current_step
    return bool(step and may_be_passed(case) and step_is_done(case, step))


def _spread_days(rounds: list[Round]) -> None:
    """Let the cases have waited, and each step have taken its days, as in an office."""
    now = timezone.now()
    for at, case in enumerate(Case.objects.filter(round__in=rounds).order_by("pk")):
        most = 10 if case.state == REFUSED else 23  # an appeal is still possible
        moment = now - (at * 7) % most * _DAY - datetime.timedelta(hours=at % 9)
        Case.objects.filter(pk=case.pk).update(state_since=moment)
        for place, move in enumerate(case.moves.order_by("-sequence")):
            case.moves.filter(pk=move.pk).update(at=moment)
            if move.event == "submit":
                Case.objects.filter(pk=case.pk).update(submitted_at=moment)
            moment -= (1 + (at * 3 + place * 5) % 7) * _DAY
        Case.objects.filter(pk=case.pk).update(made_at=moment)
    first, later = rounds[1], rounds[0]
    twice = later.cases.values("enterprise_id")
    first.cases.filter(enterprise__in=twice).update(
        submitted_at=now - datetime.timedelta(days=35)
    )
