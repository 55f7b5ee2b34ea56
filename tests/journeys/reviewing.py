"""Expert reviews and site inspections, as offices and experts do them."""

from __future__ import annotations

import base64

from playwright.sync_api import expect

from tests.journeys.browser import Visitor

PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
"""One point, as a camera of the last century would have it."""


def open_step(desk: Visitor, title: str, tab: str = "") -> None:
    """Open a round's review, or with ``inspections/`` its inspection."""
    page = desk.go(f"/officer/reviews/{tab}")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def plan(desk: Visitor) -> None:
    """Confirm the items of the sheets: what Tidu proposes is nobody's rule."""
    page = desk.page
    page.get_by_role("link", name="安排评审").click()
    expect(page.get_by_text("没有文件依据")).to_be_visible()
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.locator(".error-summary")).to_contain_text("请确认后再保存")
    page.get_by_label("本单位确认按这些评分项和办法评审").check()
    desk.stop()
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.get_by_text("评审安排已确认")).to_be_visible()


def draw(desk: Visitor, public: str, says: str, picture: str = "") -> None:
    """Announce the open step's draw, hold it by a number that nobody chose."""
    page = desk.page
    page.get_by_role("button", name="固定名单，公布承诺").click()
    expect(page.get_by_text("名单已固定，承诺已公布；现在可以抽取")).to_be_visible()
    page.get_by_label("公开数").fill(public)
    desk.stop(picture, "section:has(form[action$='/hold/'])")
    page.get_by_role("button", name="抽取", exact=True).click()
    expect(page.get_by_text(says)).to_be_visible()


def draw_is_repeated(desk: Visitor) -> None:
    """The seed gives the same pairs again."""
    page = desk.page
    page.get_by_role("link", name="重做核对").first.click()
    expect(page.get_by_text("重做一致")).to_be_visible()


def elsewhere(desk: Visitor, why: str) -> None:
    """Say that the open step is not done in this system, and why."""
    page = desk.page
    page.get_by_role("link", name="这一步不在本系统办理").click()
    page.get_by_label("为什么").fill(why)
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("已记下：这一步不在本系统办理")).to_be_visible()


def open_sheet(expert: Visitor) -> None:
    """Open the expert's only sheet."""
    page = expert.go("/expert/")
    page.locator("tbody a").click()
    expect(page.get_by_role("heading", name="打分")).to_be_visible()


def fill_sheet(expert: Visitor, points: int, *, look: bool = False) -> None:
    """Give each item its points, each clause an opinion; submit once and for all."""
    page = expert.page
    for box in page.locator("input[name^='points-']").all():
        box.fill(str(points))
    for option in page.locator("input[type=radio][value='met']").all():
        option.check()
    page.get_by_role("button", name="提交评审表").click()
    expect(page.locator(".error-summary")).to_contain_text("请先勾选确认")
    page.get_by_label("我确认提交").check()
    if look:
        expert.look()
        expert.glance()
    page.get_by_role("button", name="提交评审表").click()
    expect(page.get_by_text("评审表已提交，谢谢")).to_be_visible()


def step_back(expert: Visitor, why: str) -> None:
    """Declare a conflict on the sheet that is open."""
    page = expert.page
    page.get_by_role("link", name="申报回避").click()
    page.get_by_label("为什么回避").fill(why)
    expert.look()
    page.get_by_role("button", name="申报回避").click()
    expect(page.get_by_text("已记下回避，这份评审表已收回")).to_be_visible()


def visit(desk: Visitor, firm: str) -> None:
    """Go through the checklist of a firm that was drawn, with a photo; report."""
    page = desk.page
    page.locator("table").get_by_role("link", name=firm).click()
    items = page.locator("form[data-keep]")
    expect(page.locator("#still-open")).to_contain_text(f"还有 {items.count()} 项")
    page.get_by_role("button", name="完成核查报告").click()
    expect(page.locator(".error-summary")).to_contain_text("需要改正")
    for form in items.all():
        form.get_by_label("相符", exact=True).check()
        expect(form.locator(".saved")).to_contain_text("已保存")
    expect(page.locator("#still-open")).to_contain_text("可以完成报告")
    photo = {"name": "现场.png", "mimeType": "image/png", "buffer": PHOTO}
    page.locator("input[name=photo]").first.set_input_files(photo)
    expect(page.locator(".photos").first).to_contain_text("指纹")
    page.get_by_label("核查人员一").fill("虚构甲")
    page.get_by_label("核查人员二").fill("虚构乙")
    page.get_by_label("总的结论").select_option("yes")
    desk.look()
    desk.glance()
    page.get_by_role("button", name="完成核查报告").click()
    expect(page.get_by_text("核查报告已完成")).to_be_visible()
