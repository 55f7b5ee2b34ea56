"""Ties that a firm or an expert declares: dated, corrected by adding, settled, audited."""

import datetime

import pytest
from django.utils import timezone

from tests.factories import EnterpriseFactory, acting, owner_of
from tests.unit.casework.cases import desk, firm
from tests.unit.casework.reviews import CODE, acting_expert, drawn, expert, pool, reach
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.casework.conflicts import Ground
from tidu.casework.declaring import (
    Declared,
    declare_tie,
    lift_tie,
    pool_by_name,
    settle_tie,
    ties_of,
)
from tidu.casework.experts import ExpertError, conflicts_between
from tidu.casework.review_models import OWN_WORD, Review, Tie, TieChoice

pytestmark = pytest.mark.django_db


def said(kind=TieChoice.SHAREHOLDING, code=CODE, **given):
    values = {"name": "虚构股东公司", "source": "持股 12%", **given}
    return Declared(kind, code, **values)


def person(name="虚构专家"):
    return said(TieChoice.PERSON, code="", name=name, source="曾任顾问")


def declare(enterprise, by, declared=None, **more):
    return declare_tie(of=enterprise, declared=declared or said(), by=by, **more)


def test_a_firm_declares_and_it_is_dated_and_audited():
    enterprise, by = firm()

    made = declare(enterprise, by)

    assert made.made_at.date() == timezone.now().date()
    assert (made.declared_by, made.confirmed_by) == (by.name, "")
    event = Event.objects.get(action="casework.tie_declared")
    assert event.data["party"] == CODE


def test_what_a_firm_declares_is_a_hint_until_an_office_confirms_it():
    case = reach("province_review")
    one = expert(organisation_code=CODE)
    tie = declare(case.enterprise, acting(owner_of(case.enterprise)))
    found = conflicts_between([case], [one])
    assert not found.barred
    ((reason,),) = found.hints.values()
    assert reason.ground is Ground.SHAREHOLDING

    settle_tie(tie=tie, by=desk("province"))

    assert list(conflicts_between([case], [one]).barred) == [(case.number, one.key)]


def test_a_person_named_is_settled_by_naming_the_expert():
    case = reach("province_review")
    one, other = expert("虚构专家"), expert("虚构另一位")
    tie = declare(case.enterprise, acting(owner_of(case.enterprise)), person())
    by = desk("province")
    assert list(conflicts_between([case], [one, other]).hints) == [
        (case.number, one.key)
    ]
    assert pool_by_name(by)[tie.party] == [one]
    with pytest.raises(ExpertError, match="哪一位专家"):
        settle_tie(tie=tie, by=by)
    with pytest.raises(ExpertError, match="哪一位专家"):
        settle_tie(tie=tie, by=by, expert=other)

    settle_tie(tie=tie, by=by, expert=one)

    found = conflicts_between([case], [one, other])
    ((reasons),) = found.barred.values()
    assert list(found.barred) == [(case.number, one.key)]
    assert reasons[0].ground is Ground.DECLARED_BY_FIRM
    assert "expert:" not in reasons[0].sentence()
    assert Tie.objects.count() == 2


def test_a_correction_is_added_and_only_the_last_counts():
    case = reach("province_review")
    one = expert(organisation_code=CODE)
    by = acting(owner_of(case.enterprise))
    first = declare(case.enterprise, by)

    second = declare(case.enterprise, by, said(source="持股 3%"), replaces=first)
    ((hint,),) = conflicts_between([case], [one]).hints.values()
    assert "持股 3%" in hint.sentence()
    declare(case.enterprise, by, said(), replaces=second, mistaken=True)

    assert not conflicts_between([case], [one]).hints
    assert ties_of(case.enterprise).count() == 3
    with pytest.raises(ExpertError, match="更正过"):
        declare(case.enterprise, by, replaces=first)
    assert Event.objects.filter(action="casework.tie_corrected").count() == 2


def test_a_firm_does_not_undo_what_an_office_confirmed():
    enterprise, by = firm()
    tie = declare(enterprise, by)
    settle_tie(tie=tie, by=desk("province"))
    tie.refresh_from_db()

    with pytest.raises(ExpertError, match="联系主管部门"):
        declare(enterprise, by, replaces=tie, mistaken=True)
    lift_tie(tie=tie, by=desk("province"))

    assert Tie.objects.filter(correction=None, mistaken=False).count() == 0
    with pytest.raises(ExpertError, match="更正过"):
        lift_tie(tie=tie, by=desk("province"))


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        (said(TieChoice.EMPLOYMENT), "不在可以申报"),
        (said(code="", name=" "), "名称"),
        (said(TieChoice.IP, code=""), "权利号"),
        (said(source=" "), "什么关系"),
        (said(since=datetime.date(2999, 1, 1)), "晚于今天"),
        (
            said(since=datetime.date(2024, 1, 2), until=datetime.date(2024, 1, 1)),
            "早于",
        ),
    ],
)
def test_what_says_too_little_is_refused(declared, says):
    enterprise, by = firm()

    with pytest.raises(ExpertError, match=says):
        declare(enterprise, by, declared)

    assert not Tie.objects.exists()


def test_nobody_declares_for_others():
    enterprise, _by = firm()
    stranger = acting(owner_of(EnterpriseFactory()))
    one, other = expert("虚构甲"), expert("虚构乙")

    for of, by in (
        (enterprise, stranger),
        (enterprise, desk("county")),
        (one, acting_expert(other)),
    ):
        with pytest.raises(Refused):
            declare_tie(of=of, declared=said(TieChoice.SHAREHOLDING), by=by)
    tie = declare(enterprise, _by)
    with pytest.raises(Refused):
        settle_tie(tie=tie, by=stranger)


def test_an_expert_s_own_tie_bars_at_once_and_frees_an_open_sheet():
    case = reach("province_review")
    pool(3)
    review = drawn(case)[0]
    code = case.enterprise.uscc

    declare_tie(
        of=review.expert,
        declared=said(TieChoice.EMPLOYMENT, code=code, name=case.enterprise.name),
        by=acting_expert(review.expert),
    )

    review.refresh_from_db()
    assert review.released_at
    held = Review.objects.filter(released_at=None)
    assert held.count() == 2
    assert review.expert not in {each.expert for each in held}


def test_an_expert_corrects_their_own_tie():
    one = expert()
    by = acting_expert(one)
    first = declare_tie(of=one, declared=said(TieChoice.EMPLOYMENT), by=by)

    made = declare_tie(
        of=one,
        declared=said(TieChoice.EMPLOYMENT, source="2019 年离职"),
        by=by,
        replaces=first,
    )

    assert made.confirmed_by == OWN_WORD
    assert made.declared_by == by.name
    assert list(ties_of(one)) == [made, first]
