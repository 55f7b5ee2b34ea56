"""What people judge of a case, refusals with their clauses, and appeals."""

import datetime

import pytest

from tests.unit.casework.cases import (
    SRDI,
    call,
    desk,
    office,
    submitted,
)
from tests.unit.casework.holders import go_on
from tidu.accounts.verdicts import Refused
from tidu.casework.actions import (
    appeal,
)
from tidu.casework.deciding import (
    Ground,
    NoReason,
    answer_appeal,
    judge,
    refuse_case,
)
from tidu.casework.enums import Judged
from tidu.casework.models import Judgement

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def decides(settings):
    settings.CERTIFIES = frozenset({"srdi_sme"})


@pytest.fixture
def offices():
    return {level: office(level) for level in ("county", "city", "province")}


def test_a_figure_is_not_judged_met(offices):
    case, _by = submitted(call(), {**SRDI, "srdi_score@2026": "12"})

    with pytest.raises(NoReason, match="由数据判定"):
        judge(
            case=case,
            criterion="srdi_score",
            outcome=Judged.MET,
            reason="虚构",
            by=desk("county"),
        )
    with pytest.raises(Refused, match="专精特新发展评价得分"):
        go_on(case, "county")


def test_what_a_figure_says_can_be_found_untrue(offices):
    case, _by = submitted(call())
    judge(
        case=case,
        criterion="conduct",
        outcome=Judged.UNMET,
        reason="查实有重大事故（虚构）",
        by=desk("county"),
    )

    with pytest.raises(Refused, match="有条件不符合"):
        go_on(case, "county")


@pytest.mark.parametrize(
    ("criterion", "reason", "said"),
    [("market_position", " ", "写明理由"), ("no_such", "虚构", "没有这一条")],
)
def test_a_judgement_needs_a_clause_and_a_reason(offices, criterion, reason, said):
    case, _by = submitted(call())

    with pytest.raises(NoReason, match=said):
        judge(
            case=case,
            criterion=criterion,
            outcome=Judged.MET,
            reason=reason,
            by=desk("county"),
        )
    assert not Judgement.objects.exists()


def test_an_open_clause_is_not_approved(offices):
    case, _by = submitted(call())
    for level in ("county", "city", "province"):
        go_on(case, level)
    while case.state != "decision":
        go_on(case, "province")

    with pytest.raises(Refused, match="还有条款没有给出结论"):
        go_on(case, "province")


@pytest.mark.parametrize(
    ("grounds", "said"),
    [
        ([], "指明不符合哪一条"),
        ([Ground("no_such", "虚构")], "没有这一条"),
        ([Ground("conduct", "  ")], "为什么不符合"),
    ],
)
def test_a_refusal_without_clause_and_reason_is_not_saved(offices, grounds, said):
    case, _by = submitted(call())

    with pytest.raises(NoReason, match=said):
        refuse_case(case=case, by=desk("county"), seen=case.counter, grounds=grounds)
    case.refresh_from_db()
    assert case.state == "county_check"


def test_a_refusal_names_its_clauses_and_can_be_appealed(offices):
    case, by = submitted(call(appeal_days=10))
    refuse_case(
        case=case,
        by=desk("county"),
        seen=case.counter,
        grounds=[Ground("conduct", "查实有重大事故（虚构）")],
    )
    assert case.moves.last().data["criteria"] == [
        {
            "id": "conduct",
            "label": "未列入经营异常名录和严重失信名单，近三年无重大问题",
            "clause": "附件3",
            "reason": "查实有重大事故（虚构）",
        }
    ]

    appeal(case=case, by=by, seen=case.counter, reason="事故等级有误（虚构）")
    assert case.office == offices["province"]
    with pytest.raises(NoReason):
        answer_appeal(
            case=case, by=desk("province"), seen=case.counter, reason="", reverse=True
        )
    answer_appeal(
        case=case,
        by=desk("province"),
        seen=case.counter,
        reason="经复核属实（虚构）",
        reverse=True,
    )

    assert (case.state, case.office) == ("county_check", offices["county"])


def test_an_upheld_refusal_is_the_end(offices):
    case, by = submitted(call())
    refuse_case(
        case=case,
        by=desk("county"),
        seen=case.counter,
        grounds=[Ground("conduct", "虚构")],
    )
    appeal(case=case, by=by, seen=case.counter, reason="虚构")
    answer_appeal(
        case=case, by=desk("province"), seen=case.counter, reason="虚构", reverse=False
    )

    assert case.state == "upheld"
    assert case.lifecycle.leaving(case.state) == ()


def test_an_appeal_too_late_is_told(offices):
    case, by = submitted(call(appeal_days=10))
    refuse_case(
        case=case,
        by=desk("county"),
        seen=case.counter,
        grounds=[Ground("conduct", "虚构")],
    )
    case.state_since -= datetime.timedelta(days=25)
    case.save(update_fields=["state_since"])

    with pytest.raises(Refused, match="申诉期限已于"):
        appeal(case=case, by=by, seen=case.counter, reason="虚构")
