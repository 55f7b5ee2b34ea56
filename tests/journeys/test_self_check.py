"""Somebody without an account checks a firm, by form and by file, and reads why."""

import pytest
import python_calamine
from playwright.sync_api import expect

from tests.house.tree import ROOT
from tests.journeys.browser import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)
DEMO = ROOT / "samples" / "demo.xlsx"


def fill(page, year: int) -> None:
    page.get_by_label(f"{year}年营业收入").fill("6,100万元")
    page.get_by_label(f"{year}年资产总额").fill("8000")
    page.get_by_label(f"{year}年从业人员").fill("120人")
    page.get_by_label("国民经济行业代码").fill("C3421")


def year_asked(page) -> int:
    """The accounting year the form asks for: the one before today's."""
    label = page.locator("label", has_text="年营业收入").first.inner_text()
    return int(label[:4])


def test_by_form_from_the_first_page_to_the_clause(visitor):
    page = visitor.visit("/")
    page.get_by_role("link", name="开始自测").click()
    visitor.look()
    year = year_asked(page)
    fill(page, year)

    page.get_by_label(f"{year}年从业人员").fill("很多")
    page.get_by_role("button", name="看结果").click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("读不成个数；请写整数，如 120")
    visitor.look()
    summary.get_by_role("link").click()
    expect(page.get_by_label(f"{year}年从业人员")).to_be_focused()
    expect(page.get_by_label(f"{year}年营业收入")).to_have_value("6,100万元")

    page.get_by_label(f"{year}年从业人员").fill("120人")
    page.get_by_role("button", name="看结果").click()
    expect(page.get_by_role("heading", name="自测结果")).to_be_focused()
    expect(page.get_by_text("用了 4 项数据")).to_be_visible()
    visitor.look()

    first = page.locator(".finding", has_text="年销售收入")
    expect(first).to_contain_text("6,100万元")
    expect(first).to_contain_text("要求不高于2亿元")
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Excel 报告").click()
    book = python_calamine.CalamineWorkbook.from_path(download.value.path())
    assert "逐条说明" in book.sheet_names

    first.get_by_role("link", name="第六条").click()
    visitor.look()
    assert page.url.endswith("#%E7%AC%AC%E5%85%AD%E6%9D%A1")
    expect(page.get_by_role("heading", name="第六条")).to_be_visible()


def test_by_file_with_its_report(visitor):
    page = visitor.visit("/check/file/")
    page.get_by_label("表格文件").set_input_files(DEMO)

    page.get_by_role("button", name="看结果").click()
    expect(page.get_by_role("heading", name="demo.xlsx")).to_be_focused()
    expect(page.get_by_text("评估了 40 家企业")).to_be_visible()
    visitor.look()

    # The file is still chosen: the report needs no second upload.
    with page.expect_download() as download:
        page.get_by_role("button", name="下载 Excel 报告").click()
    assert download.value.suggested_filename == "自测报告.xlsx"
    book = python_calamine.CalamineWorkbook.from_path(download.value.path())
    assert len(book.get_sheet_by_name("总览").to_python()) == 43  # a title, a header


def test_a_file_that_is_no_table_is_refused_in_place(visitor, tmp_path):
    picture = tmp_path / "picture.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    page = visitor.visit("/check/file/")
    page.get_by_label("表格文件").set_input_files(picture)

    page.get_by_role("button", name="看结果").click()

    expect(page.locator(".error-summary")).to_contain_text("不是 Excel 文件")
    visitor.look()


def test_on_a_phone_and_in_english(visits):
    reader = visits(PHONE)
    page = reader.visit("/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("link", name="Start the self-check")).to_be_visible()
    reader.look()
    page.get_by_role("link", name="Start the self-check").click()
    page.get_by_label("Revenue").first.fill("6100")
    page.get_by_role("button", name="Show the result").click()
    expect(page.get_by_role("heading", name="Result of the self-check")).to_be_focused()
    reader.look()


def test_by_keyboard_alone(visitor):
    page = visitor.visit("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="开始自测")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="看结果")).to_be_visible()
    page.get_by_role("button", name="看结果").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="自测结果")).to_be_focused()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize(
    "path",
    [
        "/policies/",
        "/policies/srdi_sme/",
        "/policies/srdi_sme/2022-08-01/",
        "/policies/srdi_sme/2022-08-01/to/2026-04-01/",
        "/policies/sme_size/",
        "/policies/digital_level/",
        "/policies/documents/2-2026/",
        "/styleguide/",
        "/account/login/",
    ],
)
def test_pages_stand_up_to_a_look(path, width, visits):
    visits(width).visit(path)
