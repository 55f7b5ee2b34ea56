"""The pay file goes out once for each firm; receipts come back, errors by cell."""

import csv
import datetime
from decimal import Decimal

import pytest
import xlsxwriter

from tests.unit.eligibility.pay_list_work import (
    Office,
    approved,
    exported,
    firm,
    with_account,
)
from tidu.accounts.verdicts import Refused
from tidu.audit.models import Event
from tidu.eligibility.enums import EntryState
from tidu.eligibility.pay_files import (
    PAY_HEADS,
    Receipt,
    export_list,
    read_receipts,
    record_receipts,
    take_pay_file,
)
from tidu.eligibility.pay_list_models import EntitlementEntry, EntitlementList
from tidu.eligibility.pay_list_queries import days_to_payment, today
from tidu.eligibility.pay_lists import ListImpossible, ListMoved, settle_list

pytestmark = pytest.mark.django_db
PAID = {"结果": "已到账", "到账日期": "2026-06-20"}


@pytest.fixture
def office():
    return Office()


def fresh(made):
    return EntitlementList.objects.get(pk=made.pk)


def bank_rows(office, made, **came):
    """The pay file as a bank gives it back; ``came`` for every line."""
    rows = [
        dict(zip(PAY_HEADS, row, strict=True))
        for row in take_pay_file(pay_list=made, by=office.head)
    ]
    return [row | (came or PAID) for row in rows]


def as_csv(tmp_path, rows):
    path = tmp_path / "回单.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, PAY_HEADS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def as_xlsx(tmp_path, rows):
    path = tmp_path / "回单.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("明细")
    sheet.write_string(0, 0, "示范银行代发结果（虚构）")
    for at, head in enumerate(PAY_HEADS):
        sheet.write_string(1, at, head)
    for number, row in enumerate(rows, start=2):
        for at, head in enumerate(PAY_HEADS):
            sheet.write_string(number, at, str(row[head]))
    book.close()
    return path


def test_only_firms_with_a_confirmed_account_go_out(office):
    one, _two = firm(1), firm(2)
    with_account(one)

    made = exported(office)

    lines = list(take_pay_file(pay_list=made, by=office.head))
    assert [line[1] for line in lines] == [one.name]
    assert lines[0][5] == f"62220000{one.pk:08d}"
    assert lines[0][6] == Decimal(200_000)
    assert made.state == "exported"
    assert made.entries.get(enterprise=one).state == EntryState.SENT


def test_a_firm_that_confirms_later_goes_into_the_next_file_alone(office):
    one, two = firm(1), firm(2)
    with_account(one)
    made = exported(office)
    with_account(two)

    export_list(pay_list=made, by=office.head, seen=made.counter)

    lines = list(take_pay_file(pay_list=fresh(made), by=office.head))
    assert [line[1] for line in lines] == [two.name]
    with pytest.raises(ListImpossible, match="没有可以发放"):
        export_list(pay_list=fresh(made), by=office.head, seen=fresh(made).counter)


def test_two_firms_with_one_account_are_not_paid(office):
    one, two, three = firm(1), firm(2), firm(3)
    with_account(one, "622200009999")
    with_account(two, "622200009999")
    with_account(three)

    made = exported(office)

    sent = made.entries.filter(state=EntryState.SENT)
    assert [each.enterprise_id for each in sent] == [three.pk]


def test_the_whole_number_is_for_the_administrator_alone(office):
    with_account(firm(1))
    made = approved(office)

    with pytest.raises(Refused, match="单位管理员"):
        export_list(pay_list=made, by=office.officer, seen=made.counter)
    export_list(pay_list=made, by=office.head, seen=made.counter)
    with pytest.raises(Refused, match="单位管理员"):
        take_pay_file(pay_list=fresh(made), by=office.second)

    take_pay_file(pay_list=fresh(made), by=office.head)
    assert Event.objects.filter(action="eligibility.pay_file_taken").count() == 1


def test_a_second_export_of_what_somebody_saw_before_is_refused(office):
    with_account(firm(1))
    made = approved(office)
    export_list(pay_list=made, by=office.head, seen=made.counter)

    with pytest.raises(ListMoved):
        export_list(pay_list=made, by=office.head, seen=made.counter)

    assert fresh(made).batches == 1


