"""A pasted list of intellectual property: read, told where it cannot be, written again."""

import datetime

import pytest

from tests.unit.casework.cases import call, desk, firm, office
from tests.unit.casework.signal_cases import apply
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.casework.actions import list_rights, start_case
from tidu.casework.enums import RightOrigin
from tidu.casework.rights import MOST, GivenRight, read_rights, written

BOUGHT = datetime.date(2026, 4, 1)


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("ZL1", GivenRight("ZL1")),
        ("ZL1\t自行申请", GivenRight("ZL1", RightOrigin.APPLIED)),
        ("ZL1，原始取得", GivenRight("ZL1", RightOrigin.APPLIED)),
        (
            "ZL1\t受让\t2026年4月1日\t虚构，转让方",
            GivenRight("ZL1", RightOrigin.TRANSFERRED, BOUGHT, "虚构，转让方"),
        ),
        (
            "ZL1, 转让取得, 2026-04-01, 虚构大学",
            GivenRight("ZL1", RightOrigin.TRANSFERRED, BOUGHT, "虚构大学"),
        ),
        (
            "ZL1   受让   2026/4/1   虚构大学",
            GivenRight("ZL1", RightOrigin.TRANSFERRED, BOUGHT, "虚构大学"),
        ),
        ("ZL1\t\t2026-04-01", GivenRight("ZL1", "", BOUGHT)),
    ],
)
def test_a_line_is_read(line, right):
    assert read_rights(f"\n{line}\n") == ([right], [])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ZL1\n\t受让", "第 2 行：请先写专利号或登记号，最多 40 个字"),
        ("ZL1\t捡来的", "取得方式写“自行申请”或“受让”"),
        ("ZL1\t受让\t去年", "第 1 行：读不懂日期“去年”"),
        ("ZL1\nZL1", "第 2 行：ZL1 写了两次"),
        ("Z" * 41, "最多 40 个字"),
    ],
)
def test_a_line_that_cannot_be_read_is_told(text, problem):
    _found, problems = read_rights(text)

    assert len(problems) == 1
    assert problem in problems[0]


def test_a_list_has_an_end():
    _found, problems = read_rights("\n".join(f"ZL{n}" for n in range(MOST + 1)))

    assert problems == [f"最多写 {MOST} 项"]


@pytest.mark.django_db
def test_what_is_written_is_read_again():
    office("county")
    given = [
        GivenRight("ZL1", RightOrigin.TRANSFERRED, BOUGHT, "虚构，转让方"),
        GivenRight("ZL2"),
    ]
    case, _by = apply(call(), rights=given)

    assert read_rights(written(case.rights.all())) == (given, [])


@pytest.mark.django_db
def test_a_firm_types_it_once():
    office("county")
    given = [GivenRight("ZL1", RightOrigin.APPLIED)]
    first, by = apply(
        call(), rights=given, auditor_name="虚构事务所", contact_address="虚构路1号"
    )

    second = start_case(opened=call("county"), enterprise=first.enterprise, by=by)

    second.refresh_from_db()
    assert second.auditor_name == "虚构事务所"
    assert second.contact_address == "虚构路1号"
    assert [each.number for each in second.rights.all()] == ["ZL1"]


@pytest.mark.django_db
def test_a_list_is_the_applicants_own_while_it_can_be_edited():
    office("county")
    opened = call()
    enterprise, by = firm()
    case = start_case(opened=opened, enterprise=enterprise, by=by)
    list_rights(case=case, rights=[GivenRight("ZL1"), GivenRight("ZL2")], by=by)
    list_rights(case=case, rights=[GivenRight("ZL3")], by=by)
    assert [each.number for each in case.rights.all()] == ["ZL3"]
    told = Event.objects.filter(action="casework.case_rights_listed")
    assert [each.data["count"] for each in told.order_by("number")] == [2, 1]

    submitted, owner = apply(opened)
    for each, who in ((case, desk("county")), (submitted, owner)):
        with pytest.raises(Refused):
            list_rights(case=each, rights=[], by=who)
