"""What anybody may do without an account: read notices, object, complain, check."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.journeys.browser import Visitor
from tests.journeys.cast import paper

NUMBER = re.compile(r"[2-9A-HJ-NP-Z]{12}")
WHAT = "虚构：申报的市场占有率与公开的行业年报不一致，请核对第三方报告的出具日期。"


def read_notice(reader: Visitor, firm: str, picture: str = "") -> None:
    """Open the notice that stands, and find the firm on it."""
    page = reader.go("/notices/")
    page.locator("tbody a").first.click()
    expect(page.locator(".letter-table")).to_contain_text(firm)
    reader.stop(picture)


def object_to(reader: Visitor, firm: str) -> str:
    """Object to a firm on the notice that is open, with evidence; the number."""
    reader.page.get_by_role("link", name=f"对{firm}提异议").click()
    return _tell(reader, "经核对的行业年报（虚构）.pdf")


def complain_about(reader: Visitor, firm: str) -> str:
    """Complain about a holder, with evidence; the number."""
    page = reader.go("/notices/holders/")
    page.get_by_role("link", name=f"举报{firm}").click()
    return _tell(reader, "两份不同的审计报告（虚构）.pdf")


def _tell(reader: Visitor, evidence: str) -> str:
    page = reader.page
    _sign(page, "太短")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".error-summary")).to_contain_text("反映的情况")
    page.get_by_label("反映的情况").fill(WHAT)
    page.get_by_label("证据").set_input_files(paper(evidence))
    reader.stop()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已收到。")).to_be_visible()
    number = page.get_by_label("查询号").input_value()
    assert NUMBER.fullmatch(number)
    return number


def _sign(page: Page, text: str) -> None:
    page.get_by_label("您的真实姓名或单位名称").fill("虚构举报人")
    page.get_by_label("联系方式").fill("13800001234")
    page.get_by_label("反映的情况").fill(text)


def read_answer(reader: Visitor, number: str, says: str) -> None:
    """Look up what became of it; who asked is not shown."""
    page = reader.go("/notices/answers/")
    page.get_by_label("查询号").fill(number)
    page.get_by_role("button", name="查", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text(says)
    expect(page.get_by_role("main")).not_to_contain_text("虚构举报人")
    reader.stop()


def check_number(reader: Visitor, number: str, says: str, picture: str = "") -> None:
    """Type a certificate's number into the check page."""
    page = reader.go("/certificates/")
    page.get_by_label("证书编号").fill(number)
    page.get_by_role("button", name="查验", exact=True).click()
    expect(page.locator("section[role=status] .outcome")).to_have_text(says)
    reader.stop(picture)


def check_file(reader: Visitor, path: Path, says: str) -> None:
    """Hand the PDF to the check page."""
    page = reader.go("/certificates/")
    page.get_by_label("证书文件").set_input_files(path)
    page.get_by_role("button", name="查验文件").click()
    expect(page.get_by_role("status")).to_contain_text(says)


def scan_code(reader: Visitor, path: Path, says: str) -> None:
    """Open the address in the code on the paper; the signature holds it, too."""
    with path.open("rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        address = str(signature.sig_object["/ContactInfo"])
    assert address.startswith(f"{reader.base}/certificates/{path.stem}#")
    reader.page.goto(address)
    expect(reader.page.locator("section[role=status] .outcome")).to_have_text(says)
