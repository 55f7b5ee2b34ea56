"""Lists that name enterprises and little else."""

import datetime

import pytest
import xlsxwriter

from tidu.intake import UnreadableFile
from tidu.intake.name_lists import NamedRow, read_name_list

A, B = "示范虚构甲精密机械有限公司", "示范虚构乙（集团）有限公司"


def write(tmp_path, text: str):
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_list_with_a_title_and_names_only(tmp_path):
    path = write(
        tmp_path,
        f"示范名单（虚构）,,\n序号,企业名称,所在地区\n1,{A},东河县\n2, {B} ,\n",
    )

    found = read_name_list(path)

    assert found.rows == (NamedRow(3, A, place="东河县"), NamedRow(4, B))
    assert found.doubts == ()


@pytest.mark.parametrize(
    "head", ["企业名称", "单位名称", "申报企业名称", "公司全称", "企业"]
)
def test_what_a_column_of_names_may_be_called(tmp_path, head):
    assert read_name_list(write(tmp_path, f"序号,{head}\n1,{A}\n")).rows[0].name == A


def test_dates_and_codes_of_a_row(tmp_path):
    text = (
        "企业名称,统一社会信用代码,有效期\n"
        f"{A},91990102ma0000001d,2024年1月1日至2026年12月31日\n"
        f"{B},,2027-03-31\n"
    )

    one, two = read_name_list(write(tmp_path, text)).rows

    assert one.uscc == "91990102MA0000001D"
    assert one.valid_from == datetime.date(2024, 1, 1)
    assert one.valid_until == datetime.date(2026, 12, 31)
    assert (two.valid_from, two.valid_until) == (None, datetime.date(2027, 3, 31))


def test_dates_that_cannot_be_are_doubts_of_their_row(tmp_path):
    text = (
        f"企业名称,有效期起,有效期止\n{A},去年,2026-12-31\n{B},2027-01-01,2026-01-01\n"
    )

    found = read_name_list(write(tmp_path, text))

    assert found.doubts == ((2, "去年"), (3, "2027-01-01—2026-01-01"))
    assert found.rows[1].valid_until is None


def test_every_sheet_of_a_workbook_with_names_is_read(tmp_path):
    path = tmp_path / "list.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name in (A, B):
        book.add_worksheet().write_column(0, 0, ["企业名称", name, "合计"])
    book.add_worksheet("说明").write(0, 0, "没有名单")
    book.close()

    assert [row.name for row in read_name_list(path).rows] == [A, B]


@pytest.mark.parametrize(
    ("text", "says"),
    [("甲,乙\n1,2\n", "没有“企业名称”列"), ("企业名称\n\n", "下面没有名称")],
)
def test_files_without_names_are_refused_with_the_remedy(tmp_path, text, says):
    with pytest.raises(UnreadableFile, match=says):
        read_name_list(write(tmp_path, text))