@pytest.mark.parametrize("written", [as_csv, as_xlsx])
def test_receipts_settle_the_list_and_say_how_long_it_took(office, tmp_path, written):
    for number in (1, 2):
        with_account(firm(number))
    made = exported(office)
    path = written(tmp_path, bank_rows(office, made))

    receipts, problems = read_receipts(path, made)
    assert problems == []
    assert record_receipts(pay_list=made, receipts=receipts, by=office.officer)

    assert fresh(made).state == "paid"
    days = (datetime.date(2026, 6, 20) - made.opens_on).days
    assert days_to_payment(EntitlementEntry.objects.all()) == days


def test_a_returned_line_can_be_paid_again(office, tmp_path):
    one, two = firm(1), firm(2)
    with_account(one)
    with_account(two)
    made = exported(office)
    rows = bank_rows(office, made)
    rows[1] |= {"结果": "退回", "到账日期": "", "退回原因": "账号与户名不符（虚构）"}

    receipts, problems = read_receipts(as_csv(tmp_path, rows), made)
    assert problems == []
    assert not record_receipts(pay_list=made, receipts=receipts, by=office.officer)
    back = made.entries.get(state=EntryState.RETURNED)
    assert back.reason == "账号与户名不符（虚构）"

    export_list(pay_list=fresh(made), by=office.head, seen=fresh(made).counter)
    again = bank_rows(office, fresh(made))
    assert [row["企业名称"] for row in again] == [back.name]
    receipts, _none = read_receipts(as_csv(tmp_path, again), made)
    assert record_receipts(pay_list=made, receipts=receipts, by=office.officer)
    assert fresh(made).state == "paid"


@pytest.mark.parametrize(
    ("change", "cell", "said"),
    [
        ({"统一社会信用代码": "91990000MA00000000"}, "C3", "不是这份名单里"),
        ({"金额（元）": "199999.99"}, "G3", "与应发的 200000.00 元不同"),
        ({"结果": "好像到了"}, "I3", "看不懂的结果"),
        ({"到账日期": "下月"}, "J3", "不是日期"),
        ({"到账日期": "2099-01-01"}, "J3", "今天以后"),
        ({"结果": "退回", "退回原因": ""}, "K3", "没有写原因"),
    ],
)
def test_a_wrong_cell_is_named(office, tmp_path, change, cell, said):
    with_account(firm(1))
    made = exported(office)
    rows = bank_rows(office, made)
    rows[0] |= change

    receipts, problems = read_receipts(as_xlsx(tmp_path, rows), made)

    assert receipts == []
    assert [(each.cell, each.row) for each in problems] == [(cell, 3)]
    assert said in problems[0].sentence()


def test_a_line_that_comes_twice_is_named(office, tmp_path):
    with_account(firm(1))
    made = exported(office)
    rows = bank_rows(office, made) * 2

    _receipts, problems = read_receipts(as_csv(tmp_path, rows), made)

    assert [each.row for each in problems] == [3]
    assert "两次" in problems[0].sentence()


def test_a_file_without_the_heads_is_refused(office, tmp_path):
    with_account(firm(1))
    made = exported(office)
    path = tmp_path / "别的.csv"
    path.write_text("名称,金额\n甲,1\n", encoding="utf-8")

    with pytest.raises(ListImpossible, match="没有找到表头"):
        read_receipts(path, made)


def test_the_same_receipts_twice_change_nothing(office):
    one = firm(1)
    firm(2)
    with_account(one)
    made = exported(office)
    came = [Receipt(one.uscc, today(), "")]
    record_receipts(pay_list=made, receipts=came, by=office.officer)

    with pytest.raises(ListMoved):
        record_receipts(pay_list=made, receipts=came, by=office.second)


def test_what_could_not_be_paid_is_settled_with_a_reason(office):
    one = firm(1)
    firm(2)
    with_account(one)
    made = exported(office)
    with pytest.raises(ListImpossible, match="没有回单"):
        settle_list(pay_list=made, by=office.officer, seen=made.counter)
    came = [Receipt(one.uscc, today(), "")]
    record_receipts(pay_list=made, receipts=came, by=office.officer)

    with pytest.raises(ListImpossible, match="1 家没有发到"):
        settle_list(pay_list=made, by=office.officer, seen=fresh(made).counter)
    settle_list(
        pay_list=fresh(made),
        by=office.officer,
        seen=fresh(made).counter,
        reason="虚构：企业失联",
    )

    assert fresh(made).state == "paid"
