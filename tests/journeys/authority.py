"""What the people of an office do: rounds, checks, refusals, notices, decisions."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from django.utils import timezone
from playwright.sync_api import Locator, expect

from tests.journeys.browser import Visitor
from tests.journeys.cast import ON
from tests.unit.casework.holders import let_it_end
from tidu.casework.notice_models import PublicNotice

DONE = "已办理，记录在“办理经过”里"
APPEAL_DAYS = 15


def open_round(desk: Visitor, scheme: str, title: str, kind: str = "new") -> None:
    """Open a round that takes applications from today on."""
    page = desk.go("/officer/cases/rounds/")
    page.get_by_role("link", name="发起一个批次").click()
    page.get_by_label("哪个称号").select_option(scheme)
    page.get_by_label("程序").select_option(kind)
    page.get_by_role("button", name="下一步").click()
    today = timezone.localdate()
    page.get_by_label("名称").fill(title)
    page.get_by_label("开始申报").fill(today.isoformat())
    page.get_by_label("截止申报").fill(
        (today + datetime.timedelta(days=30)).isoformat()
    )
    page.get_by_label("按哪一天").fill(ON.isoformat())
    page.get_by_label("公示天数").fill("3")
    page.get_by_label("公示按").select_option("calendar")
    page.get_by_label("申诉期限（天）").fill(str(APPEAL_DAYS))
    desk.stop()
    page.get_by_role("button", name="发起", exact=True).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def take_up(desk: Visitor, firm: str, picture: str = "") -> None:
    """Open the firm's case from the queue."""
    page = desk.go("/officer/cases/")
    if picture:
        desk.stop(picture)
    page.locator("table.queue").get_by_role("link", name=firm).click()
    expect(page.get_by_role("heading", name=firm)).to_be_visible()


def send_back(desk: Visitor, field: str, why: str) -> None:
    """Return the open case: a field has to be named."""
    page = desk.page
    page.locator("#doing summary", has_text="退回补正").click()
    form = page.locator("form[action$='/return/']")
    form.get_by_label("意见").fill(why)
    form.get_by_role("button", name="退回补正").click()
    expect(page.locator(".error-summary")).to_contain_text("请至少选一项")
    form = page.locator("form[action$='/return/']")
    expect(form.get_by_label("意见")).to_have_value(why)
    form.get_by_label(field, exact=True).check()
    desk.look()
    form.get_by_role("button", name="退回补正").click()
    expect(page.get_by_text(DONE)).to_be_visible()


def pass_on(desk: Visitor, note: str = "") -> None:
    """Pass the open case to its next step."""
    form = desk.page.locator("form[action$='/pass/']")
    if note:
        form.get_by_label("备注").fill(note)
    form.get_by_role("button").click()
    expect(desk.page.get_by_text(DONE)).to_be_visible()


def cannot_pass(desk: Visitor, why: str) -> None:
    """The page says what stands in the way, and offers no button."""
    form = desk.page.locator("form[action$='/pass/']")
    expect(form).to_contain_text(why)
    expect(form.get_by_role("button")).to_have_count(0)


def pass_through(desk: Visitor, firm: str) -> None:
    """Take a case up and pass it."""
    take_up(desk, firm)
    pass_on(desk)


def refuse(desk: Visitor, criterion: str, why: str, picture: str = "") -> None:
    """Refuse the open case: without a clause and a reason it cannot be saved."""
    page = desk.page
    page.locator("#doing summary", has_text="不予通过").click()
    form = page.locator("form[action$='/refuse/']")
    form.get_by_label("另外说明").fill("虚构：综合考虑")
    form.get_by_role("button", name="不予通过").click()
    expect(page.locator(".error-summary")).to_contain_text(
        "不予通过要至少写明一条不符合的条件和理由，否则不能保存"
    )
    expect(form.get_by_label("另外说明")).to_have_value("虚构：综合考虑")
    form.locator(f"[name='ground-{criterion}']").fill(why)
    desk.stop(picture, "#doing")
    form.get_by_role("button", name="不予通过").click()
    expect(page.get_by_text(DONE)).to_be_visible()


def answer_appeal(desk: Visitor, firm: str, why: str) -> None:
    """Take a refusal back, with the reason."""
    take_up(desk, firm)
    page = desk.page
    form = page.locator("form[action$='/answer/']")
    form.get_by_label("撤销原决定，退回原来那一步").check()
    form.get_by_label("结论的理由").fill(why)
    desk.stop()
    form.get_by_role("button", name="答复").click()
    expect(page.get_by_text(DONE)).to_be_visible()


