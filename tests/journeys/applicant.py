"""What an enterprise's owner does for a title: apply, correct, appeal, read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.journeys.browser import Visitor
from tests.journeys.cast import FIRM, paper

NUMBER = re.compile(r"受理编号 (\d{4}-\d{3}-\d{6})")
MOST_UPLOADS = 4
"""Of a firm whose facts are known: the goal that the pages themselves name."""


def start(owner: Visitor, title: str) -> None:
    """Begin a draft in a round that is offered."""
    page = owner.go("/enterprise/cases/")
    page.get_by_role("button", name=f"申报{title}").click()
    expect(page.get_by_text("已建好草稿，库里已有的数据不用再填")).to_be_visible()


def answer(owner: Visitor, figures: Mapping[str, str]) -> None:
    """Fill in what is asked, by its label, and nothing else."""
    missing = owner.page.locator("#missing")
    asked = missing.locator(".help", has_text="缺")
    expect(asked).to_have_count(len(figures))
    for label, value in figures.items():
        _fill(missing.get_by_label(label, exact=True), value)
    missing.get_by_role("button", name="保存数据").click()
    expect(owner.page.get_by_text(f"已保存 {len(figures)} 个数")).to_be_visible()


def _fill(field: Locator, value: str) -> None:
    if field.evaluate("each => each.tagName") == "SELECT":
        field.select_option(label=value)
    else:
        field.fill(value)


def explain(owner: Visitor) -> int:
    """Say of each clause that people judge why it is met; how many there are."""
    page = owner.page
    boxes = page.locator("#clauses textarea")
    count = boxes.count()
    for at in range(count):
        boxes.nth(at).fill(f"虚构的说明{at + 1}：{FIRM}有第三方报告，排名国内第二。")
    page.get_by_role("button", name="保存说明").click()
    expect(page.get_by_text("说明已保存")).to_be_visible()
    return count


def prove(owner: Visitor) -> int:
    """Upload a file for each paper that is asked for; how many that took."""
    page = owner.page
    papers = page.locator(".paper")
    count = papers.count()
    for at in range(count):
        name = f"虚构材料{at + 1}"
        chosen = papers.nth(at)
        chosen.locator("input[type=file]").set_input_files(paper(f"{name}.pdf"))
        chosen.get_by_role("button", name="放进案卷").click()
        expect(page.locator(".notice-success")).to_contain_text(name)
    return count


def name_a_contact(owner: Visitor) -> None:
    """Whom to call, and the firm in its own words."""
    contact = owner.page.locator("#contact")
    contact.get_by_label("联系人", exact=True).fill("虚构会计")
    contact.get_by_label("联系电话").fill("000-00001234")
    contact.get_by_label("企业自述").fill(
        f"（虚构）{FIRM}多年只做精密主轴，给整机厂配套。"
    )
    contact.get_by_role("button", name="保存联系人").click()
    expect(owner.page.get_by_text("联系人已保存")).to_be_visible()


def submit(owner: Visitor) -> str:
    """Submit the draft that is open; its number."""
    page = owner.page
    page.get_by_role("link", name="去提交").click()
    expect(page.get_by_role("heading", name="提交申报")).to_be_visible()
    owner.stop()
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_text("已提交，受理编号")).to_be_visible()
    found = NUMBER.search(page.locator(".page-lead").inner_text())
    assert found
    return found[1]


def apply(owner: Visitor, title: str) -> str:
    """Apply in a round with a firm whose figures are all there; the number."""
    start(owner, title)
    explain(owner)
    assert prove(owner) <= MOST_UPLOADS
    name_a_contact(owner)
    return submit(owner)


def open_case(owner: Visitor, title: str) -> None:
    """Open one's own case in a round."""
    page = owner.go("/enterprise/cases/")
    mine = page.locator("section", has_text="我的申报")
    mine.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def correct(owner: Visitor, title: str, field: str, value: str, why: str) -> None:
    """Read why it came back, go to the very field, mend it, submit again."""
    open_case(owner, title)
    page = owner.page
    returned = page.locator("#returned")
    expect(returned).to_contain_text("要改这几项")
    owner.look()
    returned.get_by_role("link", name=field).click()
    page.get_by_label(field, exact=True).fill(value)
    page.get_by_label("更正的原因").fill(why)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("已保存 1 个数")).to_be_visible()
    open_case(owner, title)
    page.get_by_role("link", name="去提交").click()
    page.get_by_label("给主管部门的说明").fill(why)
    page.get_by_role("button", name="确认提交").click()
    expect(page.get_by_text("已提交，受理编号")).to_be_visible()


def appeal(owner: Visitor, title: str, ground: str, why: str) -> None:
    """Read why it was refused, and appeal."""
    open_case(owner, title)
    page = owner.page
    refused = page.locator("section.is-refused")
    expect(refused).to_contain_text(ground)
    refused.get_by_role("button", name="提交申诉").click()
    expect(page.locator(".error-summary")).to_contain_text("理由")
    owner.stop()
    page.get_by_label("理由").fill(why)
    page.get_by_role("button", name="提交申诉").click()
    expect(page.get_by_text("申诉已提交")).to_be_visible()


def certificate(owner: Visitor, folder: Path) -> tuple[str, Path]:
    """The newest certificate's number, and its PDF as it is saved."""
    page = owner.go("/enterprise/holding/")
    title = page.locator("section", has=page.get_by_role("link", name="下载 PDF")).last
    number = title.locator("a[href^='/certificates/']").inner_text()
    with page.expect_download() as download:
        title.get_by_role("link", name="下载 PDF").click()
    path = folder / f"{number}.pdf"
    download.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF-")
    return number, path
