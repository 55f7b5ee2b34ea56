"""Workbooks: merged cells, formulas, percentages, hidden sheets, far-off cells."""

from __future__ import annotations

import datetime
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter

from tidu.intake import read_file
from tidu.intake.sheets import column_letters, column_number
from tidu.rules.library import default_library

from .conftest import CODE, ON, OTHER

HEADER = ["企业名称", "营业收入(万元)@2025"]


def values(row):
    return row.facts.flat()


def told(intake, severity="error"):
    return [p.sentence() for p in intake.problems if p.severity == severity]


def rewritten(path, member, change):
    """Change one member of a workbook, as another program would have written it."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[member] = change(members[member])
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def saved_by_excel(data):
    """A workbook whose formulas have been calculated no longer asks for it."""
    return data.replace(b' fullCalcOnLoad="1"', b"")


def formulas(tmp_path):
    path = tmp_path / "firms.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, HEADER)
    for row, result in enumerate([0, 3, "", "#DIV/0!", "#REF!"], start=1):
        sheet.write(row, 0, f"示范企业{row}")
        sheet.write_formula(row, 1, "=1+1", None, result)
    book.close()
    return path


def test_formula_nobody_has_calculated_is_never_zero(tmp_path):
    path = formulas(tmp_path)

    intake = read_file(path, default_library().facts, on=ON)

    assert [row.readable for row in intake.rows] == [False, True, False, False, False]
    assert values(intake.rows[1])["revenue@2025"] == Decimal(30_000)
    assert told(intake)[0] == (
        "错误：firms.xlsx 工作表“表” 第2行 “营业收入(万元)@2025”列（B2）："
        "公式没有结果，或结果是错误值；请把公式粘贴为数值。"
    )


def test_calculated_zero_is_zero_and_a_calculated_blank_is_unknown(tmp_path):
    path = formulas(tmp_path)
    rewritten(path, "xl/workbook.xml", saved_by_excel)
    rewritten(
        path,
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b'r="B4"', b'r="B4" t="str"'),
    )

    intake = read_file(path, default_library().facts, on=ON)

    assert [row.readable for row in intake.rows] == [True, True, True, False, False]
    assert values(intake.rows[0])["revenue@2025"] == Decimal(0)
    assert "revenue@2025" not in values(intake.rows[2])


def test_error_value_written_out_is_an_error(read):
    intake = read("name,revenue(元)@2025\n甲,#N/A\n#REF!,5\n")
    assert ["公式没有结果" in each for each in told(intake)] == [True, True]


def test_formula_in_a_column_nobody_reads_harms_nothing(read_book):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*HEADER, "备注"])
        sheet.write_row(1, 0, ["甲", 5])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")

    assert read_book(fill).rows[0].readable


def test_share_shown_as_a_percentage_is_that_percentage(read_book):
    def fill(book):
        sheet = book.add_worksheet()
        percent = book.add_format({"num_format": "0.0%"})
        quoted = book.add_format({"num_format": '0.0"%"'})
        sheet.write_row(0, 0, ["企业名称", "全国细分市场占有率(%)"])
        for row, (number, how) in enumerate(
            [(0.125, percent), (1.5, percent), (12.5, None), (12.5, quoted)], start=1
        ):
            sheet.write(row, 0, f"示范企业{row}")
            sheet.write_number(row, 1, number, how)

    found = [values(row)["market_share"] for row in read_book(fill).rows]
    assert found == [
        Decimal("0.125"),
        Decimal("1.5"),
        Decimal("0.125"),
        Decimal("0.125"),
    ]


def test_fifteen_digits_count_as_a_spreadsheet_shows_them(read_book):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "全国细分市场占有率"])
        sheet.write(1, 0, "甲")
        sheet.write_number(1, 1, 0.1 + 0.05)

    assert values(read_book(fill).rows[0])["market_share"] == Decimal("0.15")


def test_unit_of_a_line_over_the_table(read_book):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write(0, 0, "示范县摸底表")
        sheet.write(1, 2, "单位：元")
        sheet.write_row(2, 0, ["企业名称", "营业收入@2025", "研发费用(万元)@2025"])
        sheet.write_row(3, 0, ["甲", 5_000, 5])

    found = values(read_book(fill).rows[0])
    assert found["revenue@2025"] == Decimal(5_000)
    assert found["rnd_expense@2025"] == Decimal(50_000)


def test_merged_cells_among_the_data_are_not_repeated(read_book):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.merge_range(1, 0, 2, 0, "甲")
        sheet.write(1, 1, 5)
        sheet.write(2, 1, 6)

    assert [row.name for row in read_book(fill).rows] == ["甲", None]


def test_name_merged_over_two_columns_is_one_column(read_book):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 1, "企业名称")
        sheet.write(0, 2, "营业收入(万元)@2025")
        sheet.write_row(1, 0, ["甲", "", 5])

    intake = read_book(fill)
    assert values(intake.rows[0]) == {"name": "甲", "revenue@2025": Decimal(50_000)}
    assert [p.what for p in intake.problems] == ["没有统一社会信用代码"]


def test_merged_year_counts_only_for_what_it_covers(read_book):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range(0, 1, 0, 2, "2024年")
        sheet.write_row(1, 0, ["企业名称", "营业收入(元)", "从业人员", "净利润(元)"])
        sheet.write_row(2, 0, ["甲", 5, 6, 7])

    found = values(read_book(fill).rows[0])
    assert found["employees@2024"] == 6
    assert found["net_profit@2025"] == Decimal(7)


def test_names_beside_the_years_of_a_row_above(read):
    intake = read("企业名称,2025年,\n,营业收入(元),从业人员\n甲,5,6\n")
    assert values(intake.rows[0]) == {
        "name": "甲",
        "revenue@2025": Decimal(5),
        "employees@2025": 6,
    }


def test_same_code_in_another_sheet_names_the_sheet(read_book):
    def fill(book):
        for name, revenue in (("东", 1), ("西", 2), ("南", 1)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["统一社会信用代码", *HEADER])
            sheet.write_row(1, 0, [CODE, "甲", revenue])

    intake = read_book(fill)
    assert [row.readable for row in intake.rows] == [True, False, False]
    assert told(intake) == [
        f"错误：firms.xlsx 工作表“西” 第2行：“{CODE}”与工作表“东”第2行的"
        "统一社会信用代码相同，内容不同；以那一行为准，请删去一行。"
    ]


def test_sheets_without_firms_are_passed_over_and_named(read_book):
    def fill(book):
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["甲", 5])
        other = book.add_worksheet("填表说明")
        other.write_column(0, 0, ["企业名称", "营业收入@2025", "从业人员@2025"])
        other.write_column(0, 1, ["照营业执照填写"] * 3)
        book.add_worksheet("附图").write(0, 0, "图")
        book.add_worksheet("空")
        hidden = book.add_worksheet("旧表")
        hidden.write_row(0, 0, HEADER)
        hidden.write_row(1, 0, ["乙", 5])
        hidden.hide()

    intake = read_book(fill)
    assert [row.name for row in intake.rows] == ["甲"]
    assert intake.readings == [
        "工作表“填表说明”像是填表说明，没有读",
        "工作表“附图”没有认得的列名，没有读",
        "工作表“旧表”是隐藏的，没有读",
    ]


def test_what_stands_beside_the_table_is_told_once(read_book):
    def fill(book):
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ["甲", 5, "", "待核"])
        sheet.write_row(2, 0, ["乙", 5, "", "已核"])

    intake = read_book(fill)
    assert all(row.readable for row in intake.rows)
    assert [p.sentence() for p in intake.problems if "列名" in p.what] == [
        "提醒：firms.xlsx 工作表“表” 第2行 “D”列（D2）：“待核”这一列没有列名；"
        "没有读；请写上列名，或删去这一列。"
    ]


def test_dates_of_a_spreadsheet_before_1980_are_refused(read_book):
    def fill(book):
        sheet = book.add_worksheet("表")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["企业名称", "成立日期"])
        sheet.write(1, 0, "甲")
        sheet.write_datetime(1, 1, datetime.datetime(1958, 1, 2), day)  # noqa: DTZ001

    assert told(read_book(fill)) == [
        "错误：firms.xlsx 工作表“表” 第2行 “成立日期”列（B2）：“1958-01-02”"
        "年份超出范围；年份应在1980到2100之间。"
    ]


def test_table_that_starts_in_the_middle_of_its_sheet(read_book):
    def fill(book):
        sheet = book.add_worksheet("表")
        sheet.write_row(4, 2, HEADER)
        sheet.write_row(5, 2, ["甲", 5])

    row = read_book(fill).rows[0]
    assert row.row == 6
    assert row.facts.sources["revenue@2025"] == "firms.xlsx 表!D6"


def test_how_columns_were_understood(read_book):
    def fill(book):
        sheet = book.add_worksheet("表")
        sheet.write_row(0, 0, ["企业名称", "上年度营业收入（元）", "备注"])
        sheet.write_row(1, 0, ["甲", 5, ""])

    found = [(c.cell, c.key, c.unit) for c in read_book(fill).columns]
    assert found == [("A1", "name", ""), ("B1", "revenue@2025", "元"), ("C1", "", "")]


def test_rows_are_counted_also_those_left_out(read_book):
    def fill(book):
        sheet = book.add_worksheet("表")
        rows = [
            ["序号", "统一社会信用代码", *HEADER],
            [1, CODE, "甲", 5],
            [2],
            ["序号", "统一社会信用代码", *HEADER],
            [3, OTHER, "乙", 5],
            ["合计", "", "", 10],
            ["", "", "填表人：张三"],
        ]
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)

    intake = read_book(fill)
    assert [row.row for row in intake.rows] == [2, 5]
    assert (intake.left_out, intake.blank) == (3, 1)
    assert [p.what for p in intake.warnings if p.row > 1] == [
        "重复了表头",
        "像是合计行",
        "像是表尾的说明",
    ]


@pytest.mark.parametrize(
    ("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (16_383, "XFD")]
)
def test_column_letters(number, letters):
    assert column_letters(number) == letters
    assert column_number(letters) == number