def judge_each(desk: Visitor, reason: str) -> int:
    """Write a conclusion, with its reason, for each clause that no figure decides."""
    page, count = desk.page, 0
    waiting = page.locator("details.judge[open]")
    while waiting.count():
        form = waiting.first.locator("form")
        form.get_by_label("符合", exact=True).check()
        form.get_by_label("理由").fill(reason)
        form.get_by_role("button").click()
        expect(page.get_by_text("结论已保存")).to_be_visible()
        count += 1
    return count


def certify(
    desk: Visitor, firm: str, clauses: Sequence[str], picture: str = ""
) -> None:
    """Decide: not before each clause has a conclusion; then certify."""
    take_up(desk, firm)
    cannot_pass(desk, "还有条款没有给出结论")
    reason = "虚构：看过第三方报告和合同"
    assert judge_each(desk, reason) == len(clauses)
    for label in clauses:
        line = desk.page.get_by_role("article", name=label)
        expect(line).to_contain_text(reason)
    desk.stop(picture, "article:has(.judge)")
    desk.page.get_by_role("button", name="认定", exact=True).click()
    expect(desk.page.get_by_text(DONE)).to_be_visible()
    expect(desk.page.get_by_role("main")).to_contain_text("已认定")
    if desk.careful:
        desk.look()
        desk.glance()


def publish(desk: Visitor) -> PublicNotice:
    """Publish what waits for a notice."""
    page = desk.go("/officer/holding/")
    page.get_by_role("link", name="去公示").click()
    page.get_by_label("异议联系方式").fill("中小企业科，000-00005678（虚构）")
    desk.stop()
    page.get_by_role("button", name="公示 1 家").click()
    expect(page.get_by_text("已发布，公示到")).to_be_visible()
    return PublicNotice.objects.latest("pk")


def wait_until_it_ends(desk: Visitor, firm: str, notice: PublicNotice) -> None:
    """Not a day early; then let the notice's days have passed, and go on."""
    take_up(desk, firm)
    cannot_pass(desk, f"公示到 {notice.ends_on:%Y-%m-%d} 才截止")
    let_it_end(notice)
    pass_through(desk, firm)


def answer_objection(
    desk: Visitor, firm: str, outcome: str, answer: str, criterion: str = ""
) -> None:
    """Answer what anybody said; one that holds against a case names its clause."""
    page = desk.go("/officer/holding/objections/?state=open")
    page.get_by_role("link", name=firm).click()
    expect(page.get_by_role("main")).to_contain_text("虚构举报人")
    form = page.locator("form", has=page.get_by_label("答复"))
    form.get_by_label(outcome, exact=True).check()
    form.get_by_label("答复").fill(answer)
    if criterion:
        form.get_by_role("button", name="答复").click()
        expect(page.locator(".error-summary")).to_contain_text(
            "不予通过要指明不符合哪一条"
        )
        form.locator(f"[name='ground-{criterion}']").fill(answer)
    desk.stop()
    form.get_by_role("button", name="答复").click()
    expect(page.get_by_text("已答复；提出人凭查询号可以看到")).to_be_visible()


def evidence_of_objection(desk: Visitor) -> bytes:
    """The evidence of the objection that is open, as it is saved."""
    link = desk.page.locator("a[href$='/file/']")
    with desk.page.expect_download() as download:
        link.click()
    return download.value.path().read_bytes()


def revoke(desk: Visitor, facts: str) -> None:
    """Take the title away whose complaint is open, for falsification."""
    page = desk.page
    page.get_by_role("link", name="去办理这个称号").click()
    page.locator("summary", has_text="撤销这个称号").click()
    form = page.locator("form[action$='/revoke/']")
    form.get_by_label("原因").select_option("falsification")
    form.get_by_role("button", name="撤销").click()
    expect(page.locator(".error-summary")).to_contain_text("查明的事实")
    form.get_by_label("查明的事实").fill(facts)
    desk.look()
    form.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已撤销；证书查验页即时显示")).to_be_visible()


def record_title(
    desk: Visitor, firm: str, scheme: str, since: datetime.date, until: datetime.date
) -> None:
    """Enter a title that an official list has given, on the firm's page."""
    page = desk.go("/officer/registry/?q=" + firm)
    page.get_by_role("link", name=firm, exact=True).click()
    page.get_by_role("link", name="称号", exact=True).click()
    form = page.locator("form", has=page.get_by_label("有效期自"))
    form.get_by_label("称号").select_option(scheme)
    form.get_by_label("有效期自").fill(since.isoformat())
    form.get_by_label("有效期至").fill(until.isoformat())
    form.get_by_label("依据").fill("虚构的公布名单")
    form.get_by_role("button", name="登记称号").click()
    expect(page.get_by_text("已登记。")).to_be_visible()


def row_of(desk: Visitor, label: str) -> Locator:
    """What stands beside a term of a page's facts."""
    term = desk.page.locator("dl dt", has_text=re.compile(f"^{label}$"))
    return term.locator("xpath=following-sibling::dd[1]").first
